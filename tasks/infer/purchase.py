"""One request on its way through ledger, throttle and provider.

claim ──► deliver ──► settle           the answers are kept
             ├─ refused ──► fail        nothing was billed
             ├─ ended ────► fail        asked again under a new UUID
             ├─ lost ─────► lose        may have been billed, stays charged
             ├─ transient ► tried again under the same UUID
             └─ cancelled, given up ──► release: whoever is next goes on under the same UUID
   └─ cancelled before it was sent ──► withdraw: void
"""

import asyncio
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from tasks.core.answers import Result
from tasks.core.errors import BudgetError, LostError, RejectedError, TransientError
from tasks.core.requests import InferenceRequest
from tasks.infer.budget import Purse
from tasks.infer.delivery.delivery import Delivery, Sleep, Task
from tasks.infer.failures import BusyError, EndedError, may_have_begun
from tasks.infer.meter import Meter
from tasks.infer.retries import Retries
from tasks.infer.throttle.gate import ThrottleState
from tasks.ledger.ledger import Asked, Claim, Counted, Ledger

WAIT_FOR_OTHERS_S = 0.2


class Throttle(Protocol):
    """Bounds how many tasks are in flight, and learns from what the provider says."""

    def slot(self) -> AbstractAsyncContextManager[None]:
        """Hold a place while a task is in flight."""

    def succeeded(self) -> None:
        """Hear that a task was answered."""

    def refused(self, retry_after_s: float | None) -> None:
        """Hear that the provider had no room for a task."""

    def state(self) -> ThrottleState:
        """Tell what happens at the moment."""


@dataclass(slots=True, kw_only=True)
class Purchase:
    """The answers to one request, bought under one claim after another if need be.

    `prompt_tokens` are those of its prompt by our count.
    """

    request: InferenceRequest
    asked: Asked
    not_before: float
    delivery: Delivery
    ledger: Ledger
    throttle: Throttle
    purse: Purse
    meter: Meter
    ahead: asyncio.Semaphore
    prompt_tokens: int
    sleep: Sleep = asyncio.sleep
    _claim: Claim | None = None
    _begun: bool = False
    _sent: bool = False

    async def results(self, retries: Retries) -> tuple[Result, ...]:
        """Give the answers; what was claimed is closed or released in any case."""
        patience = retries.of_a_task()
        try:
            while True:
                try:
                    return await self._kept_or_bought()
                except TransientError as error:
                    wait_s = patience.wait_s(error)
                    if wait_s is None:
                        raise
                await self.sleep(wait_s)
        finally:
            self._let_go()

    def _let_go(self) -> None:
        """Leave a claim to others: one that was sent may be answered, any other is void."""
        if self._claim is None:
            return
        if self._sent or self._claim.begun:
            self.ledger.release(self._claim)
        else:
            self.ledger.withdraw(self._claim)

    async def _kept_or_bought(self) -> tuple[Result, ...]:
        """Have the answers kept; the place is free for the next task meanwhile."""
        while True:
            async with AsyncExitStack() as leaving:
                async with self.ahead:
                    kept = await self._claimed()
                    if self._claim is not None:
                        await leaving.enter_async_context(self.throttle.slot())
                results = await self._buy(self._claim) if self._claim is not None else kept
            if self._claim is not None and results is not None:
                return await self._settle(self._claim, results)
            if results is not None:
                return results
            await self.sleep(WAIT_FOR_OTHERS_S)  # another is asking for the same

    async def _claimed(self) -> tuple[Result, ...] | None:
        """Give kept answers, else have the claim; None with it, and while another has it."""
        if self._claim is not None:
            return None
        claimed = await self.ledger.claim(self.asked, not_before=self.not_before)
        if isinstance(claimed, tuple):
            self.meter.reused(claimed)
            return claimed
        self._claim, self._sent = claimed, False
        self._begun = claimed is not None and claimed.begun
        return None

    async def _buy(self, claim: Claim) -> tuple[Result, ...]:
        try:
            await self._promise(claim)
            self._sent = True
            return await self._deliver(claim)
        except (RejectedError, EndedError) as error:
            await self.ledger.fail(claim, str(error))
            self._claim = None
            await self.purse.give_back()
            raise
        except LostError as error:
            await self.ledger.lose(claim, str(error))
            self._claim = None
            await self.purse.charge()
            raise

    async def _settle(self, claim: Claim, results: tuple[Result, ...]) -> tuple[Result, ...]:
        usage = next((result.usage for result in results if result.usage), None)
        counted = Counted(self.asked.by, self.prompt_tokens, usage.prompt_tokens) if usage else None
        await self.ledger.settle(claim, results, (counted,) if counted else ())
        self._claim = None
        self.meter.paid(results, self.purse.prices)
        await self.purse.pay(results)
        return results

    async def _promise(self, claim: Claim) -> None:
        """Set the money aside; without it, a task that was never sent is closed."""
        try:
            await self.purse.hold(claim)
        except BudgetError as error:
            if not self._begun:
                await self.ledger.fail(claim, str(error))
                self._claim = None
            raise

    async def _deliver(self, claim: Claim) -> tuple[Result, ...]:
        """Have the task answered, and tell the throttle how that went."""
        task = Task(
            request=self.request,
            task_uuid=claim.task_uuid,
            key=claim.key,
            known=claim.accepted,
            accepted=partial(self.ledger.accept, claim),
        )
        try:
            results = await self.delivery.deliver(task, begun=self._begun)
        except TransientError as error:
            self._begun = self._begun or may_have_begun(error)
            if isinstance(error, BusyError):
                self.throttle.refused(error.retry_after_s)
            raise
        finally:
            self.meter.ended(claim.task_uuid)
        self.throttle.succeeded()
        return results
