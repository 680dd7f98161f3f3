"""A PostgreSQL server of Debian's for tests, with its data in a temporary folder."""

import os
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

PROGRAMS = Path("/usr/lib/postgresql")
USER = "postgres"
"""The server refuses to run as root; Debian's package made this user."""


@contextmanager
def postgresql() -> Iterator[str]:
    """Run a server on a free port; gives its URL without a database."""
    folder = Path(tempfile.mkdtemp(prefix="docmill-postgresql-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, USER)
        port = _free_port()
        data, log = folder / "data", folder / "log"
        _call("initdb", "-D", data, "-U", USER, "--auth=trust", "--no-sync", "-E", "UTF8")
        listening = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
        _call("pg_ctl", "-D", data, "-l", log, "-o", listening, "-w", "start")
        try:
            yield f"postgresql://{USER}@127.0.0.1:{port}"
        finally:
            _call("pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def new_database(server: str) -> str:
    """Make an empty database; gives its URL."""
    name = f"ledger_{uuid.uuid4().hex}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return f"{server}/{name}"


def _call(program: str, *arguments: str | Path) -> None:
    (path,) = sorted(PROGRAMS.glob(f"*/bin/{program}"))[-1:]
    command = [str(path), *map(str, arguments)]
    if os.geteuid() == 0:
        command = ["runuser", "-u", USER, "--", *command]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", timeout=60)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
