"""Which documents may begin within a budget: those that can be finished with what is left of it.

spent so far + the worst case of documents under way + that of the next <= budget ──► begins
else, while others are under way ──► waits: they may cost less than they might
else ──► BudgetError, and the document is named as not begun
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tasks.core.errors import BudgetError
from tasks.infer.budget import Budget
from tasks.infer.prices import Worst
from tasks.ledger.ledger import Ledger, Spent


class Allowance:
    """What a job may spend yet, shared out among its documents; without a budget all may begin."""

    def __init__(self, ledger: Ledger, budget: Budget | None) -> None:
        self._ledger = ledger
        self._budget = budget
        self._under_way: list[Worst] = []
        self._changed = asyncio.Condition()

    @asynccontextmanager
    async def begun(self, worst: Worst) -> AsyncIterator[None]:
        """Hold what a document may cost while it is under way; BudgetError when it cannot be had.

        A document that costs nothing more always begins.
        """
        if self._budget is None or not worst.tokens:
            yield
            return
        async with self._changed:
            await self._wait_for_room(worst, self._budget)
            self._under_way.append(worst)
        try:
            yield
        finally:
            async with self._changed:
                self._under_way.remove(worst)
                self._changed.notify_all()

    async def _wait_for_room(self, worst: Worst, budget: Budget) -> None:
        while True:
            spent = await self._ledger.spent(budget.job)
            refusal = self._refusal(worst, spent, budget)
            if refusal is None:
                return
            if not self._under_way:
                raise BudgetError(refusal)
            await self._changed.wait()

    def _refusal(self, worst: Worst, spent: Spent, budget: Budget) -> str | None:
        usd = sum(each.usd for each in self._under_way) + spent.usd
        tokens = sum(each.tokens for each in self._under_way) + spent.tokens
        if budget.usd_limit is not None and usd + worst.usd > budget.usd_limit:
            return _said(f"${budget.usd_limit:.2f}", f"${spent.usd:.4f}", f"${worst.usd:.4f}")
        if budget.tokens_limit is not None and tokens + worst.tokens > budget.tokens_limit:
            limit = f"{budget.tokens_limit:,} tokens"
            return _said(limit, f"{spent.tokens:,}", f"{worst.tokens:,}")
        return None


def _said(limit: str, spent: str, worst: str) -> str:
    return (
        f"not begun: of the budget of {limit}, {spent} are spent, and this document may take "
        f"{worst}; raise the budget and run the same command again to go on"
    )
