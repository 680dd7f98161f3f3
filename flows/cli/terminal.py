"""What a person sees while a run goes on: a live bar on a terminal, plain lines elsewhere.

Parts of rich take long to import, so each is imported where a terminal needs it.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from flows.progress import Progress
from tasks.core.documents import DocumentReport, Status

if TYPE_CHECKING:
    from rich.progress import Progress as Bars


class Silent:
    """Tells nothing."""

    def read(self, name: str, failure: str) -> None:
        """Stay silent."""

    def planned(self, documents: int, chunks: int) -> None:
        """Stay silent."""

    def answered(self) -> None:
        """Stay silent."""

    def finished(self, entry: DocumentReport) -> None:
        """Stay silent."""


class Lines(Silent):
    """Tells each document's end in a line on stderr."""

    def planned(self, documents: int, chunks: int) -> None:
        """Say how much there is to do."""
        typer.echo(f"{documents} documents, {chunks} chunks", err=True)

    def finished(self, entry: DocumentReport) -> None:
        """Say how a document ended."""
        typer.echo(_line(entry), err=True)


class Live(Silent):
    """Shows a bar of chunks and one of documents."""

    def __init__(self, bars: "Bars") -> None:
        self._bars = bars
        self._documents = bars.add_task("documents", total=None)
        self._chunks = bars.add_task("chunks", total=None)

    def planned(self, documents: int, chunks: int) -> None:
        """Set the length of the bars."""
        self._bars.update(self._documents, total=documents)
        self._bars.update(self._chunks, total=chunks)

    def answered(self) -> None:
        """Move the bar of chunks."""
        self._bars.advance(self._chunks)

    def finished(self, entry: DocumentReport) -> None:
        """Move the bar of documents; say above the bars what did not go well."""
        if entry.characters.read:
            self._bars.advance(self._documents)
        if entry.status is not Status.DONE:
            from rich.markup import escape

            self._bars.console.print(escape(_line(entry)))


@contextmanager
def listener(*, quiet: bool) -> Iterator[Progress]:
    """Give the listener that suits where stderr goes."""
    if quiet:
        yield Silent()
    elif not sys.stderr.isatty():
        yield Lines()
    else:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bars

        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
        with Bars(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as bars:
            yield Live(bars)


def show(markdown: str) -> None:
    """Print Markdown to stdout: set for reading on a terminal, as it is elsewhere."""
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.markdown import Markdown

        Console().print(Markdown(markdown))
    else:
        typer.echo(markdown.rstrip())


def _line(entry: DocumentReport) -> str:
    reason = f": {entry.reason}" if entry.reason else ""
    return f"{entry.status:8} {entry.source}{reason}"
