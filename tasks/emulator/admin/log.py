"""The last requests: when, which tasks, how delivered, what came of them.

Neither keys nor texts nor URLs are kept, and of what a client sends only what has the form of a
UUID or is the name of a task type or a delivery: a key in the wrong place must not be found here.
"""

from collections import deque
from typing import Any

from tasks.emulator.clock import Clock
from tasks.emulator.refusal import RefusedError
from tasks.emulator.wire import fields

_TYPES = ("textInference", "getResponse", "authentication")
_DELIVERIES = ("sync", "async", "stream")


class RequestLog:
    """Keep the last requests."""

    def __init__(self, size: int, clock: Clock) -> None:
        self._entries: deque[dict[str, Any]] = deque(maxlen=size)
        self._clock = clock

    def add(self, path: str, tasks: list[Any], *, status: int | None, codes: list[str]) -> None:
        """Note a request that is answered; its status is None when no reply was sent."""
        named = [task for task in tasks if isinstance(task, dict)]
        self._entries.append(
            {
                "time": round(self._clock.date_s(), 3),
                "path": path,
                "taskTypes": [_known(task.get("taskType"), _TYPES) for task in named],
                "uuids": [_uuid(task.get("taskUUID")) for task in named],
                "deliveries": [
                    _known(task.get("deliveryMethod", "sync"), _DELIVERIES) for task in named
                ],
                "webhooks": sum("webhookURL" in task for task in named),
                "status": status,
                "codes": codes,
            }
        )

    def clear(self) -> None:
        """Forget them."""
        self._entries.clear()

    def entries(self) -> list[dict[str, Any]]:
        """Give them, the oldest first."""
        return list(self._entries)


def _known(value: object, names: tuple[str, ...]) -> str | None:
    return value if isinstance(value, str) and value in names else None


def _uuid(value: object) -> str | None:
    try:
        uuid: str = fields.uuid_v4(value, "taskUUID")
    except RefusedError:
        return None
    return uuid
