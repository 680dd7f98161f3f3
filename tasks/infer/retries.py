"""How often and how long a task is tried again, under the same UUID."""

import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tasks.core.errors import TransientError
from tasks.infer.delivery.delivery import Clock
from tasks.infer.failures import BusyError

logger = logging.getLogger("docmill.infer")

BUSY_LONGEST_S = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """A failing provider is given up after some attempts, a busy one only after a long time."""

    attempts: int = 6
    busy_s: float = 1800.0
    wait_initial_s: float = 1.0
    wait_longest_s: float = 60.0
    clock: Clock = time.monotonic
    jitter: Callable[[], float] = random.random

    def of_a_task(self) -> "Patience":
        """Give the patience with one task, from now on."""
        return Patience(self)


@dataclass(slots=True)
class Patience:
    """Decides on each failure of one task."""

    retries: Retries
    began: float = field(init=False)
    failed: int = 0
    busy: int = 0

    def __post_init__(self) -> None:
        self.began = self.retries.clock()

    def wait_s(self, error: TransientError) -> float | None:
        """Say after how many seconds to try again; None: not at all."""
        is_busy = isinstance(error, BusyError)
        self.busy += is_busy
        self.failed += not is_busy
        too_long = self.retries.clock() - self.began >= self.retries.busy_s
        if too_long or self.failed >= self.retries.attempts:
            return None
        logger.info("trying again: %s", error)
        if error.retry_after_s is not None:
            return min(error.retry_after_s, self.retries.busy_s)
        return self._while_busy_s() if is_busy else self._after_failure_s()

    def _while_busy_s(self) -> float:
        """Wait briefly, for the throttle is what keeps us from asking too much."""
        return min(self.retries.wait_initial_s * 2.0**self.busy / 2, BUSY_LONGEST_S)

    def _after_failure_s(self) -> float:
        """Wait longer each time, and not as long as others that failed with this one."""
        wait_s = self.retries.wait_initial_s * (2.0**self.failed / 2 + self.retries.jitter())
        return min(wait_s, self.retries.wait_longest_s)
