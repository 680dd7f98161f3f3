"""The extractive engine: it answers with nothing but what stands in the request.

It quotes the sentences that matter, or fills a JSON schema with spans that it finds, and says that
no model was asked. It knows nothing of the world, so it cannot make anything up.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from tasks.emulator.engine import structured
from tasks.emulator.engine.frames import read_frame
from tasks.emulator.engine.passages import (
    LABEL,
    NOT_RELEVANT,
    NOTHING_TO_QUOTE,
    Passage,
    read_passages,
)
from tasks.emulator.engine.schema import find_schema
from tasks.emulator.engine.selection import MISFITS, Ranking, how_many
from tasks.emulator.engine.tokens import count_tokens, first_tokens
from tasks.emulator.wire.requests import InferenceRequest


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
    shape = find_schema(request.system_prompt or "")
    completions = []
    for seed in _seeds(request):
        thinking = _thinking_tokens(request, seed)
        room = request.max_tokens - thinking
        order = list(ranking.best(seed=seed, temperature=request.temperature))
        if shape is not None:
            text = structured.answer(shape, passages, order, room=room)
        else:
            text = _extract(passages, ranking, order, room=room)
        completions.append(_completion(text, thinking, room))
    return completions


def _extract(
    passages: Sequence[Passage], ranking: Ranking, order: Sequence[int], *, room: int
) -> str:
    """Quote the best passages that fit the room, in the order of the source."""
    if not ranking.relevant:
        return NOT_RELEVANT
    wanted = how_many(passages)
    chosen: list[int] = []
    misfits: list[str] = []
    for at in order:
        if not passages[at].quotable or ranking.repeats(at, chosen):
            continue
        text = _text(passages, [*chosen, at])
        if count_tokens(text) <= room:
            chosen.append(at)
        else:
            misfits.append(text)
        if len(chosen) == wanted or len(misfits) == MISFITS:
            break
    if chosen:
        return _text(passages, chosen)
    return misfits[0] if misfits else f"{LABEL}\n\n{NOTHING_TO_QUOTE}"


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
