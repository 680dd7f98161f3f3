"""Answer checked requests: run the engine beside the event loop, and bill what it gives."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tasks.emulator.engine import extractive as engine
from tasks.emulator.engine.extractive import Completion
from tasks.emulator.options import EmulatorOptions
from tasks.emulator.refusal import RefusedError
from tasks.emulator.wire import contract
from tasks.emulator.wire.contract import InferenceTask
from tasks.emulator.wire.requests import InferenceRequest, check_window
from tasks.emulator.work.till import Till, to_usd


@dataclass(frozen=True, slots=True)
class Answer:
    """One completion with what it is billed for."""

    completion: Completion
    prompt_tokens: int
    picodollars: int


class Service:
    """Hold what outlives a request: the till, and the tasks that are running."""

    def __init__(self, options: EmulatorOptions) -> None:
        self.options = options
        self.till = Till(options)
        self._running: set[str] = set()
        self._finished: set[str] = set()

    def reset(self) -> None:
        """Forget bills and finished tasks; running ones go on."""
        self.till.reset()
        self._finished.clear()

    async def run_all(self, tasks: list[Any]) -> list[list[dict[str, Any]] | RefusedError]:
        """Run the tasks of one POST side by side; each is answered or refused by itself."""
        return await asyncio.gather(*(self._run_or_refuse(task) for task in tasks))

    async def answer(self, request: InferenceRequest, *, parameter: str) -> list[Answer]:
        """Answer and bill a request; `parameter` is what its endpoint calls maxTokens."""
        await asyncio.sleep(self.options.latency_s)
        prompt, completions = await asyncio.to_thread(_complete, request, parameter)
        answers = [
            Answer(one, prompt, self.till.price(prompt, one.completion_tokens))
            for one in completions
        ]
        self.till.bill(request.digest(), sum(answer.picodollars for answer in answers))
        return answers

    async def _run_or_refuse(self, raw: object) -> list[dict[str, Any]] | RefusedError:
        try:
            task = contract.read_task(raw, self.options)
            with self._registered(task.task_uuid):
                answers = await self.answer(task.request, parameter="settings.maxTokens")
        except RefusedError as refusal:
            return refusal
        return [_item(task, answer) for answer in answers]

    @contextmanager
    def _registered(self, task_uuid: str) -> Iterator[None]:
        """Hold the UUID while its task runs; refuse it to a second task meanwhile."""
        if task_uuid in self._running | self._finished:
            state = "running" if task_uuid in self._running else "finished"
            raise RefusedError(
                "conflictTaskUUID",
                f"A task with taskUUID {task_uuid} is already {state}.",
                parameter="taskUUID",
            )
        self._running.add(task_uuid)
        try:
            yield
            if self.options.refuse_finished_uuids:
                self._finished.add(task_uuid)
        finally:
            self._running.discard(task_uuid)


def _complete(request: InferenceRequest, parameter: str) -> tuple[int, list[Completion]]:
    """Do what is long enough to be done beside the event loop."""
    return check_window(request, parameter=parameter), engine.complete(request)


def _item(task: InferenceTask, answer: Answer) -> dict[str, Any]:
    """Give one element of the `data` array."""
    completion = answer.completion
    item: dict[str, Any] = {
        "taskType": contract.TASK_TYPE,
        "taskUUID": task.task_uuid,
        "text": completion.text,
        "finishReason": completion.finish_reason,
    }
    if task.include_cost:
        item["cost"] = to_usd(answer.picodollars)
    if task.include_usage:
        item["usage"] = {
            "promptTokens": answer.prompt_tokens,
            "completionTokens": completion.completion_tokens,
            "totalTokens": answer.prompt_tokens + completion.completion_tokens,
            "thinkingTokens": completion.thinking_tokens,
        }
    return item
