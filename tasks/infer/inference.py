"""From a request to a result: out of the ledger, or asked for once and kept."""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace

import stamina

from tasks.core.documents import Result
from tasks.core.errors import RejectedError, TransientError
from tasks.core.requests import InferenceRequest, request_key
from tasks.infer.client import Client
from tasks.ledger.ledger import Asked, Claim, Ledger

logger = logging.getLogger("docmill.infer")

ATTEMPTS = 6
LONGEST_WAIT_S = 60.0
WAIT_FOR_OTHERS_S = 0.2

OFFLINE_NOTICE = (
    "No model was asked: this is an offline extract, put together by code to try docmill out. "
    "With RUNWARE_API_KEY set, a model writes it."
)


@dataclass(frozen=True, slots=True)
class Inference:
    """A provider, the ledger before it, and how many tasks may be in flight.

    Answers older than `not_before` (seconds since the epoch) are asked for anew. `model` replaces
    the recipe's where the provider has models of its own.
    """

    client: Client
    ledger: Ledger
    slots: asyncio.Semaphore
    model: str | None = None
    not_before: float = 0.0
    wait_initial_s: float = 1.0

    async def ask(self, request: InferenceRequest) -> Result:
        """Give the result of a request, paid for at most once.

        It need not be a whole answer: `tasks.infer.replies.check` tells. TransientError when the
        provider stayed unable, RejectedError when it refused.
        """
        request = replace(request, model=self.model) if self.model else request
        asked = self._asked(request)
        async with self.slots:
            claimed = await self._claim(asked)
            if isinstance(claimed, Result):
                return claimed
            return await self._buy(request, claimed)

    def label(self, model: str) -> str:
        """Name for an output who answered."""
        if self.client.provider == "offline":
            return "none (offline extract)"
        return f"{self.model or model} ({self.client.provider})"

    def notices(self) -> tuple[str, ...]:
        """Give what an output must say of who answered, on its first page."""
        return (OFFLINE_NOTICE,) if self.client.provider == "offline" else ()

    async def kept(self, keys: Iterable[str]) -> frozenset[str]:
        """Give those of the answer keys that the ledger holds."""
        return await self.ledger.answered(keys)

    async def _claim(self, asked: Asked) -> Result | Claim:
        """Wait while somebody else asks for the same answer."""
        while True:
            claimed = await self.ledger.claim(asked, not_before=self.not_before)
            if claimed is not None:
                return claimed
            await asyncio.sleep(WAIT_FOR_OTHERS_S)

    def _asked(self, request: InferenceRequest) -> Asked:
        provider, endpoint = self.client.provider, self.client.endpoint
        key = request_key(request, provider=provider, endpoint=endpoint)
        return Asked(key=key, provider=provider, endpoint=endpoint, model=request.model)

    async def _buy(self, request: InferenceRequest, claim: Claim) -> Result:
        """Ask the provider under a claim, which is settled, failed or released in any case."""
        try:
            result = await self._with_retries(request, claim)
            await self.ledger.settle(claim, result)
        except RejectedError as error:
            await self.ledger.fail(claim, str(error))
            raise
        except BaseException:  # cancelled or unable: the task may run, so its UUID stays in use
            self.ledger.release(claim)
            raise
        return result

    async def _with_retries(self, request: InferenceRequest, claim: Claim) -> Result:
        attempts = stamina.retry_context(
            on=_wait_before_retry,
            attempts=ATTEMPTS,
            timeout=None,
            wait_initial=self.wait_initial_s,
            wait_max=LONGEST_WAIT_S,
        )
        async for attempt in attempts:
            with attempt:
                return await self.client.infer(request, task_uuid=claim.task_uuid, key=claim.key)
        raise AssertionError("stamina either returns or raises")


def _wait_before_retry(error: Exception) -> bool | float:
    """Retry transient failures, after the wait that the provider asks for if it names one."""
    if not isinstance(error, TransientError):
        return False
    logger.info("trying again: %s", error)
    return True if error.retry_after_s is None else min(error.retry_after_s, LONGEST_WAIT_S)
