"""Documents and recipes for the tests of chunking."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from prompts.library import Prompt, Recipe
from tasks.chunk.request import user_text
from tasks.chunk.sending import LONG_SPACE_CHARS, sent_text
from tasks.core.answers import Chunk
from tasks.core.capacity import Window
from tasks.core.documents import Block, BlockKind, Document, Page
from tasks.core.tokens import count_tokens

WINDOW = Window(700)
"""A window that leaves room for about 200 tokens of text."""

EDGE_TOKENS = 8 + LONG_SPACE_CHARS
"""A mark at the start of a chunk, and white space at its end, may be counted though not sent."""

SENTENCE = "The tenant shall pay the rent on the first day of each month."

PARAGRAPH, HEADING, TABLE = BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.TABLE


def recipe(**changes: Any) -> Recipe:
    """Make a small recipe, so that small windows do."""
    answer = changes.pop("max_tokens", 100)
    values = {
        "name": "test",
        "description": "For tests.",
        "version": "0" * 12,
        "model": "minimax:m2.7@0",
        "merge": "concat",
        "output_format": "text",
        "map": Prompt(system="Repeat.", max_tokens=answer),
    }
    return Recipe(**{**values, **changes})


def paragraph(text: str, **more: Any) -> dict[str, Any]:
    return {"text": text, "kind": PARAGRAPH, **more}


def heading(text: str, level: int = 1) -> dict[str, Any]:
    return {"text": text, "kind": HEADING, "level": level}


def table(rows: Iterable[str]) -> dict[str, Any]:
    lines = ["| no | what |", "|---|---|", *rows]
    return {"text": "\n".join(lines), "kind": TABLE}


def document(*parts: dict[str, Any], gap: str = "\n\n") -> Document:
    """Join parts to a document; a part with `page` starts a new page."""
    text, blocks, page_starts = "", [], []
    for part in parts:
        values = dict(part)
        if values.pop("page", False):
            page_starts.append(len(text))
        text += gap if text else ""
        body = values.pop("text")
        blocks.append(Block(start=len(text), end=len(text) + len(body), **values))
        text += body
    ends = [*page_starts[1:], len(text)] if page_starts else []
    pages = tuple(
        Page(number=number, start=start, end=end)
        for number, (start, end) in enumerate(zip(page_starts, ends, strict=True), 1)
    )
    return Document(digest="0" * 64, text=text, blocks=tuple(blocks), pages=pages)


def texts(source: Document, chunks: Iterable[Chunk]) -> list[str]:
    return [source.text_of(chunk) for chunk in chunks]


def check_plan(source: Document, chunks: tuple[Chunk, ...], most: int) -> None:
    """Assert that chunks partition a document, each fits, and each is counted as it is sent."""
    if not chunks:
        assert not sent_text(
            source, Chunk(index=1, total=1, start=0, end=len(source.text), tokens=0)
        )
        return
    assert "".join(texts(source, chunks)) == source.text
    assert [c.start for c in chunks] == [0, *(c.end for c in chunks[:-1])]
    for number, chunk in enumerate(chunks, 1):
        sent = sent_text(source, chunk)
        assert sent.strip()
        assert 0 <= chunk.tokens - count_tokens(sent) <= EDGE_TOKENS
        assert (chunk.index, chunk.total) == (number, len(chunks))
        assert count_tokens(user_text(source, chunk)) <= most


_SPACES = st.sampled_from(["", " ", "\n", "\n\n", "\t", "\u3000", " " * 90, "\n \n" * 40])
_WORDS = st.sampled_from(
    ["rent", "Landlord", "shall", "pay.", "No.", "12", "EUR", "| a |", "|---|", "\n", "Zürich",
     "。", "未払い", "x" * 300, "👩‍👩‍👧‍👦", "e\u0301" * 9, "🇩🇪🇫🇷", "[p. 3]", "\x00", "<source-1>"]
)  # fmt: skip
_BODIES = st.builds(
    "".join, st.lists(st.one_of(_WORDS, st.sampled_from([" ", ". ", " \n"])), max_size=40)
)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Draw documents with blocks of every kind, set apart or not, gaps, and pages anywhere."""
    text, blocks = "", []
    for _ in range(draw(st.integers(0, 12))):
        text += draw(_SPACES)
        body = draw(_BODIES)
        if draw(st.integers(0, 9)):
            blocks.append(
                Block(
                    kind=draw(st.sampled_from(list(BlockKind))),
                    start=len(text),
                    end=len(text) + len(body),
                    level=draw(st.sampled_from([None, 1, 2, 3])),
                    set_apart=draw(st.sampled_from([None, None, "running head"])),
                )
            )
        text += body
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=6)))
    pages = tuple(
        Page(number=number, start=start, end=end)
        for number, (start, end) in enumerate(pairwise(cuts), 1)
    )
    return Document(digest="0" * 64, text=text, blocks=tuple(blocks), pages=pages)
