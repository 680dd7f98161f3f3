"""The extractive engine: it answers with nothing but what stands in the request.

It quotes the sentences that matter, or fills a JSON schema with spans that it finds, and says that
no model was asked. It knows nothing of the world, so it cannot make anything up.
"""

from collections.abc import Sequence

from tasks.emulator.engine import structured
from tasks.emulator.engine.completion import (
    Completion,
    cut_to_room,
    natural_thinking_tokens,
    seeds_of,
)
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
from tasks.emulator.engine.tokens import count_tokens
from tasks.emulator.wire.requests import InferenceRequest


def complete(request: InferenceRequest, seeds: Sequence[int] | None = None) -> list[Completion]:
    """Give as many completions as are asked for, each from a seed of its own."""
    frame = read_frame(request.text, request.system_prompt)
    passages = read_passages(frame.sources)
    ranking = Ranking(passages, frame.question)
    shape = find_schema(request.system_prompt or "")
    completions = []
    for seed in seeds_of(request) if seeds is None else seeds:
        thinking = natural_thinking_tokens(request, seed)
        room = request.max_tokens - thinking
        order = list(ranking.best(seed=seed, temperature=request.temperature))
        if shape is not None:
            text = structured.answer(shape, passages, order, room=room)
        else:
            text = _extract(passages, ranking, order, room=room)
        completions.append(
            cut_to_room(text, thinking_tokens=thinking, max_tokens=request.max_tokens, seed=seed)
        )
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
