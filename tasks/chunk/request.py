"""One chunk as a request: the recipe's prompt, and the chunk's text in its frame."""

from collections.abc import Sequence
from dataclasses import replace

from prompts.frame import context, source, user_message
from prompts.library import Prompt, Recipe
from tasks.chunk.sending import sent_text
from tasks.chunk.surroundings import PATH_SEPARATOR
from tasks.core.answers import Chunk
from tasks.core.capacity import Window, capacity_tokens
from tasks.core.documents import Document
from tasks.core.requests import (
    MESSAGE_TOKENS,
    REQUEST_TOKENS,
    InferenceRequest,
    Message,
    request_tokens,
)
from tasks.core.tokens import count_tokens

ROOM_SHARE = 0.25
"""A second answer with less than this share of the first one's room would be cut short."""


def map_request(document: Document, chunk: Chunk, recipe: Recipe) -> InferenceRequest:
    """Build the inference task that asks a recipe's map prompt of one chunk."""
    request = bare_request(recipe)
    asked = Message("user", user_text(document, chunk))
    return replace(request, messages=(*request.messages, asked))


def bare_request(recipe: Recipe, *, model: str | None = None) -> InferenceRequest:
    """Give what all requests of a recipe's map prompt share, with no text in it yet."""
    prompt = recipe.map
    return InferenceRequest(
        model=model or recipe.model,
        system_prompt=prompt.system,
        messages=prompt.examples,
        max_tokens=prompt.max_tokens,
        temperature=prompt.temperature,
        top_p=prompt.top_p,
        seed=prompt.seed,
        number_results=recipe.number_results,
    )


def follow_up(
    request: InferenceRequest, said: Sequence[Message], *, window: Window
) -> InferenceRequest | None:
    """Go on with a conversation; the answer gets what room the window then leaves.

    None where that is less than a share `ROOM_SHARE` of the room that was asked for first.
    """
    longer = replace(request, messages=(*request.messages, *said), number_results=1)
    room = window.tokens - window.counted(request_tokens(longer))
    if room < request.max_tokens * ROOM_SHARE:
        return None
    return replace(longer, max_tokens=min(request.max_tokens, room))


def user_text(document: Document, chunk: Chunk) -> str:
    """Give the user message of a chunk: what travels with it, then its text, each fenced."""
    around = "\n\n".join(sent_text(document, span) for span in chunk.context)
    headers = {
        "document": chunk.document,
        "part": chunk.part,
        "section": PATH_SEPARATOR.join(chunk.headings),
    }
    pieces = (context(around),) if around else ()
    return user_message(*pieces, source(sent_text(document, chunk), headers))


def message_capacity(prompt: Prompt, window: Window) -> int:
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
