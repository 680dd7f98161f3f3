"""Documents and recipes for the tests of chunking."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from prompts.library import Prompt, Recipe
from tasks.core.answers import Chunk
from tasks.core.documents import Block, BlockKind, Document, Page

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
