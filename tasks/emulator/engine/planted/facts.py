"""Find the facts that were planted in a text, and where they stand.

    Fact K-0123: The pump of hall 7 was replaced on 3 May 2021.
    Fact K-0124 {party=Acme GmbH; due=2021-05-03}: Acme GmbH pays by 3 May 2021.

A fact has a key, fields if it needs any, and a statement that ends where its sentence does. One
that a border has cut has lost its key or its end, and is not seen: that is what is measured.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

_FACT = re.compile(
    r"Fact\s+K-\s?(?P<key>\d{1,9})(?:\s*\{(?P<fields>[^{}]*)\})?:\s+"
    r"(?P<statement>(?:[^.!?]|[.!?](?=\w))+[.!?])(?!\w)"
    r"(?P<quoted>[\"”])?[*_]*(?P<pages>(?:\s*\[pp?\. [\d,\s–-]+\])*)"
)
_PAGE_MARK = re.compile(r"^[ \t]*\[p\. (\d+)\][ \t]*$\n?", re.MULTILINE)
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Fact:
    """A planted fact; `quoted` when an earlier answer states it and not a document."""

    key: str
    statement: str
    fields: tuple[tuple[str, str], ...] = ()
    pages: tuple[int, ...] = ()
    quoted: bool = False

    @property
    def quote(self) -> str:
        """Give the words of the source."""
        named = "; ".join(f"{name}={value}" for name, value in self.fields)
        return f"Fact {self.key}{f' {{{named}}}' if named else ''}: {self.statement}"

    def to_line(self) -> str:
        """Give the line of an answer that quotes the fact, with its pages."""
        return f"- “{self.quote}”{''.join(f' [p. {page}]' for page in self.pages)}"


def find_facts(text: str) -> Iterator[Fact]:
    """Yield the facts of a text in order, each as often as it stands there."""
    marks = list(_PAGE_MARK.finditer(text))
    starts, removed = [], 0
    for mark in marks:
        starts.append(mark.start() - removed)
        removed += len(mark[0])
    for found in _FACT.finditer(_PAGE_MARK.sub("", text)):
        at = bisect_right(starts, found.start()) - 1
        here = (int(marks[at][1]),) if at >= 0 else ()
        said = tuple(map(int, _NUMBER.findall(found["pages"])))
        yield Fact(
            key=f"K-{found['key']}",
            statement=" ".join(found["statement"].split()),
            fields=_fields(found["fields"] or ""),
            pages=said or here,
            quoted=bool(found["quoted"]),
        )


def united(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Give each fact once, with all its pages; of two that differ in a word, both."""
    known: dict[str, Fact] = {}
    for fact in facts:
        same = known.get(fact.quote)
        pages = {*fact.pages, *(same.pages if same else ())}
        known[fact.quote] = replace(same or fact, pages=tuple(sorted(pages)))
    return tuple(known.values())


def _fields(text: str) -> tuple[tuple[str, str], ...]:
    pairs = (part.partition("=") for part in " ".join(text.split()).split(";"))
    return tuple((name.strip(), value.strip()) for name, _, value in pairs if name.strip())
