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
    r"(?P<quoted>[\"”])?[*_]*"
    r"(?P<references>(?:\s*\[(?:(?:[^\[\]\n]+, )?(?:pp?\.|¶) [\d,\s–-]+|[^\[\]\n]+\.\w+)\])*)"
)
_MARK = re.compile(r"^[ \t]*\[((?:p\.|¶) \d+)\][ \t]*$\n?", re.MULTILINE)
_REFERENCE = re.compile(r"\[(?:([^\[\]]+), )?(pp?\.|¶) ([\d,\s–-]+)\]|\[([^\[\]]+)\]")
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Fact:
    """A planted fact; `quoted` when an earlier answer states it and not a document.

    `marks` say where it stands, as in "p. 12", "¶ 12" or, of several documents, "lease.pdf, p. 12".
    """

    key: str
    statement: str
    fields: tuple[tuple[str, str], ...] = ()
    marks: tuple[str, ...] = ()
    quoted: bool = False

    @property
    def pages(self) -> tuple[int, ...]:
        """Give the numbers of its pages."""
        names = (mark.rpartition("p. ")[1:] for mark in self.marks)
        return tuple(int(number) for sign, number in names if sign and number.isdecimal())

    @property
    def quote(self) -> str:
        """Give the words of the source."""
        named = "; ".join(f"{name}={value}" for name, value in self.fields)
        return f"Fact {self.key}{f' {{{named}}}' if named else ''}: {self.statement}"

    def to_line(self) -> str:
        """Give the line of an answer that quotes the fact, with its marks."""
        return f"- “{self.quote}”{''.join(f' [{mark}]' for mark in self.marks)}"


def find_facts(text: str, document: str | None = None) -> Iterator[Fact]:
    """Yield the facts of a text, of a document where there are several, each as often as it stands.

    They come in order. What states a fact already says where it stands.
    """
    marks = list(_MARK.finditer(text))
    starts, removed = [], 0
    for mark in marks:
        starts.append(mark.start() - removed)
        removed += len(mark[0])
    for found in _FACT.finditer(_MARK.sub("", text)):
        at = bisect_right(starts, found.start()) - 1
        here = ", ".join(filter(None, (document, marks[at][1] if at >= 0 else None)))
        said = tuple(_marks(found["references"]))
        yield Fact(
            key=f"K-{found['key']}",
            statement=" ".join(found["statement"].split()),
            fields=_fields(found["fields"] or ""),
            marks=said or ((here,) if here else ()),
            quoted=bool(found["quoted"]),
        )


def united(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Give each fact once, with all its marks; of two that differ in a word, both."""
    known: dict[str, Fact] = {}
    for fact in facts:
        same = known.get(fact.quote)
        marks = {*fact.marks, *(same.marks if same else ())}
        known[fact.quote] = replace(same or fact, marks=tuple(sorted(marks, key=_order)))
    return tuple(known.values())


def _marks(references: str) -> Iterator[str]:
    """Read references, each of whose numbers is a mark of its own."""
    for document, sign, numbers, name in _REFERENCE.findall(references):
        if name:
            yield name
        for number in _NUMBER.findall(numbers):
            yield f"{f'{document}, ' if document else ''}{'¶' if sign == '¶' else 'p.'} {number}"


def _order(mark: str) -> tuple[str, int]:
    """Sort marks by document, then by number."""
    before, _, last = mark.rpartition(" ")
    return (before, int(last)) if last.isdecimal() else (mark, 0)


def _fields(text: str) -> tuple[tuple[str, str], ...]:
    pairs = (part.partition("=") for part in " ".join(text.split()).split(";"))
    return tuple((name.strip(), value.strip()) for name, _, value in pairs if name.strip())
