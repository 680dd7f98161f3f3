import dataclasses
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from tasks.core.answers import Answer, Chunk, Result
from tasks.core.codec import Value, from_json, to_json
from tasks.core.documents import Attachment, Block, BlockKind, Box, Document, Doubt, Link, Page
from tasks.core.outputs import Citation, Output
from tasks.core.reports import Report
from tasks.core.spans import Span

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
amounts = st.floats(allow_nan=False, allow_infinity=False)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | amounts | texts,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=3,
)
st.register_type_strategy(str, texts)  # what JSON in UTF-8 can hold; readers let nothing else in
st.register_type_strategy(float, amounts)
st.register_type_strategy(JsonValue, json_values)  # type: ignore[arg-type]  # an alias is no class


@st.composite
def documents(draw: st.DrawFn) -> Document:
    pieces = draw(st.lists(texts, max_size=8))
    blocks, at = [], 0
    for number, piece in enumerate(pieces):
        apart = draw(st.sampled_from([None, "running head"]))
        kind = draw(st.sampled_from(BlockKind))
        end = at + len(piece)
        block = Block(kind=kind, start=at, end=end, page=number + 1, set_apart=apart)
        blocks.append(replace(block, box=draw(st.none() | st.from_type(Box))))
        at = end
    return Document(
        digest="d",
        text="".join(pieces),
        blocks=tuple(blocks),
        pages=(replace(draw(st.from_type(Page)), start=0, end=at),),
        links=draw(st.from_type(tuple[Link, ...])),
        doubts=draw(st.from_type(tuple[Doubt, ...])),
        attachments=draw(st.from_type(tuple[Attachment, ...])),
    )


@given(documents())
def test_documents_survive_json(document: Document) -> None:
    assert from_json(Document, to_json(document)) == document


@pytest.mark.parametrize("kind", [Answer, Citation, Output, Report, Result])
@settings(max_examples=30)
@given(data=st.data())
def test_values_survive_json(kind: type[Value], data: st.DataObject) -> None:
    value = data.draw(st.from_type(kind))

    assert from_json(kind, to_json(value)) == value


def test_values_cannot_be_changed() -> None:
    chunk: Any = Chunk(index=1, total=1, start=0, end=4, tokens=1)

    with pytest.raises(dataclasses.FrozenInstanceError):
        chunk.end = 5


@given(documents())
def test_sent_and_set_apart_make_up_the_whole(document: Document) -> None:
    whole = Span(0, len(document.text))
    sent = {at for span in document.sent(whole) for at in range(*span)}
    apart = {at for span in document.set_apart() for at in range(*span)}

    assert sent | apart == set(range(len(document.text)))
    assert not sent & apart


@pytest.mark.parametrize("spans", [[(0, 3), (2, 4)], [(2, 3), (0, 1)], [(0, 9)], [(3, 2)]])
def test_blocks_out_of_order_are_refused(spans: list[tuple[int, int]]) -> None:
    blocks = tuple(Block(kind=BlockKind.PARAGRAPH, start=a, end=b) for a, b in spans)

    with pytest.raises(ValueError, match="out of order"):
        Document(digest="d", text="abcd", blocks=blocks)
