"""The formats that outputs are written in; a new one is a line here."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from tasks.core.errors import ConfigError
from tasks.core.outputs import Output
from tasks.write.docx.render import render_docx
from tasks.write.html.render import render_html
from tasks.write.json import render_json
from tasks.write.jsonl import render_jsonl
from tasks.write.markdown import render_markdown
from tasks.write.pdf.render import render_pdf
from tasks.write.source import SourceInfo
from tasks.write.tables.csv import render_csv
from tasks.write.tables.xlsx import render_xlsx

Writer = Callable[[Output, SourceInfo], bytes]

FORMATS: Mapping[str, Writer] = {
    "docx": render_docx,
    "md": render_markdown,
    "json": render_json,
    "jsonl": render_jsonl,
    "html": render_html,
    "csv": render_csv,
    "xlsx": render_xlsx,
    "pdf": render_pdf,
}

TABLES = frozenset({"csv", "xlsx"})
"""Formats that show records, or else citations, and no running text."""

SHOW_THE_SOURCE = frozenset({"docx", "html", "csv", "xlsx", "pdf"})
"""Formats that need the text of the source."""


def render(output: Output, source: SourceInfo, fmt: str, *, template: Path | None = None) -> bytes:
    """Give the bytes of an output in a format; ConfigError for one that is not known."""
    return writer_of(fmt, template)(output, source)


def writer_of(fmt: str, template: Path | None = None) -> Writer:
    """Find the writer of a format; ConfigError naming the known ones where there is none."""
    if fmt == "docx":
        return partial(render_docx, template=template)
    try:
        return FORMATS[fmt]
    except KeyError:
        known = ", ".join(FORMATS)
        raise ConfigError(f"unknown format {fmt!r}; choose from {known}") from None
