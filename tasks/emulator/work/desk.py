"""Serve the tasks of one POST: each is answered, acknowledged or refused by itself."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from tasks.emulator.faults import gate
from tasks.emulator.faults.catalogue import BATCH, POLL
from tasks.emulator.faults.rules import NO_FAULTS, Plan
from tasks.emulator.refusal import RefusedError
from tasks.emulator.wire import contract
from tasks.emulator.work import items
from tasks.emulator.work.jobs import Job
from tasks.emulator.work.service import Prepared, Service, is_pushed_or_polled


class DroppedError(Exception):
    """The connection is to be dropped without a reply."""


@dataclass(slots=True)
class Outcome:
    """What one element of the request comes to."""

    raw: Any
    data: list[dict[str, Any]] = field(default_factory=list)
    errors: list[dict[str, Any]] = field(default_factory=list)
    refusal: RefusedError | None = None
    job: Job | None = None
    answered: bool = False
    text: str = ""

    def refuse(self, refusal: RefusedError) -> None:
        """Make it a refusal."""
        self.refusal = refusal
        self.errors = [refusal.to_entry(self.raw)]
        self.data = []


class Desk:
    """Take the elements of a POST and bring what becomes of them."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._options = service.options

    async def serve(self, raws: list[Any]) -> list[Outcome]:
        """Take all tasks; wait for the synchronous ones. DroppedError cuts the connection."""
        self._check_size(raws)
        self._check_polls(raws)
        prepared = [self._prepare(raw) for raw in raws]
        if any(isinstance(one, Prepared) and "reset_before" in one.gate for one in prepared):
            raise DroppedError
        self._check_streams(prepared)
        outcomes = [Outcome(raw) for raw in raws]
        work = [
            self._take(*parts)
            for parts in zip(prepared, self._fates(prepared), outcomes, strict=True)
        ]
        if len(work) == 1:
            await work[0]
        else:
            await asyncio.gather(*work)
        jobs = [outcome.job for outcome in outcomes if outcome.job is not None]
        if any("reset_after" in job.plan for job in jobs):
            raise DroppedError
        for outcome in outcomes:
            await self._finish(outcome)
        return outcomes

    def _check_size(self, raws: list[Any]) -> None:
        most = self._options.max_tasks_per_post
        if most is not None and len(raws) > most:
            raise RefusedError("arrayTooLarge", f"The body must hold at most {most} tasks.")

    def _check_polls(self, raws: list[Any]) -> None:
        """Refuse a POST of nothing but polls by fault."""
        if not self._service.faults.are_set or not all(map(contract.is_poll, raws)):
            return
        plan = self._service.faults.draw(POLL, "", str(raws[0].get("taskUUID")))
        if "poll_error" in plan:
            raise gate.poll_error(plan["poll_error"])

    def _prepare(self, raw: Any) -> Prepared | RefusedError | str:
        """Check an element; a poll comes to the UUID that it asks for."""
        try:
            if contract.is_poll(raw):
                return contract.read_poll(raw)
            return self._service.prepare(raw)
        except RefusedError as refusal:
            return refusal

    def _check_streams(self, prepared: list[Prepared | RefusedError | str]) -> None:
        """Refuse a stream beside anything else, since a reply is a stream or is not."""
        streams = [isinstance(one, Prepared) and one.task.delivery == "stream" for one in prepared]
        accepted = all(streams) and self._options.stream_of_several == "accept"
        if len(streams) > 1 and any(streams) and not accepted:
            raise RefusedError(
                "incompatibleParameters",
                "A task with deliveryMethod 'stream' must be the only one of its POST.",
                parameter="deliveryMethod",
            )

    async def _take(
        self, prepared: Prepared | RefusedError | str, fate: Plan, outcome: Outcome
    ) -> None:
        if isinstance(prepared, str):
            self._poll(prepared, outcome)
            return
        try:
            if isinstance(prepared, RefusedError):
                raise prepared
            outcome.text = prepared.task.request.text
            outcome.job = await self._service.take(prepared, fate)
        except RefusedError as refusal:
            self._service.till.refuse(refusal.code)
            outcome.refuse(refusal)

    def _poll(self, uuid: str, outcome: Outcome) -> None:
        record = self._service.records.find(uuid, self._service.clock.now_s())
        if record is not None:
            outcome.data, outcome.errors = items.polled(record)
            outcome.answered = bool(record.items)
            outcome.text = record.text

    def _fates(self, prepared: list[Prepared | RefusedError | str]) -> list[Plan]:
        """Draw which tasks of several fail; one at least is spared, so that the rest is a part."""
        asked = [one.task.request if isinstance(one, Prepared) else None for one in prepared]
        if len(asked) - asked.count(None) < 2:
            return [NO_FAULTS] * len(asked)
        fates = [
            NO_FAULTS if one is None else self._service.faults.draw(BATCH, one.text, one.digest)
            for one in asked
        ]
        if all(fate for fate, one in zip(fates, asked, strict=True) if one is not None):
            fates[next(at for at, one in enumerate(asked) if one is not None)] = NO_FAULTS
        return fates

    async def _finish(self, outcome: Outcome) -> None:
        job = outcome.job
        if job is None or job.task.delivery == "stream":
            return
        if is_pushed_or_polled(job.task, self._options):
            outcome.data = [items.acknowledgement(job.task.task_uuid)]
            return
        await job.done()
        if job.failure is not None:
            outcome.refuse(job.failure)
            return
        outcome.answered = True
        outcome.data = [items.item(job.task, answer, self._options) for answer in job.answers]


def status_of(outcomes: list[Outcome], partial_status: int) -> int:
    """Give the HTTP status: of the first refusal when nothing but refusals is there."""
    refusals = [outcome.refusal for outcome in outcomes if outcome.refusal is not None]
    if not refusals:
        return 200
    return partial_status if len(refusals) < len(outcomes) else refusals[0].status
