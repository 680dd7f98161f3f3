"""How an output refers to its sources: `[p. 12]`, `[pp. 3-5, 9]`, `[contract.pdf, p. 12]`, `[¶ 4]`.

Where several documents are asked of together, a reference names one of them, and may do so without
a page.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from tasks.merge.lookup.cited import Cited

PAGES_AT_MOST = 1000
"""A reference to more pages than this is no reference."""

_PAGES = r"\d{1,6}(?:\s*[-–]\s*\d{1,6})?"
_PAGE_LIST = rf"(?:pp?\.|[Pp]ages?)\s*{_PAGES}(?:\s*[,;]\s*(?:pp?\.\s*)?{_PAGES})*"
_PARAGRAPH_LIST = rf"¶{{1,2}}\s*{_PAGES}(?:\s*[,;]\s*(?:¶\s*)?{_PAGES})*"
_PLACES = rf"(?:{_PAGE_LIST}|{_PARAGRAPH_LIST})"
_PLAIN = re.compile(rf"\[({_PLACES}\])")
_RANGE = re.compile(r"(\d+)(?:\s*[-–]\s*(\d+))?")
_QUOTES = (
    r"“([^“”]+)”",
    r"„([^„“”]+)[“”]",
    r"«([^«»]+)»",
    r"»([^«»]+)«",
    r"「([^「」]+)」",
    r"\"([^\"\n]+)\"",
)


@dataclass(frozen=True, slots=True)
class Reference:
    """What a reference names: pages or paragraphs, and the document, if it names one."""

    cited: Cited
    document: str | None = None


@dataclass(frozen=True, slots=True)
class Grammar:
    """The citations that may stand in an output of some documents.

    A match of `citation` is a quotation with its references, if it has any, or a reference; its
    one group that is not empty is what is quoted.
    """

    citation: re.Pattern[str]
    reference: re.Pattern[str]

    def references(self, text: str) -> list[Reference]:
        """Read the references in a text."""
        return [
            Reference(_cited(found["places"] or ""), found["named"] or found["alone"])
            for found in self.reference.finditer(text)
        ]


def grammar(names: Iterable[str] = ()) -> Grammar:
    """Give the grammar for an output of documents by these names."""
    return _grammar(tuple(sorted(filter(None, names), key=len, reverse=True)))


def with_name(text: str, name: str) -> str:
    """Have the references of a text name their document; without a name, they stay as they are."""
    return _PLAIN.sub(lambda found: f"[{name}, {found[1]}", text) if name else text


@lru_cache(maxsize=64)
def _grammar(names: tuple[str, ...]) -> Grammar:
    named = "|".join(map(re.escape, names)) or r"(?!)"
    one = rf"\[(?:(?:(?:{named}),?\s*)?{_PLACES}|(?:{named}))\]"
    several = rf"{one}(?:\s*{one})*"
    quoted = rf"(?:{'|'.join(_QUOTES)})[*_]*(?:\s*{several})?"
    return Grammar(
        citation=re.compile(rf"{quoted}|‘([^‘]+?)’[*_]*\s*{several}|{one}"),
        reference=re.compile(
            rf"\[(?:(?:(?P<named>{named}),?\s*)?(?P<places>{_PLACES})|(?P<alone>{named}))\]"
        ),
    )


def _cited(text: str) -> Cited:
    return Cited(paragraphs=_numbers(text)) if "¶" in text else Cited(pages=_numbers(text))


def _numbers(text: str) -> frozenset[int]:
    """Read the numbers of a reference, both ends of a range and all between."""
    numbers: set[int] = set()
    for first, last in _RANGE.findall(text):
        low, high = int(first), int(last or first)
        most = min(high, low + PAGES_AT_MOST)
        numbers.update(range(low, most + 1) if low <= high else {low, high})
    return frozenset(numbers)
