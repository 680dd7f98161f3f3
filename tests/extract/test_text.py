import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.core.documents import BlockKind, Document
from tasks.core.errors import LimitError, UnsupportedFormatError
from tasks.extract.limits import ExtractionLimits
from tasks.extract.text import decode
from tests.extract.documents import read_markdown, read_text

LIMITS = ExtractionLimits()
PASSAGE = "Ärger, “naïve” café"


def parts(document: Document) -> list[tuple[str, int | None, str]]:
    return [(b.kind.value, b.level, document.text_of(b)) for b in document.blocks]


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_the_blocks_hold_all_that_is_not_white_space(text: str) -> None:
    data = text.encode().replace(b"\0", b"")
    for read in (read_text, read_markdown):
        document = read(data, LIMITS)
        blocks = "".join(document.text_of(block) for block in document.blocks)
        assert "".join(blocks.split()) == "".join(document.text.split())


def test_parts_paragraphs_at_blank_lines() -> None:
    document = read_text(b"one\r\nstill one\r\n\r\n  \r\n  two\r\n", LIMITS)

    assert document.text == "one\nstill one\n\n  \n  two\n"
    assert parts(document) == [("paragraph", None, "one\nstill one"), ("paragraph", None, "two")]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_reads_every_unicode_encoding_without_a_word(encoding: str) -> None:
    assert decode((PASSAGE * 5).encode(encoding)) == (PASSAGE * 5, ())


def test_guesses_windows_text_and_says_so() -> None:
    assert decode(PASSAGE.encode("cp1252")) == (
        PASSAGE,
        ("not UTF-8: read as Windows-1252",),
    )


def test_keeps_utf8_that_is_cut_off() -> None:
    text, warnings = decode((PASSAGE * 50).encode() + b"\xe2\x80")

    assert text == PASSAGE * 50 + "\ufffd"
    assert warnings == ("some bytes are not UTF-8 and became U+FFFD",)


@pytest.mark.parametrize("data", [b"text\0text", bytes(range(256)), b"\x80\x01\x02\x03" * 9])
def test_refuses_binary_data(data: bytes) -> None:
    with pytest.raises(UnsupportedFormatError, match="binary data"):
        read_text(data, LIMITS)


def test_refuses_more_text_than_the_limit() -> None:
    with pytest.raises(LimitError, match="more than 3 characters"):
        read_text(b"four", ExtractionLimits(max_output_chars=3))


def test_knows_the_blocks_of_markdown() -> None:
    source = """---
title: x
---
# One

Para
graph

[ref]: http://example.org
- a
- b
  - c

| h | i |
|---|---|
| 1 | 2 |

```
# code

```
Two
---
> quoted
"""
    assert parts(read_markdown(source.encode(), LIMITS)) == [
        ("paragraph", None, "---\ntitle: x\n---"),
        ("heading", 1, "# One"),
        ("paragraph", None, "Para\ngraph"),
        ("paragraph", None, "[ref]: http://example.org"),
        ("list_item", 1, "- a"),
        ("list_item", 1, "- b"),
        ("list_item", 2, "- c"),
        ("table", None, "| h | i |\n|---|---|\n| 1 | 2 |"),
        ("paragraph", None, "```\n# code\n\n```"),
        ("heading", 2, "Two\n---"),
        ("paragraph", None, "> quoted"),
    ]


def test_a_document_knows_the_digest_of_its_bytes() -> None:
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert read_text(b"abc", LIMITS).digest == read_markdown(b"abc", LIMITS).digest == digest
    assert read_text(b"abc", LIMITS).blocks[0].kind is BlockKind.PARAGRAPH


def test_comments_in_markdown_are_hidden() -> None:
    document = read_markdown(b"# Head\n\n<!-- say\n\nnothing -->\n\ntext <!-- inline -->\n")

    assert [(document.text_of(b), b.set_apart) for b in document.blocks] == [
        ("# Head", None),
        ("<!-- say\n\nnothing -->", "hidden text"),
        ("text <!-- inline -->", None),
    ]
    assert "hidden text" in document.warnings[0]
