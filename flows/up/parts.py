"""The parts that make up one machine's docmill, each as the command that an operator would type."""

import asyncio
import socket
import time
from datetime import UTC, datetime

import httpx

from flows.addresses import reached_at
from flows.up.part import Part
from flows.up.place import BIN, Place
from flows.up.prefect_api import PATIENCE_S, POOL, PrefectApi
from flows.watch.status import is_watched


def server(place: Place, api: PrefectApi) -> Part:
    """Give Prefect's server with its pages, on SQLite in the home folder."""
    told = {
        # The page asks the host that it was loaded from, whatever its name and port.
        "PREFECT_SERVER_UI_API_URL": "/api",
        # By default any page that a person has open could start runs and read their artifacts.
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": place.ui_url,
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
    }
    if place.auth:  # wherever it was set: a server that is not told it lets everyone in
        told["PREFECT_SERVER_API_AUTH_STRING"] = place.auth.get_secret_value()
    return Part(
        name="server",
        command=(_prefect(), "server", "start", "--host", place.host, "--port", str(place.port)),
        env={**place.environment(), **told},
        ready=api.healthy,
    )


def worker(place: Place, api: PrefectApi) -> Part:
    """Give the worker, which makes the work pool where there is none yet."""
    name = f"up@{socket.gethostname()}"
    since = datetime.now(UTC)
    return Part(
        name="worker",
        command=(
            *(_prefect(), "worker", "start", "--pool", POOL, "--type", "process"),
            *("--name", name, "--limit", str(place.runs_at_once)),
        ),
        # A file that was dropped waits for this, too; Prefect's own 10 s are for larger pools.
        env={**place.environment(), "PREFECT_WORKER_QUERY_SECONDS": "2"},
        ready=lambda: api.worker_is_online(name, since=since),
    )


def outputs(place: Place) -> Part:
    """Give the server of finished outputs."""

    async def ready() -> bool:
        try:
            async with httpx.AsyncClient(timeout=PATIENCE_S) as http:
                answer = await http.get(f"{place.outputs_url}/health")
                return answer.is_success
        except httpx.HTTPError:
            return False

    return Part(
        name="outputs",
        command=(
            *(_docmill(), "outputs", "--host", place.host),
            *("--port", str(place.outputs_port)),
        ),
        env=place.environment(),
        ready=ready,
    )


def webhooks(place: Place, port: int) -> Part:
    """Give the receiver of what the provider brings."""

    async def ready() -> bool:
        try:
            _, writer = await asyncio.open_connection(reached_at(place.host), port)
        except OSError:
            return False
        writer.close()
        return True

    return Part(
        name="webhooks",
        command=(_docmill(), "webhooks", "--host", place.host, "--port", str(port)),
        env=place.environment(),
        ready=ready,
    )


def watcher(place: Place) -> Part:
    """Give the watcher of the inbox, which looks for orphaned runs besides."""
    since = time.time()

    async def ready() -> bool:
        return await asyncio.to_thread(is_watched, place.ledger_url, place.inbox, since=since)

    return Part(
        name="watcher",
        command=(_docmill(), "watch", str(place.inbox), "--to", str(place.outputs)),
        env=place.environment(),
        ready=ready,
    )


def _prefect() -> str:
    return str(BIN / "prefect")


def _docmill() -> str:
    return str(BIN / "docmill")
