"""The elements of the `data` array, and of the chunks of a stream."""

from typing import Any

from tasks.emulator.options import EmulatorOptions
from tasks.emulator.refusal import RefusedError
from tasks.emulator.wire.contract import TASK_TYPE, InferenceTask
from tasks.emulator.work.jobs import Answer, Record
from tasks.emulator.work.till import to_usd


def acknowledgement(task_uuid: str) -> dict[str, Any]:
    """Give what an asynchronous task is taken with: neither a status nor a text."""
    return {"taskType": TASK_TYPE, "taskUUID": task_uuid}


def item(task: InferenceTask, answer: Answer, options: EmulatorOptions) -> dict[str, Any]:
    """Give a finished result."""
    completion = answer.completion
    return {
        **acknowledgement(task.task_uuid),
        "text": completion.text,
        "finishReason": completion.finish_reason,
        **answer.extra,
        **accounts(task, answer, options),
    }


def accounts(task: InferenceTask, answer: Answer, options: EmulatorOptions) -> dict[str, Any]:
    """Give seed, cost and usage, as far as they are asked for."""
    shown: dict[str, Any] = {"seed": answer.completion.seed} if options.show_seed else {}
    if task.include_cost or options.unasked_cost:
        usd = to_usd(answer.picodollars)
        shown["cost"] = usd if options.cost_decimals is None else round(usd, options.cost_decimals)
    if task.include_usage or options.unasked_usage:
        shown["usage"] = _usage(answer, options)
    return shown


def _usage(answer: Answer, options: EmulatorOptions) -> dict[str, int]:
    completion = answer.completion
    beside = options.thinking_tokens == "beside"
    shown = completion.completion_tokens - (completion.thinking_tokens if beside else 0)
    return {
        "promptTokens": answer.prompt_tokens,
        "completionTokens": shown,
        "totalTokens": answer.prompt_tokens + shown,
        "thinkingTokens": completion.thinking_tokens,
    }


def polled(record: Record) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Give all that is known of a task, as `data` and as `errors`; each poll tells it anew."""
    known = acknowledgement(record.uuid)
    if record.failure is None:
        waiting = record.results - len(record.items)
        return [*record.items, *([known | {"status": "processing"}] * waiting)], []
    if record.failure_form == "errors":
        return [], [record.failure.to_entry(known)]
    error: object = record.failure.to_entry()
    if record.failure_form == "text":
        error = record.failure.message
    return [known | {"status": "error", "error": error}], []


def with_status(result: dict[str, Any]) -> dict[str, Any]:
    """Give a finished result as a poll shows it."""
    known = {"taskType": result["taskType"], "taskUUID": result["taskUUID"], "status": "success"}
    return known | result


def failed(failure: RefusedError, task_uuid: str) -> dict[str, Any]:
    """Give the entry of `errors` for a task that failed."""
    return failure.to_entry(acknowledgement(task_uuid))
