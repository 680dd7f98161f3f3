"""What asking of a document costs at most: its chunks, and merging what is answered.

A document that is begun is to be finished, so merging its answers belongs to its price. What has to
be asked again, as an answer that was cut short, does not: nobody can know of it before.
"""

from collections.abc import Iterable, Sequence
from math import ceil, fsum

from prompts.library import Prompt, Recipe
from tasks.chunk.request import fixed_tokens
from tasks.core.answers import Chunk
from tasks.core.capacity import MARGIN, prompt_tokens_at_most
from tasks.core.requests import InferenceRequest
from tasks.infer.prices import NOTHING, Prices, Worst, worst_case

FRAME_TOKENS = 96
"""What the marks and headers around the text of one message may take."""

Asked = tuple[Chunk, InferenceRequest]


def worst_of(
    asked: Iterable[Asked],
    recipe: Recipe,
    prices: Prices,
    *,
    chunks: Sequence[Chunk],
    window: int,
) -> Worst:
    """Price the requests that are still to be asked, and the merge of the answers to all chunks."""
    asking = [_chunk(chunk, request, recipe, prices) for chunk, request in asked]
    return sum_of([*asking, _merging(chunks, recipe, prices, window=window)])


def sum_of(parts: Iterable[Worst]) -> Worst:
    """Add up what several things cost at most."""
    told = list(parts)
    return Worst(
        sum(part.prompt_tokens for part in told),
        sum(part.completion_tokens for part in told),
        fsum(part.usd for part in told),
    )


def _chunk(chunk: Chunk, request: InferenceRequest, recipe: Recipe, prices: Prices) -> Worst:
    """Price a chunk, with the rounds in which what is missing is asked for."""
    context = sum(span.end - span.start for span in chunk.context)
    prompt = fixed_tokens(recipe.map) + FRAME_TOKENS + chunk.tokens + context
    first = worst_case(request, prices, prompt_tokens=prompt)
    again = _tokens(prompt + request.max_tokens, request.max_tokens, prices)
    return sum_of([first, *[again] * recipe.glean])


def _merging(chunks: Sequence[Chunk], recipe: Recipe, prices: Prices, *, window: int) -> Worst:
    """Price the merge by the model of answers that are all as long as they may be."""
    if len(chunks) < 2:
        return NOTHING
    if recipe.refine is not None:
        return sum_of(_refining(chunk, recipe, recipe.refine, prices) for chunk in chunks[1:])
    if recipe.reduce is None:
        return NOTHING
    return sum_of(_levels(len(chunks), recipe, recipe.reduce, window, prices))


def _levels(
    answers: int, recipe: Recipe, prompt: Prompt, window: int, prices: Prices
) -> Iterable[Worst]:
    """Price the tree, level by level."""
    fixed = fixed_tokens(prompt) + FRAME_TOKENS
    room = prompt_tokens_at_most(window=window, max_tokens=prompt.max_tokens) - fixed
    length = recipe.map.max_tokens + FRAME_TOKENS
    while answers > 1:
        groups = ceil(answers / max(2, room // length))
        yield _tokens(answers * length + groups * fixed, groups * prompt.max_tokens, prices)
        answers, length = groups, prompt.max_tokens + FRAME_TOKENS


def _refining(chunk: Chunk, recipe: Recipe, prompt: Prompt, prices: Prices) -> Worst:
    """Price taking one more chunk into the answer so far."""
    answers = prompt.max_tokens + recipe.map.max_tokens
    text = fixed_tokens(prompt) + 2 * FRAME_TOKENS + chunk.tokens + answers
    return _tokens(text, prompt.max_tokens, prices)


def _tokens(prompt_tokens: int, completion_tokens: int, prices: Prices) -> Worst:
    """Price tokens, of which the provider may count more in the prompt."""
    prompt = ceil(prompt_tokens * (1 + MARGIN))
    usd = prices.usd(prompt_tokens=prompt, completion_tokens=completion_tokens)
    return Worst(prompt, completion_tokens, usd)
