"""Whether a reader of a sheet sees a cell."""

from typing import Any

from tasks.extract.guard import NOT_SHOWN, TOO_SMALL, UNSEEN_COLOUR, faint

_WHITE = "FFFFFF"
_TINY_POINTS = 2
_MOST_COLUMNS = 16_384
_HIDING_FORMAT = ";;;"


def hidden_columns(sheet: Any) -> frozenset[int]:
    """Give the numbers of the columns that are folded away; one entry may stand for many."""
    folded = (column for column in sheet.column_dimensions.values() if column.hidden)
    return frozenset(
        number
        for column in folded
        for number in range(column.min or 0, min(column.max or 0, _MOST_COLUMNS) + 1)
    )


def unseen_cell(sheet: Any, cell: Any, columns: frozenset[int]) -> str | None:
    """Give the reason why nobody sees a cell of openpyxl's, None if it is seen.

    `columns` are those that are hidden.
    """
    if folded(sheet, cell, columns) or cell.number_format == _HIDING_FORMAT:
        return NOT_SHOWN
    if cell.font is None:
        return None
    if cell.font.sz is not None and cell.font.sz <= _TINY_POINTS:
        return TOO_SMALL
    colour, fill = _rgb(cell.font.color), _fill(cell.fill)
    return UNSEEN_COLOUR if colour and fill and faint(colour, fill) else None


def folded(sheet: Any, cell: Any, columns: frozenset[int]) -> bool:
    """Tell whether a cell, and so a comment on it, is on a sheet, row or column that is hidden."""
    row = sheet.row_dimensions.get(cell.row) if cell.row in sheet.row_dimensions else None
    away = cell.column in columns or (row is not None and row.hidden)
    return sheet.sheet_state != "visible" or bool(away)


def _fill(fill: Any) -> str | None:
    """Give the colour behind a cell, None where nobody can tell."""
    if fill is None or fill.fill_type is None:
        return _WHITE
    return _rgb(fill.fgColor) if fill.fill_type == "solid" else None


def _rgb(colour: Any) -> str | None:
    """Give a colour as RRGGBB; of a theme only its first two, which are white and black."""
    if colour is None:
        return None
    if colour.type == "theme" and not colour.tint:
        return {0: _WHITE, 1: "000000"}.get(colour.theme)
    return str(colour.rgb)[-6:] if colour.type == "rgb" else None
