"""What asking of a document costs at most: its chunks, and merging what is answered.

A document that is begun is to be finished, so merging its answers belongs to its price. What has to
be asked again, as an answer that was cut short, does not: nobody can know of it before.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, fsum

from prompts.library import Prompt, Recipe
from tasks.chunk.request import fixed_tokens
from tasks.core.answers import Chunk
from tasks.core.capacity import Window
from tasks.core.requests import InferenceRequest
from tasks.infer.prices import NOTHING, Prices, Worst, worst_case

FRAME_TOKENS = 96
"""What the marks and headers around the text of one message may take."""

Asked = tuple[Chunk, InferenceRequest]


@dataclass(frozen=True, slots=True)
class Tariff:
    """What tokens cost, and what the provider may make of ours."""

    prices: Prices
    window: Window

    def worst(self, prompt_tokens: int, completion_tokens: int) -> Worst:
        """Price tokens by our count, of which the provider may count more in the prompt."""
        prompt = self.window.counted(prompt_tokens)
        usd = self.prices.usd(prompt_tokens=prompt, completion_tokens=completion_tokens)
        return Worst(prompt, completion_tokens, usd)


def worst_of(
    asked: Iterable[Asked],
    recipe: Recipe,
    prices: Prices,
    *,
    chunks: Sequence[Chunk],
    window: Window,
) -> Worst:
    """Price the requests that are still to be asked, and the merge of the answers to all chunks."""
    tariff = Tariff(prices, window)
    asking = [_chunk(chunk, request, recipe, tariff) for chunk, request in asked]
    return sum_of([*asking, _merging(chunks, recipe, tariff)])


def sum_of(parts: Iterable[Worst]) -> Worst:
    """Add up what several things cost at most."""
    told = list(parts)
    return Worst(
        sum(part.prompt_tokens for part in told),
        sum(part.completion_tokens for part in told),
        fsum(part.usd for part in told),
    )


def _chunk(chunk: Chunk, request: InferenceRequest, recipe: Recipe, tariff: Tariff) -> Worst:
    """Price a chunk, with the rounds in which what is missing is asked for."""
    context = sum(span.end - span.start for span in chunk.context)
    prompt = fixed_tokens(recipe.map) + FRAME_TOKENS + chunk.tokens + context
    first = worst_case(request, tariff.prices, prompt_tokens=tariff.window.counted(prompt))
    again = tariff.worst(prompt + request.max_tokens, request.max_tokens)
    return sum_of([first, *[again] * recipe.glean])


def _merging(chunks: Sequence[Chunk], recipe: Recipe, tariff: Tariff) -> Worst:
    """Price the merge by the model of answers that are all as long as they may be."""
    if len(chunks) < 2:
        return NOTHING
    if recipe.refine is not None:
        return sum_of(_refining(chunk, recipe, recipe.refine, tariff) for chunk in chunks[1:])
    if recipe.reduce is None:
        return NOTHING
    return sum_of(_levels(len(chunks), recipe, recipe.reduce, tariff))


def _levels(answers: int, recipe: Recipe, prompt: Prompt, tariff: Tariff) -> Iterable[Worst]:
    """Price the tree, level by level."""
    fixed = fixed_tokens(prompt) + FRAME_TOKENS
    room = tariff.window.prompt_tokens_at_most(max_tokens=prompt.max_tokens) - fixed
    length = recipe.map.max_tokens + FRAME_TOKENS
    while answers > 1:
        groups = ceil(answers / max(2, room // length))
        yield tariff.worst(answers * length + groups * fixed, groups * prompt.max_tokens)
        answers, length = groups, prompt.max_tokens + FRAME_TOKENS


def _refining(chunk: Chunk, recipe: Recipe, prompt: Prompt, tariff: Tariff) -> Worst:
    """Price taking one more chunk into the answer so far."""
    answers = prompt.max_tokens + recipe.map.max_tokens
    text = fixed_tokens(prompt) + 2 * FRAME_TOKENS + chunk.tokens + answers
    return tariff.worst(text, prompt.max_tokens)
