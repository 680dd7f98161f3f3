"""Opening an inbox: its folders, the ledger, and the Prefect server that runs what comes."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from prefect.settings import get_current_settings
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from flows.events import announce
from flows.orphans.server import PrefectServer
from flows.orphans.sweep import sweep
from flows.roots import reachable
from flows.watch.desk import Desk, Rules
from flows.watch.inbox import Inbox
from flows.watch.names import DONE, FAILED
from flows.watch.prefect_runs import PrefectRuns
from flows.watch.wishes import Wishes, wish_for
from prompts.library import list_recipes
from tasks.core.errors import ConfigError
from tasks.core.settings import Settings
from tasks.ledger.books import open_books

logger = logging.getLogger("docmill.watch")

SWEEP_EVERY_S = 15.0


@contextmanager
def open_inbox(
    folder: Path, wishes: Wishes, rules: Rules, settings: Settings
) -> Iterator[tuple[Inbox, Callable[[], None]]]:
    """Open a folder to watch, and what is done besides; ConfigError says what is wrong with it."""
    if not get_current_settings().api.url:
        raise ConfigError(
            "docmill watch hands files to a Prefect server, and PREFECT_API_URL names none: "
            "start `docmill up`, which watches its inbox by itself"
        )
    wish_for(folder, "", wishes)
    _warn_of_roots(folder, wishes.to, settings)
    make_folders(folder, wishes)
    with open_books(settings.ledger_url(), create=True) as engine:
        desk = Desk(
            folder=folder,
            wishes=wishes,
            engine=engine,
            runs=PrefectRuns(),
            announce=announce,
            rules=rules,
        )
        yield Inbox(desk), sweeping(engine)


def _warn_of_roots(folder: Path, to: Path, settings: Settings) -> None:
    """Say at once what each run would say; the worker may well have been set otherwise."""
    for path in (folder, to):
        try:
            reachable(path, settings)
        except ConfigError as error:
            logger.warning("%s", error)


def make_folders(folder: Path, wishes: Wishes) -> None:
    """Make a folder for each recipe, so that a person need only drop files."""
    names = (recipe.name for recipe in list_recipes(own=wishes.prompts) if not recipe.problem)
    for name in (DONE, FAILED, *names):
        try:
            (folder / name).mkdir(exist_ok=True)
        except OSError as error:
            logger.warning("%s cannot be made (%s)", folder / name, error.strerror)


def sweeping(engine: Engine) -> Callable[[], None]:
    """Give what looks for orphans, though not more often than is of use."""
    server, swept_at = PrefectServer(), -SWEEP_EVERY_S
    doubted: frozenset[str] = frozenset()

    def now_and_then() -> None:
        nonlocal swept_at, doubted
        if time.monotonic() - swept_at < SWEEP_EVERY_S:
            return
        swept_at = time.monotonic()
        try:
            doubted = sweep(engine, server, doubted=doubted)
        except (ConfigError, SQLAlchemyError) as error:
            logger.debug("no look for orphans this time: %s", error)

    return now_and_then
