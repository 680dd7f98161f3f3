"""One chunk as a request: the recipe's prompt, and the chunk's text in its frame."""

from collections.abc import Sequence

from prompts.frame import context, source, user_message
from prompts.library import Prompt, Recipe
from tasks.chunk.sending import sent_text
from tasks.chunk.surroundings import PATH_SEPARATOR
from tasks.core.capacity import capacity_tokens
from tasks.core.documents import Chunk, Document
from tasks.core.requests import MESSAGE_TOKENS, REQUEST_TOKENS, InferenceRequest, Message
from tasks.core.tokens import count_tokens


def map_request(document: Document, chunk: Chunk, recipe: Recipe) -> InferenceRequest:
    """Build the inference task that asks a recipe's map prompt of one chunk."""
    prompt = recipe.map
    return InferenceRequest(
        model=recipe.model,
        system_prompt=prompt.system,
        messages=(*prompt.examples, Message("user", user_text(document, chunk))),
        max_tokens=prompt.max_tokens,
        temperature=prompt.temperature,
        top_p=prompt.top_p,
        seed=prompt.seed,
        number_results=recipe.number_results,
    )


def user_text(document: Document, chunk: Chunk) -> str:
    """Give the user message of a chunk: what travels with it, then its text, each fenced."""
    around = "\n\n".join(sent_text(document, span) for span in chunk.context)
    headers = {
        "part": f"{chunk.index} of {chunk.total}",
        "section": PATH_SEPARATOR.join(chunk.headings),
    }
    pieces = (context(around),) if around else ()
    return user_message(*pieces, source(sent_text(document, chunk), headers))


def message_capacity(prompt: Prompt, window: int) -> int:
    """Give the tokens that the user message may have, frame and all; ConfigError if too few."""
    return capacity_tokens(
        window=window, fixed_tokens=fixed_tokens(prompt), max_tokens=prompt.max_tokens
    )


def fixed_tokens(prompt: Prompt) -> int:
    """Count what every request of a prompt holds beside the text of its user message."""
    return REQUEST_TOKENS + MESSAGE_TOKENS + _tokens(prompt.system, prompt.examples)


def _tokens(system: str, messages: Sequence[Message]) -> int:
    return count_tokens(system) + sum(
        MESSAGE_TOKENS + count_tokens(message.content) for message in messages
    )
