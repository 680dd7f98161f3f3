import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.core.documents import Attachment, BlockKind, Document, Doubt, Link, Page
from tasks.core.errors import LimitError
from tasks.extract.assemble import Assembler
from tasks.extract.characters import clean

texts = st.text(alphabet=st.characters(codec=None), max_size=20)
steps = st.lists(st.one_of(st.none(), st.tuples(texts, st.sampled_from(["\n\n", "\n", " ", ""]))))


def between(document: Document) -> str:
    ends = [0, *(block.end for block in document.blocks)]
    starts = [*(block.start for block in document.blocks), len(document.text)]
    return "".join(document.text[a:b] for a, b in zip(ends, starts, strict=True))


@given(steps)
def test_only_white_space_lies_between_blocks_and_pages_partition_the_text(
    script: list[tuple[str, str] | None],
) -> None:
    assembler = Assembler()
    for step in script:
        if step is None:
            assembler.page_break()
        else:
            assembler.add(step[0], separator=step[1])
    document = assembler.document(digest="0")

    assert between(document).strip() == ""
    assert all(document.text_of(b) == document.text_of(b).strip() != "" for b in document.blocks)
    if document.pages:
        assert "".join(document.text_of(page) for page in document.pages) == document.text
        assert all(b.page is not None for b in document.blocks)
        assert all(b.page in document.pages_of(b.start, b.end) for b in document.blocks)
    else:
        assert all(b.page is None for b in document.blocks)


@given(st.lists(texts))
def test_blocks_hold_what_was_added_in_order(added: list[str]) -> None:
    assembler = Assembler()
    for text in added:
        assembler.add(text)
    document = assembler.document(digest="0")

    cleaned = [clean(text)[0].strip() for text in added]
    assert [document.text_of(block) for block in document.blocks] == [t for t in cleaned if t]


def test_closes_the_last_page_by_itself() -> None:
    assembler = Assembler()
    assembler.add("one")
    assembler.page_break(Page(number=0, start=0, end=0, label="i"))
    assembler.add("two", BlockKind.HEADING, level=2)
    document = assembler.document(digest="0")

    assert [(p.number, p.label, document.text_of(p)) for p in document.pages] == [
        (1, "i", "one"),
        (2, None, "\n\ntwo"),
    ]
    assert [(b.page, b.level) for b in document.blocks] == [(1, None), (2, 2)]


def test_counts_the_characters_it_replaced() -> None:
    assembler = Assembler()
    assembler.add("a\0b\ud800")
    document = assembler.document(digest="0", warnings=["first"])

    assert document.text == "a b\ufffd"
    assert document.warnings == ("first", "2 control or broken characters were replaced")


def test_refuses_to_grow_past_the_limit() -> None:
    assembler = Assembler(max_chars=10)
    assembler.add("12345")
    with pytest.raises(LimitError, match="10 characters"):
        assembler.add("67890")


def test_refuses_a_separator_that_is_text() -> None:
    with pytest.raises(ValueError, match="white space"):
        Assembler().add("x", separator="--")


def test_marks_keep_their_words_when_the_text_is_cleaned() -> None:
    assembler = Assembler()
    assembler.add("before")
    assembler.add(
        "\0 see\r\nthe page",
        marks=[Link(start=7, end=10, target="#page=2"), Doubt(start=11, end=15, confidence=0.4)],
    )
    document = assembler.document(digest="0", attachments=[Attachment(name="a\0.xlsx")])

    assert [(document.text_of(link), link.target) for link in document.links] == [
        ("the", "#page=2")
    ]
    assert [document.text_of(doubt) for doubt in document.doubts] == ["page"]
    assert document.attachments == (Attachment(name="a .xlsx"),)
