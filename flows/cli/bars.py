"""The bars on a terminal; rich takes long to import, so this is imported where there is one."""

from collections.abc import Iterable

from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from flows.cli.figures import Figures

REFRESHES_PER_S = 4


class Bars(Progress):
    """Bars with a line of figures under them."""

    figures: Figures | None = None

    def get_renderables(self) -> Iterable[RenderableType]:
        """Give the bars, then the line."""
        yield from super().get_renderables()
        if self.figures is not None:
            yield Text(self.figures.line(), style="dim", no_wrap=True, overflow="ellipsis")


def open_bars(figures: Figures) -> Bars:
    """Make the bars of a run."""
    bars = Bars(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        refresh_per_second=REFRESHES_PER_S,
    )
    bars.figures = figures
    return bars
