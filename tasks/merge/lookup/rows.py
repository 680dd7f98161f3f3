"""Looking a figure up in the row of a table, or the line, that it is said to stand in.

A figure by itself proves nothing: "96" stands in any long text. It is found where it stands for
itself on a line that has its labels as well. Without them, or on another page, it is approximate;
where it has neither, it is not found.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from tasks.core.documents import Document
from tasks.core.outputs import Citation, CitationStatus
from tasks.core.spans import Span
from tasks.core.tables import cells
from tasks.merge.lookup.cited import Cited
from tasks.merge.lookup.find import at_place, named

PATH_SIGN = ">"
"""Parts a label from that of its group before it, as in "Assets > Cash"."""

_LINE = re.compile(r"[^\n\f]+")


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the source, folded, and its cells where it is one of a table."""

    span: Span
    text: str
    cells: frozenset[str]


@dataclass(frozen=True, slots=True)
class Rows:
    """The lines of a document as they are sent, read once for each span that is asked for."""

    document: Document
    _read: dict[Span, tuple[_Row, ...]] = field(default_factory=dict)

    def find(self, value: str, labels: Sequence[str], within: Span, cited: Cited) -> Citation:
        """Look up a value as it is written, on a line that has all the labels."""
        citation = named(value, CitationStatus.NOT_FOUND, cited)
        having = [row for row in self._rows(within) if _has(row, _folded(value))]
        if not having:
            return citation
        numbers = cited.of(self.document)
        words = [_folded(label.rpartition(PATH_SIGN)[2]) for label in labels]

        def fits(row: _Row) -> tuple[bool, bool]:
            there = not numbers or bool(numbers.intersection(self.document.places_of(*row.span)))
            return all(word in row.text for word in words), there

        best = max(having, key=fits)
        if not any(fits(best)):
            return citation
        status = CitationStatus.FOUND if all(fits(best)) else CitationStatus.APPROXIMATE
        return at_place(replace(citation, status=status), best.span, self.document)

    def _rows(self, within: Span) -> tuple[_Row, ...]:
        if within not in self._read:
            self._read[within] = tuple(self._lines(within))
        return self._read[within]

    def _lines(self, within: Span) -> Iterator[_Row]:
        for start, end in self.document.sent(within):
            for line in _LINE.finditer(self.document.text, start, end):
                found = cells(line[0]) if line[0].lstrip().startswith("|") else []
                yield _Row(Span(*line.span()), _folded(line[0]), frozenset(map(_folded, found)))


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text.replace("\\", ""))
    return " ".join(plain.casefold().split())


def _has(row: _Row, value: str) -> bool:
    """Tell whether a value stands for itself on a line: as a cell, or between other words.

    "96" does not stand in "1,096", "96.5", "(96)", "-96" or "96 %".
    """
    if row.cells:
        return value in row.cells
    found = rf"(?<![\w(+\-−–$€£])(?<!\d[.,'’]){re.escape(value)}(?![\w%‰)])(?![.,'’]\d| ?[%‰])"
    return value in row.text and re.search(found, row.text) is not None
