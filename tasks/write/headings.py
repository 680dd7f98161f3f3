"""Fit a body under the headings of the document it goes into."""

from collections.abc import Sequence
from itertools import pairwise

from markdown_it.token import Token

from tasks.write.inner import parse

DEEPEST_CONTENTS = 3
_DEEPEST = 6
_FEWEST_HEADINGS = 5
_FEWEST_CHARACTERS = 8_000
"""Some three pages; contents of less would only push the text down."""

_SENTINEL = "end"


def wants_contents(tokens: Sequence[Token], *, characters: int) -> bool:
    """Say whether a text is so long, and has so many headings, that contents serve its reader."""
    levels = [int(token.tag[1]) for token in tokens if token.type == "heading_open"]
    shown = [level for level in levels if level < min(levels) + DEEPEST_CONTENTS]
    return characters >= _FEWEST_CHARACTERS and len(shown) >= _FEWEST_HEADINGS


def lowered(tokens: Sequence[Token]) -> None:
    """Lower all headings by one level where the highest would stand beside the title."""
    headings = [t for t in tokens if t.type in {"heading_open", "heading_close"}]
    if any(heading.tag == "h1" for heading in headings):
        for heading in headings:
            heading.tag = f"h{min(int(heading.tag[1]) + 1, _DEEPEST)}"


def fitted(body: str) -> str:
    """Close what the body leaves open, and push its headings down if it has one of level 1."""
    return _closed(_below_the_title(body.strip("\n")))


def _below_the_title(body: str) -> str:
    """Lower all headings by one level where the highest would stand beside the title."""
    if "#" not in body and "=" not in body:
        return body
    headings = _headings(parse(body))
    if all(heading.tag != "h1" for heading, _ in headings):
        return body
    lines: list[str | None] = [*body.split("\n")]
    for heading, content in headings:
        _lower(lines, heading, content)
    return "\n".join(line for line in lines if line is not None)


def _headings(tokens: list[Token]) -> list[tuple[Token, str]]:
    """Give each heading with its text."""
    return [(t, following.content) for t, following in pairwise(tokens) if t.type == "heading_open"]


def _lower(lines: list[str | None], heading: Token, content: str) -> None:
    """Rewrite the lines of one heading a level lower; a line that goes becomes None."""
    start, end = heading.map or (0, 0)
    first, last = lines[start] or "", lines[end - 1] or ""
    if heading.markup == "=":
        lines[end - 1] = last.replace("=", "-")
    elif heading.markup == "-":
        parts = content.split("\n")
        before = first[: max(first.find(parts[0]), 0)]
        # A hard break cannot stand in such a heading, and a last # would close it.
        text = " ".join(part.rstrip("\\ ") for part in parts)
        lines[start] = f"{before}### {text}" + (" #" if text.endswith("#") else "")
        lines[start + 1 : end] = [None] * (end - start - 1)
    elif len(heading.markup) < _DEEPEST:
        lines[start] = first.replace("#", "##", 1)


def _closed(body: str) -> str:
    """End a code block that would swallow what follows the body."""
    if "```" not in body and "~~~" not in body:
        return body
    tokens = parse(f"{body}\n\n{_SENTINEL}")
    fences = [t for t in tokens if t.type == "fence" and t.level == 0]
    if fences and not (tokens[-1].type == "paragraph_close" and tokens[-2].content == _SENTINEL):
        return f"{body}\n{fences[-1].markup}"
    return body
