"""Tables that go on overleaf: the rows of the next page, under the header of the first.

It is certain where the last thing on a page is a table, the first on the next one has its columns
in the same places, and its first row is told from a header: by weight, by figures where the header
has words, or because the table fills its page to the end.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile, pairwise, takewhile

from tasks.extract.pdf.layout.edges import Body
from tasks.extract.pdf.page import PageText
from tasks.extract.pdf.tables.find import Table
from tasks.extract.pdf.tables.headers import FIGURE, YEAR, Cells

_NEAR_PT = 3.0
_FULL = 0.75  # of the page's height, from its top
_FIGURE_SHARE = 0.5  # of a column's cells
_FEWEST = 3  # columns, and rows below it, of a header that nothing but its place tells
_LONGEST_HEADER = 40  # characters of a cell of such a header


@dataclass(frozen=True, slots=True)
class _Begun:
    """A table that ends its page, and what tells its header from its rows.

    `bold`: its weight; `figures`: the columns with words in the header and figures below; `full`:
    the table comes to the end of its page, and its first row seems a header.
    """

    header: Cells
    columns: tuple[tuple[float, float], ...]
    ruled: bool
    bold: bool
    figures: frozenset[int]
    full: bool


def joined_overleaf(pages: Sequence[PageText], heads: Sequence[frozenset[int]]) -> list[PageText]:
    """Give tables that go on with one of the page before its header; other loose rows are none."""
    joined: list[PageText] = []
    begun: _Begun | None = None
    for index, page in enumerate(pages):
        if not page.tables:
            begun = None
            joined.append(page)
            continue
        body = Body(
            page, heads[index], (*pages[max(index - 1, 0) : index], *pages[index + 1 : index + 2])
        )
        tables = _tables(body, begun)
        begun = _begun(body, tables, begun)
        joined.append(replace(page, tables=tables))
    return joined


def _tables(body: Body, begun: _Begun | None) -> tuple[Table, ...]:
    """Give the tables of a page, the first one as the rest of one before where it is that."""
    whole = tuple(table for table in body.page.tables if not table.rest)
    if begun is None:
        return whole
    for table in _candidates(body, whole, begun):
        rows = _rows_below(table, body, begun)
        if rows:
            cells = (begun.header, *rows)
            rest = Table(cells, table.lines, begun.columns, begun.ruled, continues=True)
            return (rest, *(other for other in whole if other is not table))
    return whole


def _candidates(body: Body, whole: Sequence[Table], begun: _Begun) -> Iterator[Table]:
    """Give what may go on with a table: the first one of a page, or the loose rows at its top."""
    if whole:
        yield min(whole, key=lambda table: body.box(table.lines).top)
    row_of = {index: table for table in body.page.tables if table.rest for index in table.lines}
    spread = {row: _spread(row, begun) for row in row_of.values()}
    fitting = (row if row and spread[row] else None for row in map(row_of.get, body.downwards))
    rows = takewhile(bool, dropwhile(lambda row: row is None, fitting))
    found = [row for row in dict.fromkeys(rows) if row]
    if found:
        cells = tuple(cells for row in found for cells in spread[row])
        lines = frozenset(index for row in found for index in row.lines)
        yield Table(cells, lines, begun.columns, begun.ruled, rest=True)


def _rows_below(table: Table, body: Body, begun: _Begun) -> tuple[Cells, ...]:
    """Give the rows of a table that goes on with another, in its columns; none if it does not."""
    rows = _spread(table, begun)
    if not rows or not body.begins_with(table.lines):
        return ()
    if table.rest:
        return rows
    if not table.ruled:
        return () if any(rows[0]) else rows[1:]
    if begun.bold:
        return () if body.is_bold(table.lines) else rows
    return () if _may_be_header(rows[0], begun) else rows


def _may_be_header(row: Cells, begun: _Begun) -> bool:
    """Tell a header, the one before perhaps, from a row like those that the page before ends with.

    Words where the rows have figures make one.
    """
    if begun.figures:
        return not all(_is_figure(row[at]) for at in begun.figures if row[at])
    return row == begun.header or not begun.full


def _spread(table: Table, begun: _Begun) -> tuple[Cells, ...]:
    """Put a table's cells into the columns of another; none where the columns do not agree."""
    found = [_place(column, begun) for column in table.columns]
    places = [place for place in found if place is not None]
    if table.ruled is not begun.ruled or len(places) < len(found) or _go_back(places):
        return ()
    return tuple(
        tuple(row[places.index(at)] if at in places else "" for at in range(len(begun.columns)))
        for row in table.rows
    )


def _go_back(places: Sequence[int]) -> bool:
    return any(after <= before for before, after in pairwise(places))


def _place(column: tuple[float, float], begun: _Begun) -> int | None:
    """Give the one column that a column stands below; None where that is not certain."""
    left, right = column
    over = [at for at, (a, b) in enumerate(begun.columns) if min(right, b) - max(left, a) > 1]
    if len(over) != 1:
        return None
    first, last = begun.columns[over[0]]
    starts, ends = abs(left - first) < _NEAR_PT, abs(right - last) < _NEAR_PT
    if begun.ruled:
        return over[0] if starts and ends else None
    centred = abs(left + right - first - last) < 2 * _NEAR_PT
    return over[0] if starts or ends or centred else None


def _begun(body: Body, tables: Sequence[Table], before: _Begun | None) -> _Begun | None:
    """Give the table that a page ends with, if it does."""
    last = max(tables, key=lambda table: body.box(table.lines).bottom, default=None)
    if last is None or not last.columns or not body.ends_with(last.lines):
        return None
    at_end = body.box(last.lines).bottom > _FULL * body.page.height
    if last.continues and before:
        return replace(before, full=before.full and at_end)
    header, *rows = last.rows
    return _Begun(
        header=header if sum(map(bool, header)) > 1 else ("",) * len(header),  # a title of rows
        columns=last.columns,
        ruled=last.ruled,
        bold=body.is_bold(last.lines) and not body.is_bold(last.lines, last=True),
        figures=frozenset(at for at in range(len(header)) if _are_figures(header, rows, at)),
        full=at_end and len(rows) >= _FEWEST and _seems_header(header),
    )


def _are_figures(header: Cells, rows: Sequence[Cells], at: int) -> bool:
    cells = [row[at] for row in rows if row[at]]
    figures = sum(map(_is_figure, cells))
    named = bool(header[at]) and not _is_figure(header[at])
    return named and bool(cells) and figures >= _FIGURE_SHARE * len(cells)


def _is_figure(cell: str) -> bool:
    return FIGURE.fullmatch(cell) is not None and not YEAR.fullmatch(cell)


def _seems_header(header: Cells) -> bool:
    """Tell names of columns from a row of a form, whose cells are labels and what they label."""
    return len(header) >= _FEWEST and all(
        cell and len(cell) <= _LONGEST_HEADER and cell[-1] not in ":." and not _has_digit(cell)
        for cell in header
    )


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)
