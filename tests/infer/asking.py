from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tasks.infer.delivery.delivery import Delivery
from tasks.infer.delivery.polling import AsyncDelivery
from tasks.infer.delivery.submit import Submitter
from tasks.infer.inference import Inference
from tasks.infer.prices import Prices
from tasks.infer.retries import Retries
from tasks.infer.throttle.gate import ThrottleState
from tasks.ledger.ledger import Ledger
from tests.infer.building import (
    Asynchronous,
    Reply,
    Script,
    poller,
    refusal,
)

BUSY = refusal(503, "serviceUnavailable", **{"retry-after": "0"})
BROKEN = refusal(500, "internalServerError")
AT_ONCE = Retries(wait_initial_s=0.0, attempts=6)
PRICES = Prices(0.30, 1.20)


@dataclass
class Places:
    """A throttle that lets all in, and remembers what it heard."""

    heard: list[Any] = field(default_factory=list)
    taken: int = 0

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1

    def succeeded(self) -> None:
        self.heard.append("succeeded")

    def refused(self, retry_after_s: float | None = None) -> None:
        self.heard.append(retry_after_s)

    def state(self) -> ThrottleState:
        return ThrottleState(
            limit=99, in_flight=self.taken, most_in_flight=9, waiting=0, refused=0, paused_s=0.0
        )


def asking(ledger: Ledger, delivery: Delivery, **changes: Any) -> Inference:
    fields = {"throttle": Places(), "retries": AT_ONCE, **changes}
    return Inference(delivery=delivery, ledger=ledger, **fields)


def inference(ledger: Ledger, *replies: Reply, **changes: Any) -> tuple[Inference, Script]:
    script = Script(replies)
    return asking(ledger, script.client(), **changes), script


def polling(provider: Asynchronous) -> AsyncDelivery:
    connection = provider.connection()
    return AsyncDelivery(connection, Submitter(connection), poller(connection, provider.time))
