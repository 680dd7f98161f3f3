"""The flow behind the schedule: of a folder, what is new or changed since it was last answered."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from prefect import State, flow
from prefect.runtime import flow_run
from prefect.states import Completed
from sqlalchemy import Connection, Engine

from flows.heart import BEAT_EVERY_S, beating
from flows.job import Job, prepare
from flows.process import state_of
from flows.request import Request
from flows.roots import within_roots
from flows.settings import settings_of_worker
from flows.settling import process_rows
from flows.watch.wishes import canonical
from tasks.core.errors import InputError
from tasks.core.reports import Report
from tasks.extract.read import digest_of
from tasks.ledger import intake
from tasks.ledger.books import open_books
from tasks.ledger.engine import now_of
from tasks.ledger.heartbeats import last_beats
from tasks.ledger.intake import Arrival, Row
from tasks.ledger.intake import State as Standing

logger = logging.getLogger("docmill.run")

SCHEDULED = ""
"""The inbox under which the intake keeps files that stay where they are; their paths are whole."""
TOGETHER = 200
ALIVE_S = 6 * BEAT_EVERY_S


def _run_name() -> str:
    """Name a run for people, as in "folder: summarize what is new in contracts"."""
    request = Request.model_validate(flow_run.parameters["request"])
    return f"folder: {request.recipe} what is new in {', '.join(request.sources)}"


@flow(name="process-folder", flow_run_name=_run_name)
async def process_folder(request: Request) -> State[Report] | State[None]:
    """Answer a recipe for the documents of folders that are new, changed, or failed in passing.

    What was answered before is left as it is, even where its outputs have been taken away. Where
    several documents share an output, all are in it again, from the answers that are kept.
    """
    settings = await settings_of_worker()
    url, batch = settings.ledger_url(), str(flow_run.id)
    request = within_roots(request, settings)
    if holds_nothing(request.sources):
        return Completed(message="the folder is empty")
    job = prepare(request, settings)
    async with beating(url, batch):
        with open_books(url, create=True) as engine:
            taken = take(engine, job, wanted=canonical(request), batch=batch)
        logger.info("%d of %d documents are to be done", len(taken.all), len(job.sources))
        if not taken.all:
            return Completed(message=f"nothing new among {len(job.sources)} documents")
        return await state_of(
            process_rows(narrowed(request, taken), taken.rows, batch=batch, ledger_url=url)
        )


@dataclass(frozen=True, slots=True)
class Taken:
    """What a run is to do: rows by source, and sources that cannot be opened or noted down."""

    rows: dict[str, Row]
    closed: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """Give all sources; those that cannot be opened fail by name in the report."""
        return (*self.rows, *self.closed)


def narrowed(request: Request, taken: Taken) -> Request:
    """Give the request for what is taken: for everything where an output is of several documents.

    It would else be written over by one that has only the latest of them.
    """
    if request.together or request.combine != "each":
        return request
    return request.model_copy(update={"sources": taken.all})


def holds_nothing(sources: Iterable[str]) -> bool:
    """Tell whether sources are folders in which there is no file yet."""
    folders = [Path(source) for source in sources]
    return all(f.is_dir() and not any(p.is_file() for p in f.rglob("*")) for f in folders)


def take(engine: Engine, job: Job, *, wanted: str, batch: str) -> Taken:
    """Enter all sources of a job into the intake, and take those that are to be done."""
    with engine.begin() as connection:
        known = {row.path: row for row in intake.rows_of(connection, SCHEDULED)}
    arrivals: list[Arrival] = []
    closed: list[str] = []
    for source in job.sources:
        path = str(source.path.absolute())
        try:
            arrivals.append(_arrival(path, known.get(path), wanted, job.recipe.version))
        except InputError:
            closed.append(str(source.path))
    rows: dict[str, Row] = {}
    for at in range(0, len(arrivals), TOGETHER):
        with engine.begin() as connection:
            for row in _take(connection, arrivals[at : at + TOGETHER], batch):
                rows[row.path] = row
    return Taken(rows, tuple(closed))


def _arrival(path: str, known: Row | None, wanted: str, version: str) -> Arrival:
    """Describe a file; what looks as it did when it was last read is not read again."""
    try:
        path.encode()
        status = Path(path).stat()
    except UnicodeEncodeError:
        raise InputError(f"{path!r}: the intake cannot hold a name that is not UTF-8") from None
    except OSError as error:
        raise InputError(f"{path}: it cannot be looked at ({error.strerror})") from None
    stamp = (status.st_size, status.st_mtime_ns)
    same = known is not None and (known.size, known.mtime_ns) == stamp
    digest = known.digest if known is not None and same else digest_of(Path(path))
    return Arrival(
        inbox=SCHEDULED,
        path=path,
        digest=digest,
        size=stamp[0],
        mtime_ns=stamp[1],
        request=wanted,
        version=version,
    )


def _take(connection: Connection, arrivals: list[Arrival], batch: str) -> list[Row]:
    now = now_of(connection)
    entered = [intake.arrive(connection, arrival, now=now) for arrival in arrivals]
    beats = last_beats(connection, {row.batch for row in entered if row.batch})
    alive = {who for who, beat_at in beats.items() if now - beat_at < ALIVE_S} - {batch}
    for row in entered:
        if _failed_in_passing(row) or (row.state is Standing.STARTED and row.batch not in alive):
            intake.try_again(connection, row, reason=row.reason, due_at=now, now=now)
    ids = {row.id for row in entered}
    intake.claim(connection, ids, batch, now=now)
    return [row for row in intake.rows_of_batch(connection, batch) if row.id in ids]


def _failed_in_passing(row: Row) -> bool:
    return row.state is Standing.FAILED and row.may_pass
