"""A job's budget: what a task may cost at most is promised before it is sent."""

from dataclasses import dataclass

from tasks.core.answers import Result
from tasks.infer.prices import Prices, Worst, cost_usd
from tasks.ledger.ledger import Claim, Ledger, Reservation


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What a job may spend; None is no limit."""

    job: str
    usd_limit: float | None = None
    tokens_limit: int | None = None


@dataclass(slots=True)
class Purse:
    """The money for one request."""

    ledger: Ledger
    budget: Budget | None
    prices: Prices
    worst: Worst
    _held: Reservation | None = None

    async def hold(self, claim: Claim) -> None:
        """Promise the worst case, once; BudgetError when it would pass a limit."""
        if self.budget is None or self._held is not None:
            return
        self._held = await self.ledger.reserve(
            self.budget.job,
            usd=self.worst.usd,
            tokens=self.worst.tokens,
            usd_limit=self.budget.usd_limit,
            tokens_limit=self.budget.tokens_limit,
            claim=claim,
        )

    async def pay(self, results: tuple[Result, ...]) -> None:
        """Put what the results cost in the promise's place; what is not known counts in full."""
        costs = [cost_usd(result, self.prices) for result in results]
        tokens = [result.usage.total_tokens if result.usage else None for result in results]
        known = [cost for cost in costs if cost is not None]
        counted = [count for count in tokens if count is not None]
        await self._close(
            usd=sum(known) if len(known) == len(costs) else self.worst.usd,
            tokens=sum(counted) if len(counted) == len(tokens) else self.worst.tokens,
        )

    async def give_back(self) -> None:
        """End the promise for a task that nothing is billed for."""
        await self._close(usd=0.0, tokens=0)

    async def charge(self) -> None:
        """End the promise for a task that may be billed in full."""
        await self._close(usd=self.worst.usd, tokens=self.worst.tokens)

    async def _close(self, *, usd: float, tokens: int) -> None:
        held, self._held = self._held, None
        if held is not None:
            await self.ledger.close_reservation(held, usd=usd, tokens=tokens)
