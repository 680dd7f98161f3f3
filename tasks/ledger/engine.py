"""Opening the ledger's database: SQLite in a file, or PostgreSQL where machines share it.

Either way one transaction writes at a time, so the statements in it see what they decide upon.
SQLite takes its file's lock; PostgreSQL takes an advisory lock, and tells its time on the way, so
that leases do not depend on the clocks of the machines.
"""

import time
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    create_engine,
    event,
    insert,
    make_url,
    select,
    update,
)
from sqlalchemy.exc import ArgumentError, OperationalError

from tasks.core.errors import ConfigError
from tasks.ledger.margins import keep_older_plans
from tasks.ledger.schema import TABLES_LACKING, VERSION, metadata, schema

BUSY_TIMEOUT_MS = 30_000
"""How long to wait for another process's transaction."""

READING = "docmill_reading"
"""An execution option: this transaction only reads and waits for nobody."""

# Parameters are hidden everywhere below: no text of a document belongs into an error.

_TAKE_LOCK = (
    "SELECT extract(epoch FROM clock_timestamp())::float8"
    " FROM pg_advisory_xact_lock(x'646F636D696C6C'::bigint)"
)
_POSTGRESQL = {
    # A machine that vanishes within a transaction must not hold up the others for hours.
    "options": f"-c idle_in_transaction_session_timeout={BUSY_TIMEOUT_MS}"
    f" -c lock_timeout={BUSY_TIMEOUT_MS}",
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}


def open_engine(url: str, *, create: bool = True) -> Engine:
    """Open a database, a SQLite file made with mode 0600, WAL and full sync; ConfigError else."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ConfigError("DOCMILL_LEDGER is no SQLAlchemy URL, as in sqlite:////path") from None
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        return _sqlite(parsed, create=create)
    if backend == "postgresql":
        return _postgresql(parsed)
    raise ConfigError(
        "DOCMILL_LEDGER must be the URL of a SQLite file, as in sqlite:////path/ledger.db, or of "
        "a PostgreSQL database, as in postgresql://user@host/name"
    )


def prepare(connection: Connection) -> None:
    """Make the tables that are not there; refuse a database of another version."""
    metadata.create_all(connection)
    version = connection.scalar(select(schema.c.version))
    if version is None:
        connection.execute(insert(schema).values(version=VERSION))
    elif version in TABLES_LACKING:
        keep_older_plans(connection, now_of(connection))
        connection.execute(update(schema).values(version=VERSION))
    elif version != VERSION:
        raise ConfigError(
            f"the ledger has schema version {version}, this docmill knows {VERSION}: "
            "point DOCMILL_LEDGER at another database or use the docmill that wrote it"
        )


def unreachable(url: str, error: OperationalError) -> ConfigError:
    """Tell that the database does not answer, without its password."""
    shown = make_url(url).render_as_string(hide_password=True)
    return ConfigError(
        f"the ledger {shown} cannot be opened: {' '.join(str(error.orig).split())}: "
        "check DOCMILL_LEDGER and whether its server runs"
    )


def ahead_s(connection: Connection) -> float:
    """Give how far the clock of the database is ahead of this machine's."""
    ahead: float = connection.info.get("ahead_s", 0.0)
    return ahead


def now_of(connection: Connection) -> float:
    """Give the time of day by the clock of all who share the database."""
    return time.time() + ahead_s(connection)


def _sqlite(url: URL, *, create: bool) -> Engine:
    if url.database in {None, "", ":memory:"}:
        raise ConfigError("DOCMILL_LEDGER must name a file, as in sqlite:////path/ledger.db")
    path = Path(str(url.database))
    if not create and not path.exists():
        raise ConfigError(f"there is no ledger at {path} yet: `docmill run` makes it")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    engine = create_engine(url, paramstyle="named", hide_parameters=True)
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _on_connect(connection: Any, _record: object) -> None:
    """Leave transactions to SQLAlchemy and make each commit outlive a power cut."""
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get(READING)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _postgresql(url: URL) -> Engine:
    url = url.set(drivername="postgresql+psycopg")
    engine = create_engine(url, connect_args=_POSTGRESQL, hide_parameters=True)
    event.listen(engine, "begin", _begin_postgresql)
    return engine


def _begin_postgresql(connection: Connection) -> None:
    if not connection.get_execution_options().get(READING):
        now = connection.exec_driver_sql(_TAKE_LOCK).scalar_one()
        connection.info["ahead_s"] = now - time.time()
