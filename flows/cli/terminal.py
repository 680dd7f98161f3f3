"""What a person sees while a run goes on: bars and a line of figures on a terminal, else lines.

Parts of rich take long to import, so each is imported where a terminal needs it.
"""

import asyncio
import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from flows.cli.figures import Figures
from flows.progress import Progress, priced
from tasks.core.reports import DocumentReport, Status
from tasks.core.traffic import Traffic
from tasks.infer.prices import PlanPrice
from tasks.write.clean import one_line
from tasks.write.wording import plural

if TYPE_CHECKING:
    from rich.progress import Progress as Bars

RETRY_LOGGER = "docmill.infer"
RETRIES_EVERY_S = 10.0
LINES_EVERY_S = 10.0


class Silent:
    """Tells nothing."""

    def opened(self, traffic: Callable[[], Traffic]) -> None:
        """Stay silent."""

    def planned(self, documents: int, chunks: int) -> None:
        """Stay silent."""

    async def agrees(self, price: PlanPrice) -> bool:  # noqa: ARG002 # nothing is told
        """Go on: whoever wants silence is not asked."""
        return True

    def answered(self) -> None:
        """Stay silent."""

    def finished(self, entry: DocumentReport) -> None:
        """Stay silent."""


class Lines(Silent):
    """Tells each document's end in a line on stderr, and now and then how far the run is."""

    def __init__(self, figures: Figures, clock: Callable[[], float] = time.monotonic) -> None:
        self._figures = figures
        self._clock = clock
        self._told_at = clock()

    def opened(self, traffic: Callable[[], Traffic]) -> None:
        """Have figures to tell."""
        self._figures.opened(traffic)

    def planned(self, documents: int, chunks: int) -> None:
        """Say how much there is to do."""
        self._figures.planned(chunks)
        self._told_at = self._clock()
        _say(f"{plural(documents, 'document')}, {plural(chunks, 'chunk')}")

    async def agrees(self, price: PlanPrice) -> bool:
        """Say what it costs at most, and go on."""
        if price.usd:
            _say(priced(price))
        return True

    def answered(self) -> None:
        """Say how far the run is, unless that was said a moment ago."""
        self._figures.answered()
        if self._clock() - self._told_at >= LINES_EVERY_S:
            self._told_at = self._clock()
            _say(f"{self._figures.share()}; {self._figures.line()}")

    def finished(self, entry: DocumentReport) -> None:
        """Say how a document ended."""
        _say(_line(entry))


class Live(Silent):
    """Shows bars of documents and chunks, and a line of figures under them.

    With `asks`, a person is shown the price and asked whether to go on.
    """

    def __init__(self, bars: "Bars", figures: Figures, *, asks: bool = False) -> None:
        self._bars = bars
        self._figures = figures
        self._asks = asks
        self._documents = bars.add_task("documents", total=None)
        self._chunks = bars.add_task("chunks", total=None)

    def opened(self, traffic: Callable[[], Traffic]) -> None:
        """Have figures to show."""
        self._figures.opened(traffic)

    def planned(self, documents: int, chunks: int) -> None:
        """Set the length of the bars."""
        self._figures.planned(chunks)
        self._bars.update(self._documents, total=documents)
        self._bars.update(self._chunks, total=chunks)

    async def agrees(self, price: PlanPrice) -> bool:
        """Say what it costs at most, and ask whether to go on, unless told not to ask."""
        if not price.usd:
            return True
        self.say(priced(price))
        if not self._asks:
            return True
        self._bars.stop()
        agreed = await asyncio.to_thread(_confirmed)
        self._bars.start()
        return agreed

    def answered(self) -> None:
        """Move the bar of chunks."""
        self._figures.answered()
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
        self._say_line(one_line(record.getMessage()))


@contextmanager
def log_told(say: Callable[[str], None]) -> Iterator[None]:
    """Have all that docmill logs told while this lasts."""
    logger = logging.getLogger("docmill")
    handler, level, propagate = LogLines(say), logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False  # Prefect's handlers would tell it a second time
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagate


@contextmanager
def listener(
    *, quiet: bool, asks: bool = False, budget_usd: float | None = None
) -> Iterator[Progress]:
    """Give the listener that suits where stderr goes; `asks` has the price confirmed there."""
    if quiet:
        with log_told(_say_nothing):
            yield Silent()
        return
    figures = Figures(budget_usd=budget_usd)
    if not sys.stderr.isatty():
        with log_told(_say):
            yield Lines(figures)
        return
    from flows.cli.bars import open_bars

    with open_bars(figures) as bars:
        live = Live(bars, figures, asks=asks and sys.stdin.isatty())
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


def _confirmed() -> bool:
    """Ask on the terminal; nobody there is a no."""
    try:
        return typer.confirm("Go on?", default=True, err=True)
    except (typer.Abort, EOFError):
        return False


def _say_nothing(_: str) -> None:
    """Take no notice."""


def _say(line: str) -> None:
    typer.echo(line, err=True)


def _line(entry: DocumentReport) -> str:
    reason = f": {entry.reason}" if entry.reason else ""
    return f"{entry.status:8} {one_line(f'{entry.source}{reason}')}"
