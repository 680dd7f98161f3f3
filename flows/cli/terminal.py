"""What a person sees while a run goes on: a live bar on a terminal, plain lines elsewhere.

Parts of rich take long to import, so each is imported where a terminal needs it.
"""

import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from flows.progress import Progress
from tasks.core.documents import DocumentReport, Status
from tasks.core.traffic import Traffic
from tasks.write.wording import plural

if TYPE_CHECKING:
    from rich.progress import Progress as Bars


RETRY_LOGGER = "docmill.infer"
RETRIES_EVERY_S = 10.0


class Silent:
    """Tells nothing."""

    def opened(self, traffic: Callable[[], Traffic]) -> None:
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
        typer.echo(f"{plural(documents, 'document')}, {plural(chunks, 'chunk')}", err=True)

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
        self._bars.advance(self._documents)
        if entry.status is not Status.DONE:
            self.say(_line(entry))

    def say(self, line: str) -> None:
        """Print a line above the bars."""
        self._bars.console.print(line, markup=False, highlight=False)


class LogLines(logging.Handler):
    """Tells what docmill logs in plain lines; retries, which may be many, only now and then."""

    def __init__(
        self, say: Callable[[str], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(logging.INFO)
        self._say_line = say
        self._clock = clock
        self._retry_told_at = -RETRIES_EVERY_S

    def emit(self, record: logging.LogRecord) -> None:
        """Tell a record without its traceback."""
        if record.name == RETRY_LOGGER and record.levelno == logging.INFO:
            if self._clock() - self._retry_told_at < RETRIES_EVERY_S:
                return
            self._retry_told_at = self._clock()
        self._say_line(" ".join(record.getMessage().split()))


@contextmanager
def log_told(say: Callable[[str], None]) -> Iterator[None]:
    """Have all that docmill logs told while this lasts."""
    logger = logging.getLogger("docmill")
    handler, level, propagate = LogLines(say), logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False  # Prefect's handlers would tell it a second time
    logging.getLogger("stamina").setLevel(logging.CRITICAL)  # it would tell each retry again
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagate


@contextmanager
def listener(*, quiet: bool) -> Iterator[Progress]:
    """Give the listener that suits where stderr goes."""
    if quiet:
        with log_told(_say_nothing):
            yield Silent()
    elif not sys.stderr.isatty():
        with log_told(_say):
            yield Lines()
    else:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bars

        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
        with Bars(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as bars:
            live = Live(bars)
            with log_told(live.say):
                yield live


def show(markdown: str) -> None:
    """Print Markdown to stdout: set for reading on a terminal, as it is elsewhere."""
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.markdown import Markdown

        Console().print(Markdown(markdown))
    else:
        typer.echo(markdown.rstrip())


def _say_nothing(_: str) -> None:
    """Take no notice."""


def _say(line: str) -> None:
    typer.echo(line, err=True)


def _line(entry: DocumentReport) -> str:
    reason = f": {entry.reason}" if entry.reason else ""
    return f"{entry.status:8} {entry.source}{reason}"
