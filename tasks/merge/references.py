"""How an output cites: quotations in their marks, and references such as `[p. 12]`.

Where it speaks of several documents, a reference names its own, as in `[contract.pdf, p. 12]`.
"""

import re
from collections.abc import Iterable

PAGES_AT_MOST = 1000
"""A reference to more pages than this is no reference."""

_PAGES = r"\d{1,6}(?:\s*[-–]\s*\d{1,6})?"
_LIST = rf"(?:pp?\.|[Pp]ages?)\s*{_PAGES}(?:\s*[,;]\s*(?:pp?\.\s*)?{_PAGES})*\]"
_QUOTES = (
    r"“([^“”]+)”",
    r"„([^„“”]+)[“”]",
    r"«([^«»]+)»",
    r"»([^«»]+)«",
    r"「([^「」]+)」",
    r"\"([^\"\n]+)\"",
)
_RANGE = re.compile(r"(\d+)(?:\s*[-–]\s*(\d+))?")
_REFERENCE = re.compile(rf"\[({_LIST})")


def citation_pattern(names: Iterable[str] = ()) -> re.Pattern[str]:
    """Give the pattern of a citation: a quotation with its references or without, or a reference.

    The group that matched holds the quotation; `names` are those that references may bear.
    """
    known = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    bearing = rf"(?:(?:{known})\s*[,:]\s*)?" if known else ""
    reference = rf"\[{bearing}{_LIST}"
    references = rf"{reference}(?:\s*{reference})*"
    quotes = "|".join(_QUOTES)
    return re.compile(
        rf"(?:{quotes})[*_]*(?:\s*{references})?|‘([^‘]+?)’[*_]*\s*{references}|{reference}"
    )


def pages_in(reference: str) -> frozenset[int]:
    """Read the pages of a reference, both ends of a range and all between."""
    pages: set[int] = set()
    for first, last in _RANGE.findall(reference):
        low, high = int(first), int(last or first)
        pages.update(range(low, min(high, low + PAGES_AT_MOST) + 1) if low <= high else {low, high})
    return frozenset(pages)


def with_name(text: str, name: str) -> str:
    """Have the references of a text name their document; without a name, they stay as they are."""
    return _REFERENCE.sub(lambda found: f"[{name}, {found[1]}", text) if name else text


def name_in(references: str, names: Iterable[str]) -> tuple[str, str]:
    """Give the document that references name, or "", and what is left of them without names."""
    named = ""
    for name in sorted(names, key=len, reverse=True):
        left = re.sub(rf"\[{re.escape(name)}\s*[,:]\s*", "[", references)
        if left != references:
            named, references = named or name, left
    return named, references
