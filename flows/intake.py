"""The flow behind the watched folder: a batch of files that the watcher took in."""

import logging
from pathlib import Path

from prefect import State, flow
from prefect.runtime import flow_run
from prefect.states import Completed
from sqlalchemy import Engine

from flows.process import state_of
from flows.request import Request
from flows.settings import settings_of_worker
from flows.settling import process_rows
from tasks.core.errors import InputError
from tasks.core.reports import Report
from tasks.extract.read import digest_of
from tasks.ledger import intake
from tasks.ledger.engine import now_of, open_engine
from tasks.ledger.intake import Row

logger = logging.getLogger("docmill.run")


def _run_name() -> str:
    """Name a run for people, as in "inbox: summarize lease.pdf and 3 more"."""
    request = Request.model_validate(flow_run.parameters["request"])
    first, *more = request.sources
    others = f" and {len(more)} more" if more else ""
    return f"inbox: {request.recipe} {Path(first).name}{others}"


@flow(name="process-intake", flow_run_name=_run_name)
async def process_intake(request: Request, batch: str) -> State[Report] | State[None]:
    """Answer a recipe for the files of a batch of the intake, and settle its rows."""
    settings = await settings_of_worker()
    engine = open_engine(settings.ledger_url())
    try:
        rows = _still_there(engine, batch)
    finally:
        engine.dispose()
    if not rows:
        return Completed(message="nothing of this batch is left to do")
    narrowed = request.model_copy(update={"sources": tuple(rows)})
    editions = {source: row.digest for source, row in rows.items()}
    return await state_of(
        process_rows(
            narrowed, rows, batch=batch, ledger_url=settings.ledger_url(), editions=editions
        )
    )


def _still_there(engine: Engine, batch: str) -> dict[str, Row]:
    """Give the rows of a batch by the paths of their files; what changed meanwhile is given up."""
    with engine.begin() as connection:
        rows = intake.rows_of_batch(connection, batch)
    sound = {row.id for row in rows if _is_as_it_was(row)}
    with engine.begin() as connection:
        for row in rows:
            if row.id not in sound:
                logger.warning("%s: it is not as it was when it came, and is left out", row.path)
                reason = "it was changed or taken away before it was read"
                intake.give_up(connection, row, reason=reason, now=now_of(connection))
    return {str(Path(row.inbox) / row.path): row for row in rows if row.id in sound}


def _is_as_it_was(row: Row) -> bool:
    path = Path(row.inbox) / row.path
    try:
        return not path.is_symlink() and digest_of(path) == row.digest
    except InputError:
        return False
