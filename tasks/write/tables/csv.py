"""Write an output's table as CSV, in the form that spreadsheets open without asking."""

import csv
import io

from tasks.core.outputs import Output
from tasks.write.source import SourceInfo
from tasks.write.tables.grid import Value, main_grid

_ACTING = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_MARK = "\ufeff"  # without it spreadsheets take UTF-8 for an older encoding


def render_csv(output: Output, source: SourceInfo) -> bytes:
    """Give the records of an output, or else its citations, as CSV (RFC 4180, UTF-8).

    Text that a spreadsheet would take for a formula begins with an apostrophe.
    """
    grid = main_grid(output, source)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([inert(name) for name in grid.columns])
    writer.writerows([inert(value) for value in row] for row in grid.rows)
    return (_MARK + text.getvalue()).encode()


def inert(value: Value) -> Value:
    """Keep a text from being taken for a formula; true and false as JSON has them."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) and value.lstrip(" \n").startswith(_ACTING):
        return f"'{value}"
    return value
