"""Watching: turn after turn, as events come or as the time comes for a look."""

import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
from watchfiles import watch

from flows.watch.inbox import Inbox

logger = logging.getLogger("docmill.watch")

BREATH_S = 0.5
GATHER_MS = 1000
"""For how long events are gathered before they are told."""
AFTER_TROUBLE_S = 10.0

Changes = Iterator[frozenset[str]]


def keep_watching(
    inbox: Inbox,
    changes: Changes,
    *,
    clock: Callable[[], float] = time.time,
    besides: Callable[[], None] = lambda: None,
) -> None:
    """Take turns for as long as changes come; `besides` is called now and then.

    A turn that goes wrong is told and taken again: all that it would have done is still due.
    """
    next_at = 0.0
    for heard in changes:
        now = clock()
        if heard or now >= next_at:
            next_at = _turn(inbox, now, heard)
            besides()


def _turn(inbox: Inbox, now: float, heard: frozenset[str]) -> float:
    try:
        return inbox.turn(now, heard)
    except (SQLAlchemyError, OSError) as error:
        cause = getattr(error, "orig", None) or error
        logger.warning("the inbox could not be seen to (%s): tried again soon", cause)
        return now + AFTER_TROUBLE_S


def told_by_the_system(folder: Path) -> Changes:
    """Give the paths that the system tells of, relative to the folder, and nothing in between.

    Where it tells nothing at all, as for want of watches, the time for a look comes all the same.
    """
    try:
        for changes in watch(
            folder,
            watch_filter=None,
            debounce=GATHER_MS,
            step=100,
            rust_timeout=int(BREATH_S * 1000),
            yield_on_timeout=True,
            ignore_permission_denied=True,
            force_polling=False,
        ):
            yield frozenset(_below(folder, path) for _, path in changes)
    except (OSError, RuntimeError) as error:
        logger.warning(
            "the system tells of no changes (%s): the folder is looked at instead", error
        )
        yield from told_by_nobody()


def told_by_nobody() -> Changes:
    """Give nothing again and again, for folders of which no system tells, as network shares."""
    while True:
        yield frozenset()
        time.sleep(BREATH_S)


def _below(folder: Path, path: str) -> str:
    return Path(path).relative_to(folder).as_posix() if path.startswith(str(folder)) else path
