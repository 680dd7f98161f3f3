"""The numbered paragraphs of documents without pages."""

import pickle
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tasks.core.codec import from_json, to_json
from tasks.core.documents import Block, BlockKind, Document, Page
from tasks.core.paragraphs import LEAST_CHARS_BEFORE_HEADING, numbered

blocks = st.lists(st.tuples(st.integers(0, 9_999), st.booleans()), unique_by=lambda b: b[0])


@given(blocks)
def test_numbers_run_on_from_block_to_block_and_stand_apart(drawn: list[tuple[int, bool]]) -> None:
    places = sorted(drawn)
    found = numbered(places, 10_000)

    headings = {start for start, is_heading in places if is_heading}
    starts = [start for start, _ in places]
    below = {after for before, after in pairwise(starts) if before in headings}
    assert [paragraph.number for paragraph in found] == list(range(1, len(found) + 1))
    assert [p.start for p in found[:1]] == starts[: len(found[:1])]
    assert [p.end for p in found] == [*(p.start for p in found[1:]), 10_000][: len(found)]
    assert {p.start for p in found} <= set(starts)
    assert not below & {p.start for p in found[1:]}
    assert all(b.start - a.start >= LEAST_CHARS_BEFORE_HEADING for a, b in pairwise(found))


def of_blocks(*, pages: tuple[Page, ...] = (), set_apart: str | None = None) -> Document:
    spans = ((at, at + 900) for at in range(0, 2_700, 900))
    made = (Block(kind=BlockKind.PARAGRAPH, start=a, end=b, set_apart=set_apart) for a, b in spans)
    return Document(digest="d", text="x" * 2_700, blocks=tuple(made), pages=pages)


def test_a_document_has_either_pages_or_paragraphs() -> None:
    page = Page(number=7, start=0, end=2_700)

    assert [place.number for place in of_blocks().places] == [1, 2, 3]
    assert of_blocks().paragraphs_of(899, 901) == (1, 2)
    assert of_blocks(pages=(page,)).places == (page,)
    assert of_blocks(pages=(page,)).paragraphs == ()


def test_what_is_set_apart_is_not_numbered() -> None:
    assert of_blocks(set_apart="hidden").paragraphs == ()


def test_a_document_stays_the_same_once_its_paragraphs_are_numbered() -> None:
    document = of_blocks()
    before = to_json(document)

    assert document.paragraphs
    assert to_json(document) == before
    assert from_json(Document, before) == document == pickle.loads(pickle.dumps(document))
