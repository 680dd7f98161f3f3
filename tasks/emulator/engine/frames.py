"""Find the source text in a message, and the question that is asked of it.

A message fences each source between lines that bear sixteen hex digits or more, so that no
document can close its own fence:

    <source-1f2e3d4c5b6a7988>
    section: Fees > Late payment
    ---
    [p. 12]
    text of page 12
    </source-1f2e3d4c5b6a7988>

A `context` fence holds neighbouring text that is not to be quoted. A message without a fence is
all source.
"""

import re
from bisect import bisect
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import dropwhile, takewhile

_OPENING = re.compile(r"<((source|context)-[0-9a-f]{16,64})>")
_HEADER = re.compile(r"([A-Za-z][\w -]{0,40}):\s*(.*)")
_QUESTION = re.compile(r"[*_]*Question:[*_]*\s*(.*?)[*_]*\s*")


@dataclass(frozen=True, slots=True)
class Source:
    """The text between two fences, and the section and document that its header names."""

    text: str
    section: str | None = None
    document: str | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """What a message holds: sources in order, and the question, if there is one."""

    sources: tuple[Source, ...]
    question: str | None = None


def read_frame(content: str, system_prompt: str | None) -> Frame:
    """Take a user message apart; a question in the message goes before one in the prompt."""
    lines = [line.rstrip() for line in content.splitlines()]
    inside, outside = _split(lines)
    if inside:
        question = _question(outside)
        sources = tuple(_source(part) for kind, part in inside if kind == "source")
    else:
        question, rest = _bare_question(lines)
        sources = (Source("\n".join(rest)),)
    asked = question or _question((system_prompt or "").splitlines())
    return Frame(sources, asked)


def _split(lines: Sequence[str]) -> tuple[list[tuple[str, list[str]]], list[str]]:
    """Part the fenced runs of lines from those outside."""
    closings: dict[str, list[int]] = defaultdict(list)
    for at, line in enumerate(lines):
        if line.startswith("</") and line.endswith(">"):
            closings[line[2:-1]].append(at)
    inside: list[tuple[str, list[str]]] = []
    outside: list[str] = []
    at = 0
    while at < len(lines):
        opening = _OPENING.fullmatch(lines[at])
        end = _next(closings[opening[1]], at) if opening else None
        if opening is None or end is None:
            outside.append(lines[at])
            at += 1
        else:
            inside.append((opening[2], list(lines[at + 1 : end])))
            at = end + 1
    return inside, outside


def _next(places: list[int], after: int) -> int | None:
    at = bisect(places, after)
    return places[at] if at < len(places) else None


def _source(lines: list[str]) -> Source:
    """Read the optional header lines, which end at a line of `---`."""
    header: dict[str, str] = {}
    for at, line in enumerate(lines):
        if line == "---":
            text = "\n".join(lines[at + 1 :])
            return Source(text, header.get("section"), header.get("document"))
        field = _HEADER.fullmatch(line)
        if field is None:
            break
        header[field[1].lower()] = field[2]
    return Source("\n".join(lines))


def _question(lines: Sequence[str]) -> str | None:
    """Give the first question, up to the next empty line; it may stand below its label."""
    for at, line in enumerate(lines):
        asked = _QUESTION.fullmatch(line.strip())
        if asked:
            below = dropwhile(_is_empty, lines[at + 1 :]) if not asked[1] else lines[at + 1 :]
            return " ".join([asked[1], *takewhile(str.strip, below)]).strip() or None
    return None


def _bare_question(lines: list[str]) -> tuple[str | None, list[str]]:
    """Look for a question at the edges of a message without fences, where no source has one."""
    filled = [at for at, line in enumerate(lines) if line.strip()]
    for at in {*filled[:1], *filled[-1:]}:
        asked = _QUESTION.fullmatch(lines[at].strip())
        if asked and asked[1]:
            return asked[1], lines[:at] + lines[at + 1 :]
    return None, lines


def _is_empty(line: str) -> bool:
    return not line.strip()
