"""Who answers, and the margin of each plan that is made for them."""

import hashlib
import json
from collections.abc import Sequence

from prompts.library import Recipe
from tasks.chunk.request import bare_request
from tasks.core.capacity import Window
from tasks.core.errors import ConfigError
from tasks.core.requests import request_key
from tasks.core.settings import Provider, Settings
from tasks.core.store import DocumentRef
from tasks.ledger.books import open_books, reading
from tasks.ledger.margins import recalled
from tasks.ledger.values import Answerer, Plan

OFFLINE_URL = "http://offline/v1"
"""Of the emulator in this very process; nothing of it goes over a network."""


def endpoint_of(provider: Provider, settings: Settings) -> str:
    """Give the address at which a provider is asked."""
    if provider is Provider.OPENAI:
        return settings.openai_url or ""
    return OFFLINE_URL if provider is Provider.OFFLINE else settings.runware_url


def answerer_of(provider: Provider, settings: Settings, recipe: Recipe) -> Answerer:
    """Say who answers a recipe's questions."""
    model = settings.openai_model if provider is Provider.OPENAI else None
    return Answerer(str(provider), endpoint_of(provider, settings), model or recipe.model)


def plans_of(
    refs: Sequence[DocumentRef], recipe: Recipe, window_tokens: int, by: Answerer
) -> tuple[Plan, ...]:
    """Name the plans of documents by all that shapes their chunks, but for the margin.

    What shapes the merge alone is not part of it: a changed `reduce.prompt` must find the answers
    to the chunks again.
    """
    asked = request_key(
        bare_request(recipe, model=by.model), provider=by.provider, endpoint=by.endpoint
    )
    cut = (recipe.chunk_target, recipe.chunk_context, recipe.chunk_growth, window_tokens)

    def key(digest: str) -> str:
        return hashlib.sha256(json.dumps([digest, asked, *cut]).encode()).hexdigest()

    return tuple(Plan(key(ref.digest), ref.digest) for ref in refs)


def recalled_windows(
    refs: Sequence[DocumentRef],
    recipe: Recipe,
    window_tokens: int,
    by: Answerer,
    settings: Settings,
) -> tuple[Window, ...]:
    """Give the window that a run would plan each document with; nothing is written down."""
    plans = plans_of(refs, recipe, window_tokens, by)
    try:
        with open_books(settings.ledger_url()) as engine, reading(engine) as connection:
            margins = recalled(connection, plans, by, not_before=0.0)
    except ConfigError:  # there is no ledger yet; a run says what else may be wrong with it
        return (Window(window_tokens),) * len(refs)
    return tuple(Window(window_tokens, margin) for margin in margins)
