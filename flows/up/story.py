"""The whole of `docmill up`: parts are started in order, and stopped in the other one."""

import asyncio
from contextlib import AsyncExitStack

from flows.up import parts
from flows.up.deploy import deploy
from flows.up.part import Say, kept_running
from flows.up.place import Place, alone, check_ports, make_folders
from flows.up.prefect_api import PrefectApi
from tasks.core.errors import ConfigError

START_S = 180.0
"""A fresh home on a busy machine takes a minute and more."""


async def up(place: Place, say: Say) -> None:
    """Start everything, tell where it is, and keep it running until cancelled."""
    with alone(place):
        check_ports(place)
        make_folders(place)
        api = PrefectApi(place.api_url, place.auth)
        async with AsyncExitStack() as stack:
            await _start(place, api, stack, say)
            for line in await _told(place, api):
                say(line)
            await asyncio.Event().wait()


async def _start(place: Place, api: PrefectApi, stack: AsyncExitStack, say: Say) -> None:
    say(f"Starting; each part logs into {place.logs}.")
    if place.own_server:
        server = await stack.enter_async_context(
            kept_running(parts.server(place, api), place.logs, say)
        )
        await server.until_ready(START_S)
    if not await api.lets_us_in():
        raise ConfigError(
            f"no Prefect server lets us in at {place.api_url}: check PREFECT_API_URL and "
            "PREFECT_SERVER_API_AUTH_STRING, or unset the former to have a server started"
        )
    wanted = [parts.worker(place, api), parts.outputs(place)]
    if place.webhooks_port:
        wanted.append(parts.webhooks(place, place.webhooks_port))
    others = [
        await stack.enter_async_context(kept_running(part, place.logs, say)) for part in wanted
    ]
    for kept in others:
        await kept.until_ready(START_S)
    await deploy(place, api)
    watcher = await stack.enter_async_context(kept_running(parts.watcher(place), place.logs, say))
    await watcher.until_ready(START_S)


async def _told(place: Place, api: PrefectApi) -> tuple[str, ...]:
    """Tell a person where everything is."""
    run_form = (await api.deployments()).get("on-demand", "")
    return (
        "docmill is up.",
        f"  pages      {place.ui_url}",
        f"  run form   {place.ui_url}/deployments/deployment/{run_form}/run",
        f"  inbox      {place.inbox}, or a folder in it named as a recipe",
        f"  nightly    {place.nightly}, looked into at 3:00 UTC",
        f"  outputs    {place.outputs}, served at {place.outputs_url}",
        f"  documents  below {', '.join(map(str, place.roots))} (DOCMILL_ROOTS)",
        "Ctrl-C stops everything.",
    )
