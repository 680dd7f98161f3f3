"""`docmill up --check`: what is wrong on this machine, and what to do about it."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from flows.job import check_settings, choose_provider
from flows.up import parts
from flows.up.deploy import NAMES
from flows.up.place import ROOT, Place, check_ports, is_up
from flows.up.prefect_api import PrefectApi
from flows.watch.status import is_watched
from prompts.lint import check_library
from tasks.core.errors import ConfigError
from tasks.core.settings import Settings

PINS = {"prefect": "3.8.8", "fastapi": "0.139."}
"""Versions that go together; with others the server may not even start."""

WATCHED_WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `problem` says what is wrong and what to do, if anything."""

    what: str
    problem: str = ""

    def __str__(self) -> str:
        return f"wrong  {self.what}: {self.problem}" if self.problem else f"ok     {self.what}"


async def findings(place: Place, settings: Settings) -> AsyncIterator[Finding]:
    """Look at everything, whether docmill is up or not."""
    for finding in (*_libraries(), *_folders(place), _provider(settings), _recipes(settings)):
        yield finding
    if not is_up(place):
        yield _ports(place)
        yield Finding("docmill up", "it is not running: start it with `docmill up`")
        return
    yield Finding("docmill up")
    async for finding in _running(place, PrefectApi(place.api_url, place.auth)):
        yield finding


def _libraries() -> Iterator[Finding]:
    for name, pinned in PINS.items():
        found = version(name)
        problem = f"{found} is installed, and {pinned} is needed: install requirements.lock"
        yield Finding(f"{name} {found}", "" if found.startswith(pinned) else problem)


def _folders(place: Place) -> Iterator[Finding]:
    for folder in (place.home, *place.roots):
        yield Finding(f"folder {folder}", _wrong_with(folder))


def _wrong_with(folder: Path) -> str:
    if not folder.is_dir():
        return "it is not there: `docmill up` makes it, or name others in DOCMILL_ROOTS"
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return "it cannot be read and written: change its rights, or name another"
    return ""


def _provider(settings: Settings) -> Finding:
    try:
        provider = choose_provider(None, settings)
        check_settings(settings, provider)
    except ConfigError as error:
        return Finding("who answers", f"{error}; a Secret block runware-api-key serves as well")
    return Finding(f"who answers: {provider}")


def _recipes(settings: Settings) -> Finding:
    return Finding("recipes", "; ".join(check_library(own=settings.prompts)))


def _ports(place: Place) -> Finding:
    try:
        check_ports(place)
    except ConfigError as error:
        return Finding("ports", str(error))
    return Finding("ports")


async def _running(place: Place, api: PrefectApi) -> AsyncIterator[Finding]:
    """Look at the parts; without the server nothing is known of the others."""
    see = f"see {place.logs}"
    if not await api.healthy():
        yield Finding(f"server {place.api_url}", f"it does not answer; {see}/server.log")
        return
    if not await api.lets_us_in():
        yield Finding("server", "it refuses what we show it: check PREFECT_SERVER_API_AUTH_STRING")
        return
    yield Finding(f"server {place.api_url}")
    lacking = sorted(NAMES - set(await api.deployments()))
    redeploy = f"prefect deploy --all --prefect-file deployments/prefect.yaml, in {ROOT}"
    yield Finding("deployments", f"{', '.join(lacking)} missing: {redeploy}" if lacking else "")
    online = await api.online_workers()
    yield Finding("worker", "" if online else f"none gives a sign of life; {see}/worker.log")
    served = await parts.outputs(place).ready()
    yield Finding("outputs", "" if served else f"they are not served; {see}/outputs.log")
    watched = await asyncio.to_thread(
        is_watched, place.ledger_url, place.inbox, since=time.time() - WATCHED_WITHIN_S
    )
    yield Finding("inbox", "" if watched else f"nobody looks into it; {see}/watcher.log")
