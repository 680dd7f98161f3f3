"""Finding running heads and feet: lines at the edge of pages that come again page after page."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, takewhile
from statistics import median_low

from tasks.extract.pdf.lines.line import Line
from tasks.extract.pdf.page import PageText
from tasks.extract.pdf.tables.headers import YEAR

_FEWEST_PAGES = 4
_SHARE = 0.4  # left and right pages may have their own
_EDGE = 0.12  # of the page's height
_LINES_AT_EDGE = 3
_NUMBER = re.compile(r"\d+")
_MOST_NUMBERS = 4
_NEAR = 4  # pages before and after; a chapter may have no more
_FEWEST_NEAR = 3
_LONGEST = 80  # characters
_LARGEST = 1.15  # times the usual height; what is larger is a title
_COUNT, _REST = "\x01", "\x02"  # begin what the number of a page and the words with it are known by
_ROMAN = re.compile(r"(?=.)(c{0,3})(xc|xl|l?x{0,3})(ix|iv|v?i{0,3})")
_LETTERS = {"c": 100, "l": 50, "x": 10, "v": 5, "i": 1}
_AROUND = "|.\u2013\u2014-"


Edges = Mapping[int, tuple[str, ...]]
"""The lines at the edges of a page, by index, and what each is known by on other pages."""


def edges_of(page: PageText) -> Edges:
    """Give the edges of a page, whose number tells which numbers count pages."""
    return {index: tuple(_keys(page.lines[index], page)) for index in _edge_lines(page)}


def running_heads(pages: Sequence[PageText], edges: Sequence[Edges]) -> list[frozenset[int]]:
    """Give for each page, of which the edges are known, the indices of its running heads and feet.

    A line counts when it stands at the edge of the page, or outermost on it, and comes, word for
    word, on two pages of five. One number in it may count the pages; any other number must stay
    the same, so that a total at the foot of each sheet stays text. The header of a table that each
    page draws anew is no head. Heads that change from chapter to chapter are told from the pages
    near by, and by the number that counts them.
    """
    if _are_few(pages):
        return [frozenset()] * len(pages)
    seen = Counter(key for lines in edges for key in set(chain.from_iterable(lines.values())))
    needed = max(_FEWEST_PAGES - 1, _SHARE * len(pages))
    found = [
        frozenset(i for i, keys in lines.items() if any(seen[key] >= needed for key in _own(keys)))
        for lines in edges
    ]
    found = [one | other for one, other in zip(found, _near_heads(pages, edges), strict=True)]
    return [heads - _table_headers(page, heads) for page, heads in zip(pages, found, strict=True)]


def _are_few(pages: Sequence[PageText]) -> bool:
    """Tell whether there are not even as many different pages as it takes."""
    different: set[str] = set()
    for page in pages:
        different.add(page.text)
        if len(different) == _FEWEST_PAGES:
            return False
    return True


def _table_headers(page: PageText, heads: frozenset[int]) -> frozenset[int]:
    """Give those of a page's heads that are in rules with rows of a table, or name its columns."""
    return frozenset(
        index
        for table in page.tables
        if not table.rest and heads & table.lines and table.lines - heads
        for index in heads & table.lines
        if table.ruled
        or (_names_columns(table.rows[0]) and _is_above(index, table.lines - heads, page))
    )


def _names_columns(header: Sequence[str]) -> bool:
    """Tell words over each column but one; a number may be that of the page, if it is no year."""
    return len(header) > 2 and all(c and not _NUMBER.search(YEAR.sub("", c)) for c in header[1:])


def _is_above(index: int, rows: frozenset[int], page: PageText) -> bool:
    box = page.lines[index].box
    return box is not None and all(
        box.top < other.bottom for at in rows if (other := page.lines[at].box)
    )


def _edge_lines(page: PageText) -> tuple[int, ...]:
    """Give the outermost lines of a page, by where they stand and not by when they are read."""
    placed = [(line.box, i) for i, line in enumerate(page.lines) if line.box and not line.apart]
    edge = _EDGE * page.height
    top = sorted((box.top, box.bottom < edge, i) for box, i in placed)
    low = sorted((-box.bottom, box.top > page.height - edge, i) for box, i in placed)
    return tuple(
        index
        for outwards in (top, low)
        for rank, (_, at_edge, index) in enumerate(outwards[:_LINES_AT_EDGE])
        if at_edge or rank == 0
    )


def _keys(line: Line, page: PageText) -> Iterator[str]:
    """Give what a line is known by: its words, and these with one number told from the page.

    Then, if it begins or ends with a number, how that counts the pages, and the words without it.
    """
    words = " ".join(line.text.split())
    yield words
    for match in list(_NUMBER.finditer(words))[:_MOST_NUMBERS]:
        offset = int(match[0]) - page.number
        yield f"{words[: match.start()]}\0{offset}\0{words[match.end() :]}"
    side = "top" if line.box and line.box.top < page.height / 2 else "foot"
    for number, rest, _ in _numbered(words):
        yield f"{_COUNT}{side}{number - page.number}"
        yield f"{_REST}{side}{rest}"


def _own(keys: Sequence[str]) -> Iterator[str]:
    """Give the keys that tell a line by itself, wherever in the document it comes again."""
    return (key for key in keys if not key.startswith((_COUNT, _REST)))


def _numbered(words: str) -> Iterator[tuple[int, str, bool]]:
    """Give the number that a line begins or ends with, what is left, and whether it ends so."""
    first, _, after = words.partition(" ")
    before, _, last = words.rpartition(" ")
    for token, rest, ends in ((first, after, not after), (last, before, True)):
        number = _number(token.strip(_AROUND))
        if number is not None:
            yield number, rest.strip(f"{_AROUND} "), ends


def _number(token: str) -> int | None:
    if token.isdecimal() and len(token) <= 4:
        return int(token)
    if not _ROMAN.fullmatch(token.lower()) or not (token.islower() or token.isupper()):
        return None
    values = [_LETTERS[letter] for letter in token.lower()]
    return sum(-v if v < max(values[at:]) else v for at, v in enumerate(values))


def _near_heads(pages: Sequence[PageText], edges: Sequence[Edges]) -> Iterator[frozenset[int]]:
    """Give the lines that come again near by, or whose number counts the pages there."""
    known = [frozenset(chain.from_iterable(lines.values())) for lines in edges]
    for at, (page, lines) in enumerate(zip(pages, edges, strict=True)):
        near = known[max(at - _NEAR, 0) : at + _NEAR + 1]
        usual = median_low([line.height for line in page.lines] or [0.0])
        yield frozenset(
            index
            for index, keys in lines.items()
            if _may_be_head(page.lines[index], page, usual)
            and _comes_again(page.lines[index], keys, near, _of_outer(index, lines))
        )


def _may_be_head(line: Line, page: PageText, usual: float) -> bool:
    edge = _EDGE * page.height
    at_edge = line.box and (line.box.bottom < edge or line.box.top > page.height - edge)
    return bool(at_edge) and line.height <= _LARGEST * usual and len(line.text) <= _LONGEST


def _of_outer(index: int, lines: Edges) -> frozenset[str]:
    """Give the keys of the lines farther out than this one: a page is numbered once at an edge."""
    outer = takewhile(lambda at: at != index, lines)
    return frozenset(chain.from_iterable(lines[at] for at in outer))


def _comes_again(
    line: Line, keys: Sequence[str], near: Sequence[frozenset[str]], outer: frozenset[str]
) -> bool:
    times = {key: sum(key in page for page in near) for key in keys}
    if any(times[key] >= _FEWEST_NEAR for key in _own(keys)):
        return True
    count = (key for key in keys if key.startswith(_COUNT) and key not in outer)
    counts = any(times[key] >= _FEWEST_NEAR for key in count)
    ends = any(ends for _, _, ends in _numbered(" ".join(line.text.split())))
    again = any(times[key] > 1 for key in keys if key.startswith(_REST))
    return counts and (ends or again)
