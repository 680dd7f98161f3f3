"""A task at work, and what is kept of it to be polled."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from tasks.emulator.engine.completion import Completion
from tasks.emulator.faults.rules import Plan
from tasks.emulator.refusal import RefusedError
from tasks.emulator.wire.contract import InferenceTask
from tasks.emulator.wire.requests import InferenceRequest


@dataclass(frozen=True, slots=True)
class Answer:
    """One completion with what it is billed for."""

    completion: Completion
    prompt_tokens: int
    picodollars: int
    extra: dict[str, Any]


@dataclass(slots=True, eq=False)
class Record:
    """What can be polled of a task: its items so far, or its failure."""

    uuid: str
    results: int
    text: str = ""
    items: list[dict[str, Any]] = field(default_factory=list)
    failure: RefusedError | None = None
    failure_form: str = "item"
    finished_s: float | None = None


@dataclass(slots=True, eq=False)
class Job:
    """A task that is taken; its work goes on whether or not somebody waits for it."""

    task: InferenceTask
    request: InferenceRequest
    plan: Plan
    answers: list[Answer] = field(default_factory=list)
    failure: RefusedError | None = None
    record: Record | None = None
    work: asyncio.Task[None] | None = None

    async def done(self) -> None:
        """Wait for the end of the work; who stops waiting does not stop the work."""
        if self.work is not None:
            await asyncio.shield(self.work)


class Records:
    """The records that `getResponse` finds, until their time is over."""

    def __init__(self, retention_s: float) -> None:
        self._retention_s = retention_s
        self._records: dict[str, Record] = {}
        self._finished: deque[Record] = deque()

    def clear(self) -> None:
        """Forget the finished ones."""
        self._finished.clear()
        self._records = {
            uuid: record for uuid, record in self._records.items() if record.finished_s is None
        }

    def open(self, record: Record) -> None:
        """Keep a record; an older one of the same UUID makes room."""
        self._records[record.uuid] = record

    def close(self, record: Record, now_s: float) -> None:
        """Let the retention of a record begin."""
        record.finished_s = now_s
        self._finished.append(record)

    def find(self, uuid: str, now_s: float) -> Record | None:
        """Give the record of a task; None for one that is unknown or too long ago."""
        self._prune(now_s)
        return self._records.get(uuid)

    def _prune(self, now_s: float) -> None:
        while self._finished and self._is_over(self._finished[0], now_s):
            record = self._finished.popleft()
            if self._records.get(record.uuid) is record:
                del self._records[record.uuid]

    def _is_over(self, record: Record, now_s: float) -> bool:
        return record.finished_s is not None and now_s - record.finished_s >= self._retention_s
