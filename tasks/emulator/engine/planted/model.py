"""The scripted model: it answers with the planted facts of the request, and with nothing else.

It stands for a model that overlooks nothing, so that a pipeline's own losses can be counted: what
is missing from the last output was lost on the way. Asked of a part of a document it quotes every
fact with its page, and with its document where there are several; asked to merge earlier answers it
unites the facts that they state; asked for JSON it makes a record of each. It sees only the
request's text, and is cut at maxTokens.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from tasks.emulator.engine.completion import (
    Completion,
    cut_to_room,
    natural_thinking_tokens,
    seeds_of,
)
from tasks.emulator.engine.frames import read_frame
from tasks.emulator.engine.passages import NOT_RELEVANT
from tasks.emulator.engine.planted.facts import Fact, find_facts, united
from tasks.emulator.engine.planted.records import records_of
from tasks.emulator.engine.schema import find_schema
from tasks.emulator.wire.requests import InferenceRequest

NOTHING = "No fact was planted here."
_ASKS_FOR_THE_REST = re.compile(r"\b(?:miss(?:ed|ing)?|left out|overlooked|omitted)\b", re.I)


@dataclass(frozen=True, slots=True)
class Reading:
    """The facts that a request asks for; `merging` when earlier answers are its sources."""

    facts: tuple[Fact, ...]
    merging: bool


def read(request: InferenceRequest) -> Reading:
    """Find the facts that are asked for: those that stand in the sources of the user's turns.

    In a conversation that goes on, a last turn without facts asks about those before it: for what
    the answer has left out, if it says so, else for the whole answer again.
    """
    turns = [turn.content for turn in request.messages if turn.role == "user"]
    facts = _facts_in(turns[-1], request.system_prompt)
    if not facts:
        facts = tuple(chain.from_iterable(_facts_in(turn, None) for turn in turns[:-1]))
        if _ASKS_FOR_THE_REST.search(turns[-1]):
            facts = _without(facts, request)
    return Reading(united(facts), merging=any(fact.quoted for fact in facts))


def complete(
    request: InferenceRequest, facts: Sequence[Fact], seeds: Sequence[int] | None = None
) -> list[Completion]:
    """State the facts, in the form that is asked for, once for each result."""
    text = _text(request, facts)
    return [
        cut_to_room(
            text,
            thinking_tokens=natural_thinking_tokens(request, seed),
            max_tokens=request.max_tokens,
            seed=seed,
        )
        for seed in (seeds_of(request) if seeds is None else seeds)
    ]


def _facts_in(content: str, system_prompt: str | None) -> tuple[Fact, ...]:
    sources = read_frame(content, system_prompt).sources
    return tuple(
        chain.from_iterable(find_facts(source.text, source.document) for source in sources)
    )


def _without(facts: Sequence[Fact], request: InferenceRequest) -> tuple[Fact, ...]:
    """Take away the facts that the model's own turns have stated."""
    said = "\n".join(turn.content for turn in request.messages if turn.role == "assistant")
    stated = {fact.key for fact in find_facts(said.replace('\\"', "”"))}
    return tuple(fact for fact in facts if fact.key not in stated)


def _text(request: InferenceRequest, facts: Sequence[Fact]) -> str:
    prompt = request.system_prompt or ""
    shape = find_schema(prompt)
    if shape is not None:
        return records_of(shape, facts)
    if facts:
        return "\n".join(fact.to_line() for fact in facts)
    return NOT_RELEVANT if NOT_RELEVANT in prompt else NOTHING
