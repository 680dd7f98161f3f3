"""What a run would ask of its sources, and what that costs at most, by code alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flows.margins import answerer_of, recalled_windows
from flows.names import names_apart
from flows.worst import sum_of, worst_of
from prompts.library import Recipe
from tasks.chunk.plan import plan_chunks
from tasks.chunk.request import map_request
from tasks.core.answers import Chunk
from tasks.core.capacity import Window, widest
from tasks.core.requests import request_tokens
from tasks.core.settings import Provider, Settings
from tasks.core.store import DocumentRef, DocumentStore
from tasks.extract.reading import Reading
from tasks.infer.prices import NOTHING, Prices, Worst


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """A source with its chunks, their tokens by our count, and what they cost at most.

    Merging is in `worst`, unless several documents are to be merged together. A source that cannot
    be read has a `reason`, and no window.
    """

    source: str
    reason: str = ""
    chunks: tuple[Chunk, ...] = ()
    prompt_tokens: int = 0
    worst: Worst = NOTHING
    window: Window | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecaster:
    """Forecasts a recipe's questions; the ledger is looked into, and nothing is written there."""

    recipe: Recipe
    settings: Settings
    window_tokens: int
    together: bool = False

    def of(self, readings: Sequence[Reading]) -> tuple[Forecast, ...]:
        """Plan sources with the margins that a run would plan them with."""
        refs = [reading.ref for reading in readings if reading.ref]
        by = answerer_of(self.settings.provider or Provider.RUNWARE, self.settings, self.recipe)
        windows = recalled_windows(refs, self.recipe, self.window_tokens, by, self.settings)
        names = names_apart(refs) if self.together else ("",) * len(refs)
        planned = iter(map(self._planned, refs, windows, names))
        return tuple(
            replace(next(planned), source=reading.source.address)
            if reading.ref
            else Forecast(source=reading.source.address, reason=reading.failure)
            for reading in readings
        )

    def total(self, forecasts: Sequence[Forecast]) -> Worst:
        """Give what all of them cost at most, merging included."""
        chunks = [chunk for forecast in forecasts for chunk in forecast.chunks]
        windows = [forecast.window for forecast in forecasts if forecast.window]
        parts = [forecast.worst for forecast in forecasts]
        if self.together and windows:
            parts.append(
                worst_of((), self.recipe, self._prices, chunks=chunks, window=widest(windows))
            )
        return sum_of(parts)

    @property
    def _prices(self) -> Prices:
        return Prices(
            self.settings.usd_per_million_prompt_tokens,
            self.settings.usd_per_million_completion_tokens,
        )

    def _planned(self, ref: DocumentRef, window: Window, name: str) -> Forecast:
        document = DocumentStore(self.settings.store_url()).fetch(ref)
        chunks = plan_chunks(document, self.recipe, window=window, name=name)
        requests = [map_request(document, chunk, self.recipe) for chunk in chunks]
        return Forecast(
            source=ref.path,
            chunks=chunks,
            prompt_tokens=sum(request_tokens(r) * r.number_results for r in requests),
            worst=worst_of(
                zip(chunks, requests, strict=True),
                self.recipe,
                self._prices,
                chunks=() if self.together else chunks,
                window=window,
            ),
            window=window,
        )
