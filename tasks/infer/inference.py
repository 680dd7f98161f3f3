"""From a request to its results: out of the ledger, or asked for once and kept."""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from tasks.core.answers import Result
from tasks.core.capacity import Window
from tasks.core.errors import BudgetError, InferenceError, TooLongError
from tasks.core.margin import LARGEST
from tasks.core.requests import InferenceRequest, request_key, request_tokens
from tasks.core.traffic import Traffic
from tasks.infer.budget import Budget, Purse
from tasks.infer.delivery.delivery import Delivery
from tasks.infer.meter import Meter
from tasks.infer.prices import Prices, Worst, cost_usd, worst_case
from tasks.infer.purchase import Purchase, Throttle
from tasks.infer.replies import no_answer
from tasks.infer.retries import Retries
from tasks.infer.room import with_more_room
from tasks.ledger.ledger import Answerer, Asked, Counted, Ledger

logger = logging.getLogger("docmill.infer")

ROOM_ATTEMPTS = 2
"""How often an answer that its thoughts left no room for is asked for with twice the room."""

INLINE_CHARS = 20_000
"""Prompts up to this size are made and counted at once; a longer one would hold up the others."""

CLAIMS_AHEAD = 16
"""Tasks that wait for a place with their claim in hand: a place is not to wait for the ledger.

Few, since after a kill what is claimed and was not sent cannot be told from what was.
"""

FREE = Prices(0.0, 0.0)

OFFLINE_NOTICE = (
    "No model was asked: this is an offline extract, put together by code to try docmill out. "
    "With RUNWARE_API_KEY set, a model writes it."
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a request: its results, and those paid for before that had too little room."""

    results: tuple[Result, ...]
    spent: tuple[Result, ...] = ()

    @property
    def result(self) -> Result:
        """Give the first result, which is the only one as a rule."""
        return self.results[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inference:
    """A way to the provider, the ledger before it, and the throttle between.

    Answers older than `not_before` (seconds since the epoch) are asked for anew. `model` replaces
    the recipe's where the provider has models of its own. `window` is the model's,
    with the margin that what is asked was planned with.
    """

    delivery: Delivery
    ledger: Ledger
    throttle: Throttle
    prices: Prices = FREE
    budget: Budget | None = None
    model: str | None = None
    not_before: float = 0.0
    window: Window = Window()  # noqa: RUF009 # frozen
    meter: Meter = field(default_factory=Meter)
    ahead: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(CLAIMS_AHEAD))
    retries: Retries = Retries()  # noqa: RUF009 # frozen

    def within(self, window: Window) -> "Inference":
        """Ask what was planned for a window, by its margin."""
        return replace(self, window=window)

    async def ask(self, request: InferenceRequest, *, document: str = "") -> Outcome:
        """Give the results of a request, each paid for at most once.

        They need not be whole answers: `tasks.infer.replies.check` tells. `document` is the digest
        of what the request is about. TransientError when the provider stayed unable, RejectedError
        when it refused, LostError when the answer is gone though it may have been billed.
        """
        tokens = await _count(request)
        results = await self._answer(request, tokens, document)
        spent: tuple[Result, ...] = ()
        for _ in range(ROOM_ATTEMPTS):
            roomier = with_more_room(request, results, window=self.window, prompt_tokens=tokens)
            if roomier is None:
                break
            try:
                better = await self._answer(roomier, tokens, document)
            except (InferenceError, BudgetError) as error:  # what was paid for must stay visible
                logger.warning("no answer with more room: %s", error)
                break
            request, spent, results = roomier, (*spent, *results), better
        if no_answer(results):
            return await self._once_more(request, tokens, document, Outcome(results, spent))
        return Outcome(results, spent)

    async def _once_more(
        self, request: InferenceRequest, tokens: int, document: str, outcome: Outcome
    ) -> Outcome:
        """Ask a second time, in all runs together, where what was paid for is no answer."""
        try:
            better = await self._answer(request.anew(), tokens, document)
        except (InferenceError, BudgetError) as error:  # what was paid for must stay visible
            logger.warning("no answer the second time either: %s", error)
            return outcome
        return Outcome(better, (*outcome.spent, *outcome.results))

    def label(self, model: str) -> str:
        """Name for an output who answered."""
        if self.delivery.provider == "offline":
            return "none (offline extract)"
        return f"{self.model or model} ({self.delivery.provider})"

    def notices(self) -> tuple[str, ...]:
        """Give what an output must say of who answered, on its first page."""
        return (OFFLINE_NOTICE,) if self.delivery.provider == "offline" else ()

    def traffic(self) -> Traffic:
        """Tell how the inference of this run fares so far."""
        return self.meter.traffic(self.throttle.state())

    def answerer(self, model: str) -> Answerer:
        """Say who answers what is asked of a model."""
        return Answerer(self.delivery.provider, self.delivery.endpoint, self.model or model)

    def key_of(self, request: InferenceRequest) -> str:
        """Name a request's first answer as the ledger does."""
        request = replace(request, model=self.model) if self.model else request
        provider, endpoint = self.delivery.provider, self.delivery.endpoint
        return request_key(request, provider=provider, endpoint=endpoint)

    async def kept(self, keys: Iterable[str]) -> frozenset[str]:
        """Give those of the answer keys that the ledger holds."""
        return await self.ledger.answered(keys)

    async def _answer(
        self, request: InferenceRequest, tokens: int, document: str
    ) -> tuple[Result, ...]:
        """Give results with what they cost: as billed, else by their usage."""
        prices = self.prices.at_least(self.meter.drift())  # a budget is to last for the real bill
        worst = worst_case(request, prices, prompt_tokens=self.window.counted(tokens))
        request = replace(request, model=self.model) if self.model else request
        asked = self._asked(request, worst, document)
        purchase = Purchase(
            request=request,
            asked=asked,
            not_before=self.not_before,
            delivery=self.delivery,
            ledger=self.ledger,
            throttle=self.throttle,
            purse=Purse(self.ledger, self.budget, self.prices, worst),
            meter=self.meter,
            ahead=self.ahead,
            prompt_tokens=tokens,
        )
        try:
            results = await purchase.results(self.retries)
        except TooLongError:
            await self._learn_too_long(request, asked.by, tokens)
            raise
        return tuple(replace(result, cost_usd=cost_usd(result, self.prices)) for result in results)

    def _asked(self, request: InferenceRequest, worst: Worst, document: str) -> Asked:
        return Asked(
            key=self.key_of(request),
            provider=self.delivery.provider,
            endpoint=self.delivery.endpoint,
            model=request.model,
            results=request.number_results,
            worst_usd=worst.usd,
            document=document,
        )

    async def _learn_too_long(self, request: InferenceRequest, by: Answerer, tokens: int) -> None:
        """Learn that a prompt has more than it was given, unless the window must be another."""
        room = self.window.tokens - request.max_tokens
        if room < tokens * (1 + LARGEST):
            await self.ledger.learn(Counted(by, tokens, room))


async def _count(request: InferenceRequest) -> int:
    """Count the prompt by our tokenizer, beside the event loop where it is long."""
    chars = len(request.system_prompt) + sum(len(m.content) for m in request.messages)
    if chars <= INLINE_CHARS:
        return request_tokens(request)
    return await asyncio.to_thread(request_tokens, request)
