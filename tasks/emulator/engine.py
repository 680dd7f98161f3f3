"""The extractive engine: it answers with nothing but what stands in the request.

It quotes the sentences that matter, or fills a JSON schema with spans that it finds, and says that
no model was asked. It knows nothing of the world, so it cannot make anything up.
"""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tasks.emulator import schema
from tasks.emulator.frames import read_frame
from tasks.emulator.passages import (
    LABEL,
    NOT_RELEVANT,
    NOTHING_TO_QUOTE,
    Passage,
    read_passages,
)
from tasks.emulator.requests import InferenceRequest
from tasks.emulator.selection import Ranking, how_many
from tasks.emulator.tokens import count_tokens, first_tokens


@dataclass(frozen=True, slots=True)
class Completion:
    """An answer; the thinking tokens lie inside the completion tokens."""

    text: str
    finish_reason: str
    completion_tokens: int
    thinking_tokens: int


def complete(request: InferenceRequest) -> list[Completion]:
    """Give as many completions as are asked for, each from a seed of its own."""
    frame = read_frame(request.messages[-1].content, request.system_prompt)
    passages = read_passages(frame.sources)
    ranking = Ranking(passages, frame.question)
    shape = schema.find_schema(request.system_prompt or "")
    completions = []
    for seed in _seeds(request):
        thinking = _thinking_tokens(request, seed)
        room = request.max_tokens - thinking
        order = ranking.best(seed=seed, temperature=request.temperature)
        if not ranking.relevant:
            order = iter(())
        if shape is not None:
            text = schema.fill(shape, passages, order, room=room)
        else:
            text = _extract(passages, order, room=room) if ranking.relevant else NOT_RELEVANT
        completions.append(_completion(text, thinking, room))
    return completions


def _extract(passages: Sequence[Passage], order: Iterator[int], *, room: int) -> str:
    """Quote the best passages that fit the room, in the order of the source."""
    chosen: list[int] = []
    wanted = how_many(passages)
    cut_short = ""
    for at in order:
        text = _text(passages, [*chosen, at])
        if count_tokens(text) <= room:
            chosen.append(at)
        cut_short = cut_short or text
        if len(chosen) == wanted:
            break
    if chosen:
        return _text(passages, chosen)
    return cut_short or f"{LABEL}\n\n{NOTHING_TO_QUOTE}"


def _text(passages: Sequence[Passage], chosen: Sequence[int]) -> str:
    return "\n".join([LABEL, "", *(passages[at].to_line() for at in sorted(chosen))])


def _completion(text: str, thinking: int, room: int) -> Completion:
    """Cut a text that is longer than its room, as a model's answer would be."""
    fits = count_tokens(text) <= room
    shown = text if fits else first_tokens(text, room)
    reason = "stop" if fits else "length"
    return Completion(shown, reason, thinking + count_tokens(shown), thinking)


def _seeds(request: InferenceRequest) -> list[int]:
    # Where the contract draws a random seed, the content gives it: a run can be repeated.
    first = request.seed if request.seed is not None else int(request.digest()[:8], 16)
    return [(first + offset) % 2**32 for offset in range(request.results)]


def _thinking_tokens(request: InferenceRequest, seed: int) -> int:
    """Emulate the thoughts that the model always has, and that count against maxTokens."""
    natural = (
        24
        + zlib.crc32(
            f"{seed}:{request.messages[-1].content[:1000]}".encode("utf-8", "backslashreplace")
        )
        % 40
    )
    return min(natural, request.max_tokens // 4)
