"""Take tasks, answer them in the background, bill them.

    raw ── prepare ──► Prepared ── take ──► Job: running ──► answered, billed
             │                      │                  └───► failed, not billed
             └─ refused             └─ refused: conflict, window, gate

A task is billed at the moment when its answer is finished, whatever its delivery: a client that
has gone away by then pays all the same, as with the service that is emulated.
"""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any

from tasks.emulator.clock import Clock
from tasks.emulator.faults import gate
from tasks.emulator.faults.catalogue import GATE, POLLED, SLIPS, STREAM, WEBHOOK, WORK
from tasks.emulator.faults.latency import seconds_of
from tasks.emulator.faults.rules import NO_FAULTS, Faults, Plan
from tasks.emulator.options import EmulatorOptions
from tasks.emulator.refusal import RefusedError
from tasks.emulator.wire import contract
from tasks.emulator.wire.contract import InferenceTask
from tasks.emulator.wire.requests import InferenceRequest, fit_window
from tasks.emulator.work import items
from tasks.emulator.work.answering import Answering
from tasks.emulator.work.jobs import Answer, Job, Record, Records
from tasks.emulator.work.till import Till
from tasks.emulator.work.webhooks import Courier

_LONG_CHARACTERS = 100_000  # beyond this, counting tokens holds up the event loop for milliseconds
_FAILURES = ("partial_failure", "poll_failed", "mid_stream_error")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A task that keeps to the contract, and what befalls it at the gate."""

    task: InferenceTask
    gate: Plan
    parameter: str  # what its endpoint calls maxTokens


class Service:
    """Hold what outlives a request: the till, the rules, the tasks and their results."""

    def __init__(self, options: EmulatorOptions, clock: Clock, courier: Courier) -> None:
        self.options = options
        self.clock = clock
        self.till = Till(options)
        self.courier = courier
        self.answering = Answering(options, self.till)
        self.faults = Faults(options.fault_seed)
        self.faults.set(list(options.faults), clock.now_s())
        self.records = Records(options.retention_s)
        self._running: dict[str, Job | None] = {}
        self._unnamed: set[Job] = set()
        self._finished: set[str] = set()

    def reset(self) -> None:
        """Forget counts and finished tasks; running ones and the rules stay."""
        self.till.reset()
        self.courier.counts.clear()
        self.faults.fired.clear()
        self.records.clear()
        self._finished.clear()

    def stats(self) -> dict[str, Any]:
        """Give all counts."""
        counts = self.courier.counts
        return {
            **self.till.stats(),
            "webhooks_sent": counts["sent"],
            "webhooks_delivered": counts["delivered"],
            "webhooks_given_up": counts["given_up"],
            "faults_fired": dict(self.faults.fired),
        }

    def prepare(self, raw: object) -> Prepared:
        """Check a native task; RefusedError when it breaks the contract."""
        task = contract.read_task(raw, self.options)
        return self.at_gate(task, "settings.maxTokens")

    def at_gate(self, task: InferenceTask, parameter: str) -> Prepared:
        """Draw what befalls a task before it is taken."""
        request = task.request
        plan = self.faults.draw(GATE, request.text, request.digest)
        return Prepared(task, plan, parameter)

    async def take(self, prepared: Prepared, fate: Plan = NO_FAULTS) -> Job:
        """Take a task, with what befalls it already, and begin its work; RefusedError if not."""
        task = prepared.task
        gate.check(prepared.gate, in_flight=self.till.tasks_running, now_s=self.clock.now_s())
        self._hold(task.task_uuid)
        self.till.start()
        try:
            request = await self._fit(prepared)
        except BaseException:
            self._release(task.task_uuid)
            raise
        job = Job(task, request, {**self._draw(task), **fate})
        self._begin(job)
        return job

    def _draw(self, task: InferenceTask) -> Plan:
        names = list(WORK)
        if self.options.engine == "planted":
            names += SLIPS
        if task.delivery == "stream":
            names += STREAM
        elif is_pushed_or_polled(task, self.options):
            names += POLLED
        return self.faults.draw(names, task.request.text, task.request.digest)

    def _hold(self, task_uuid: str) -> None:
        """Hold the UUID while its task runs; refuse it to a second task meanwhile."""
        if task_uuid in self._running or task_uuid in self._finished:
            state = "running" if task_uuid in self._running else "finished"
            raise RefusedError(
                "conflictTaskUUID",
                f"A task with taskUUID {task_uuid} is already {state}.",
                parameter="taskUUID",
            )
        if task_uuid:
            self._running[task_uuid] = None

    def _release(self, task_uuid: str) -> None:
        self._running.pop(task_uuid, None)
        self.till.finish()

    async def _fit(self, prepared: Prepared) -> InferenceRequest:
        request = prepared.task.request
        if request.characters() > _LONG_CHARACTERS:
            await asyncio.to_thread(lambda: request.prompt_tokens)
        clamp = self.options.overflow == "clamp"
        window = self.options.window_tokens
        return fit_window(request, parameter=prepared.parameter, window=window, clamp=clamp)

    def _begin(self, job: Job) -> None:
        task = job.task
        if is_pushed_or_polled(task, self.options) or self.options.poll_every_delivery:
            text = task.request.text if self.faults.are_set else ""
            job.record = Record(task.task_uuid, task.request.results, text)
            self.records.open(job.record)
        job.work = asyncio.create_task(self._work(job))
        if task.task_uuid:
            self._running[task.task_uuid] = job
        else:
            self._unnamed.add(job)  # the loop itself holds tasks only weakly

    async def _work(self, job: Job) -> None:
        try:
            await self._answer(job)
        except RefusedError as failure:
            self._fail(job, failure)
        except Exception:  # noqa: BLE001 # the edge of a background task: pollers wait for an end
            _log.exception("The emulator could not answer task %s.", job.task.task_uuid)
            self._fail(job, RefusedError("internalServerError", "It broke down.", status=500))
        finally:
            self._end(job)

    async def _answer(self, job: Job) -> None:
        """Make the answers; they show one by one, the last when the latency is over."""
        answers = await self.answering.answers(job)
        latency_s = seconds_of(job.plan, self.options.latency_s)
        failing = next((job.plan[name] for name in _FAILURES if name in job.plan), None)
        if failing is not None:
            await self._sleep(latency_s)
            if "mid_stream_error" in job.plan:
                job.answers = answers
                if failing["billed"]:
                    self._bill(job)
            raise gate.failure(failing)
        for answer in answers:
            await self._sleep(latency_s / len(answers))
            job.answers.append(answer)
            self._show(job, answer)
        self._bill(job)

    async def _sleep(self, seconds: float) -> None:
        if seconds > 0:
            await self.clock.sleep(seconds)

    def _show(self, job: Job, answer: Answer) -> None:
        if job.record is None and job.task.webhook_url is None:
            return
        result = items.item(job.task, answer, self.options)
        if job.record is not None:
            job.record.items.append(items.with_status(result))
        self._push(job, result)

    def _push(self, job: Job, body: dict[str, Any]) -> None:
        if job.task.webhook_url is not None:
            request = job.task.request
            plan = self.faults.draw(WEBHOOK, request.text, request.digest)
            self.courier.send(job.task.webhook_url, body, plan)

    def _fail(self, job: Job, failure: RefusedError) -> None:
        job.failure = failure
        if job.record is not None:
            job.record.failure = failure
            if "poll_failed" in job.plan:
                job.record.failure_form = job.plan["poll_failed"]["as"]
        entry = items.failed(failure, job.task.task_uuid)
        flat = self.options.webhook_failure_body == "flat"
        self._push(job, entry if flat else {"errors": [entry]})

    def _bill(self, job: Job) -> None:
        price = sum(answer.picodollars for answer in job.answers)
        self.till.bill(job.task.request.digest, price, task_uuid=job.task.task_uuid)

    def _end(self, job: Job) -> None:
        if job.record is not None:
            self.records.close(job.record, self.clock.now_s())
        if self.options.refuse_finished_uuids and job.task.task_uuid and job.failure is None:
            self._finished.add(job.task.task_uuid)
        self._unnamed.discard(job)
        self._release(job.task.task_uuid)


def is_pushed_or_polled(task: InferenceTask, options: EmulatorOptions) -> bool:
    """Tell whether a task is answered by an acknowledgement, and its results come later."""
    pushed = task.webhook_url is not None and options.sync_with_webhook == "ack"
    return task.delivery == "async" or pushed
