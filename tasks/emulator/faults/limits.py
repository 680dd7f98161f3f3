"""Limits that a client cannot see: tasks at once, tasks per second."""

import math
from collections.abc import Mapping
from typing import Any


class Bucket:
    """Let tasks through at a rate; what is not used is saved up to the burst."""

    def __init__(self, values: Mapping[str, Any], now_s: float) -> None:
        self._per_s: float = values.get("perSecond") or math.inf
        burst = values.get("burst")
        self._most: float = burst if burst is not None else max(1.0, self._per_s)
        self._tokens = self._most
        self._at_s = now_s

    def take(self, now_s: float) -> bool:
        """Take one task out, if there is room for it now."""
        self._tokens = min(self._most, self._tokens + (now_s - self._at_s) * self._per_s)
        self._at_s = now_s
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


def limit_at(values: Mapping[str, Any], elapsed_s: float) -> int:
    """Give the limit of tasks at once, so long after the rule was set."""
    limit: int = values["limit"]
    for from_s, scheduled in values["schedule"]:
        if from_s <= elapsed_s:
            limit = scheduled
    return limit
