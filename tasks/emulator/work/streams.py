"""Turn the answers of a job into the frames of a stream."""

from collections.abc import Callable
from typing import Any

from tasks.emulator.options import EmulatorOptions
from tasks.emulator.wire import sse
from tasks.emulator.work import items
from tasks.emulator.work.jobs import Answer, Job

Frames = Callable[[Job], list[bytes]]
"""Takes a finished job; gives all frames but the last, `[DONE]`, which may be shared."""


def native(job: Job, options: EmulatorOptions) -> list[bytes]:
    """Give the chunks of a native stream: reasoning, a comment, text, the end with its account."""
    known = {"taskUUID": job.task.task_uuid, "taskType": "textInference"}

    def chunk(index: int, delta: dict[str, Any], reason: str | None) -> dict[str, Any]:
        # `resultIndex` is reserved for streams of several results, which are refused by default.
        more = {"resultIndex": index} if job.request.results > 1 else {}
        return known | more | {"delta": delta, "finishReason": reason}

    frames: list[bytes] = []
    for index, answer in enumerate(job.answers):
        deltas = [
            chunk(index, delta, None) for delta in deltas_of(answer, "reasoningContent", "text")
        ]
        last = chunk(index, {}, answer.completion.finish_reason)
        last |= items.accounts(job.task, answer, options)
        frames += frames_of(answer, deltas, last)
    if job.failure is None:
        return frames
    entry = items.failed(job.failure, job.task.task_uuid)
    return [*before_failure(job, frames), sse.frame({"errors": [entry]})]


def is_done_sent(job: Job, options: EmulatorOptions) -> bool:
    """Tell whether a stream ends with `[DONE]`: always, but perhaps not after an error."""
    if job.failure is None:
        return True
    if "mid_stream_error" in job.plan and job.plan["mid_stream_error"]["done"] is not None:
        return bool(job.plan["mid_stream_error"]["done"])
    return options.done_after_stream_error


def deltas_of(answer: Answer, reasoning: str, text: str) -> list[dict[str, str]]:
    """Give the deltas of an answer, with the names that they bear: thoughts, then text."""
    completion = answer.completion
    return [
        *({reasoning: piece} for piece in sse.pieces(completion.reasoning)),
        *({text: piece} for piece in sse.pieces(completion.text)),
    ]


def frames_of(answer: Answer, deltas: list[dict[str, Any]], last: dict[str, Any]) -> list[bytes]:
    """Give the frames of an answer, a comment between thoughts and text."""
    texts = len(sse.pieces(answer.completion.text))
    frames = [sse.frame(delta) for delta in deltas]
    frames.insert(len(frames) - texts, sse.PING)
    return [*frames, sse.frame(last)]


def before_failure(job: Job, frames: list[bytes]) -> list[bytes]:
    """Give what is sent before an error frame; the end of an answer is never among it."""
    if "mid_stream_error" not in job.plan or not frames:
        return []
    return frames[: min(int(len(frames) * job.plan["mid_stream_error"]["after"]), len(frames) - 1)]
