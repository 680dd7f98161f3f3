"""Replies and streams of the OpenAI-compatible endpoint."""

from typing import Any

from tasks.emulator.options import MODEL
from tasks.emulator.refusal import RefusedError
from tasks.emulator.wire import sse
from tasks.emulator.work.jobs import Answer, Job
from tasks.emulator.work.streams import before_failure, deltas_of, frames_of


def reply(job: Job, *, created_s: int) -> dict[str, Any]:
    """Give the body of a finished completion; thoughts are counted but shown only by fault."""
    answer = job.answers[0]
    completion = answer.completion
    message: dict[str, Any] = {"role": "assistant", "content": completion.text}
    if "reasoningContent" in answer.extra:
        message["reasoning_content"] = answer.extra["reasoningContent"]
    return {
        "id": _id_of(job),
        "object": "chat.completion",
        "created": created_s,
        "model": MODEL,
        "choices": [{"index": 0, "message": message, "finish_reason": completion.finish_reason}],
        "usage": usage(answer),
    }


def frames(job: Job, *, created_s: int, with_usage: bool) -> list[bytes]:
    """Give the chunks of a chat completion."""
    known = {
        "id": _id_of(job),
        "object": "chat.completion.chunk",
        "created": created_s,
        "model": MODEL,
    }

    def chunk(delta: dict[str, Any], reason: str | None) -> dict[str, Any]:
        return known | {"choices": [{"index": 0, "delta": delta, "finish_reason": reason}]}

    given: list[bytes] = []
    for answer in job.answers:
        deltas = [chunk(delta, None) for delta in deltas_of(answer, "reasoning_content", "content")]
        first = chunk({"role": "assistant", "content": ""}, None)
        given += frames_of(answer, [first, *deltas], chunk({}, answer.completion.finish_reason))
        if with_usage:
            given.append(sse.frame(known | {"choices": [], "usage": usage(answer)}))
    if job.failure is None:
        return given
    return [*before_failure(job, given), sse.frame(error(job.failure))]


def usage(answer: Answer) -> dict[str, int]:
    """Give the usage as OpenAI shapes it."""
    completion = answer.completion.completion_tokens
    return {
        "prompt_tokens": answer.prompt_tokens,
        "completion_tokens": completion,
        "total_tokens": answer.prompt_tokens + completion,
    }


def error(refusal: RefusedError) -> dict[str, Any]:
    """Give the body of a refusal as OpenAI shapes it."""
    kinds = {401: "authentication_error", 429: "rate_limit_error"}
    default = "server_error" if refusal.status >= 500 else "invalid_request_error"
    return {
        "error": {
            "message": refusal.message,
            "type": kinds.get(refusal.status, default),
            "param": refusal.parameter,
            "code": refusal.code,
        }
    }


def _id_of(job: Job) -> str:
    return f"chatcmpl-{job.request.digest[:24]}"
