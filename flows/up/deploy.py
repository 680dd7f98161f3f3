"""Letting the server know our deployments, where it does not know them as they are here.

What a person changed of them in the pages since, as a schedule's hour, stays as long as ours stay.
"""

import asyncio
import hashlib
import json
import os

from flows.request import Request
from flows.up.part import tail
from flows.up.place import BIN, ROOT, Place
from flows.up.prefect_api import PrefectApi
from tasks.core.errors import ConfigError

FILE = "deployments/prefect.yaml"
NAMES = frozenset({"on-demand", "nightly", "inbox"})


async def deploy(place: Place, api: PrefectApi) -> None:
    """Deploy what is new here or unknown to the server; ConfigError where it is not taken."""
    mark = place.home / "deployed"
    current = _fingerprint(place)
    known = mark.exists() and mark.read_text(encoding="utf-8") == current
    if known and set(await api.deployments()) >= NAMES:
        return
    await _deploy(place)
    mark.write_text(current, encoding="utf-8")


def _fingerprint(place: Place) -> str:
    """Tell one state of the deployments from another: where they go, the file, and the form."""
    parts = (
        place.api_url.encode(),
        str(ROOT).encode(),
        (ROOT / FILE).read_bytes(),
        json.dumps(Request.model_json_schema()).encode(),
    )
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


async def _deploy(place: Place) -> None:
    log = place.logs / "deploy.log"
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            *(str(BIN / "prefect"), "--no-prompt", "deploy", "--all", "--prefect-file", FILE),
            cwd=ROOT,
            env={**os.environ, **place.environment()},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        )
        code = await process.wait()
    if code:
        raise ConfigError(f"the deployments were not taken; {log} ends: {tail(log)}")
