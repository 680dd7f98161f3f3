"""What kill -9 costs: nothing is billed twice, and the answers are those of an unbroken run.

    python -m tests.benchmarks.kill [--kills 12] [--tasks 100] [WAY ...]

A process has so many tasks answered through its ledger, over loopback HTTP to an emulator, and is
killed again and again at random moments until it ends by itself; the next goes on with the same
ledger. When a run has ended before all kills are done, another begins. Counted are the kills that
found a task between its commit and its POST, between that and its answer, and answered but not kept
yet. With `async` no task may be billed twice, whatever the emulator does with a UUID that it has
finished. With `sync` and `stream` what was in flight is billed again, and no more.

Leases, and the time after which a task counts as unknown, are shorter here than they are in use.
"""

import argparse
import asyncio
import json
import math
import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx
from httpx_aiohttp import AiohttpTransport
from pydantic import SecretStr

from tasks.core.requests import InferenceRequest, Message, request_tokens
from tasks.infer.connection import Connection
from tasks.infer.delivery.delivery import Delivery
from tasks.infer.delivery.poller import Poller, PollTimes
from tasks.infer.delivery.polling import AsyncDelivery
from tasks.infer.delivery.stream import StreamDelivery
from tasks.infer.delivery.submit import Submitter
from tasks.infer.delivery.sync import SyncDelivery
from tasks.infer.inference import Inference
from tasks.infer.retries import Retries
from tasks.infer.throttle.gate import fixed
from tasks.ledger import claims, leases
from tasks.ledger.ledger import open_ledger
from tests.benchmarks.emulating import emulating

WAYS = ("async", "async, finished UUIDs refused", "sync", "stream")
AT_ONCE = 8
LIFE_S = 1.5
"""A process lives at most so long; the leases of the one before run out in less."""
LEASE_S, RENEW_S = 0.4, 0.1
TIMES = PollTimes(first_s=0.05, shortest_s=0.05, unknown_after_s=0.3)
LATENCY = {"fault": "latency", "distribution": "lognormal", "seconds": 0.4, "sigma": 0.5}
KEY = SecretStr("of-the-benchmark")
HEADERS = {"Authorization": f"Bearer {KEY.get_secret_value()}"}
LIVE = "SELECT task_uuid FROM attempts WHERE state IN ('sent', 'accepted')"
BEFORE_POST, IN_WORK, NOT_KEPT = "commit and POST", "POST and answer", "answer not kept"


@dataclass(slots=True)
class Tally:
    """What was seen of all runs of one way."""

    kills: int = 0
    runs: int = 0
    moments: Counter[str] = field(default_factory=Counter)
    in_flight: int = 0
    billed: int = 0
    billed_twice: int = 0
    lost: int = 0
    differing: int = 0


def main() -> None:
    """Print one table; exit code 1 when a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=12)
    parser.add_argument("--tasks", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("ways", nargs="*", help=", ".join(WAYS))
    given = parser.parse_args()
    moments = BEFORE_POST, IN_WORK, NOT_KEPT
    heads = "way", "kills", "runs", *moments, "billed", "twice", "in flight", "lost", "differing"
    print(f"| {' | '.join(heads)} |\n|---|{'---:|' * (len(heads) - 1)}")
    request_tokens(_request(0))  # reads the token table, which each process then has
    broken = False
    for way in given.ways or WAYS:
        tally = _tally(way, given.kills, given.tasks, random.Random(given.seed))
        cells = [tally.kills, tally.runs, *(tally.moments[m] for m in moments), tally.billed]
        cells += [tally.billed_twice, tally.in_flight, tally.lost, tally.differing]
        print(f"| {way} | {' | '.join(map(str, cells))} |", flush=True)
        repeats_allowed = 0 if way.startswith("async") else tally.in_flight
        broken |= tally.billed_twice > repeats_allowed or bool(tally.lost or tally.differing)
    sys.exit(broken)


def _tally(way: str, kills: int, tasks: int, dice: random.Random) -> Tally:
    tally = Tally()
    with tempfile.TemporaryDirectory() as scratch:
        unbroken = _run(way, tasks, Path(scratch) / "unbroken.db", Tally(), lambda: math.inf)

        def life_s() -> float:
            return dice.uniform(0, LIFE_S) if tally.kills < kills else math.inf

        while tally.kills < kills:
            ledger = Path(scratch) / f"{tally.runs}.db"
            answers = _run(way, tasks, ledger, tally, life_s)
            tally.runs += 1
            tally.differing += answers != unbroken
    return tally


def _run(way: str, tasks: int, ledger: Path, tally: Tally, life_s: Callable[[], float]) -> bytes:
    """Have all tasks answered by processes that live so long; give the answers."""
    script = tuple(
        {"match": {"contains": f"Question {n}."}, "answer": f"Answer {n}: {n * n:,} €."}
        for n in range(tasks)
    )
    refused = "refused" in way
    with (
        emulating(script=script, faults=(LATENCY,), refuse_finished_uuids=refused) as url,
        httpx.Client(base_url=url, headers=HEADERS) as admin,
    ):
        while _killed(_start(way, url, tasks, ledger), life_s()):
            tally.kills += 1
            _look(ledger, admin, tally)
        stats = admin.get("/_emulator/stats").json()
    tally.billed += stats["tasks_billed"]
    tally.billed_twice += stats["tasks_billed_twice"]
    tally.lost += _rows(ledger, "SELECT count(*) FROM attempts WHERE state = 'unknown'")[0][0]
    return _answers(ledger, tasks)


def _start(way: str, url: str, tasks: int, ledger: Path) -> int:
    """Start a process with all that is imported here already; gives its id once it is at work."""
    at_work, tell = os.pipe()
    pid = os.fork()
    if pid:
        os.close(tell)
        os.read(at_work, 1)
        os.close(at_work)
        return pid
    status = 1
    try:
        asyncio.run(_work(way, f"{url}/v1", tasks, ledger, partial(os.close, tell)))
        status = 0
    except BaseException:  # noqa: BLE001 # nobody else tells of it: the process must end here
        traceback.print_exc()
    finally:
        os._exit(status)


def _killed(pid: int, life_s: float) -> bool:
    """Kill a process after a while; False when it has ended before."""
    until = time.monotonic() + life_s
    while time.monotonic() < until:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            if status:
                raise RuntimeError(f"the process failed: {os.waitstatus_to_exitcode(status)}")
            return False
        time.sleep(0.002)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return True


def _look(ledger: Path, admin: httpx.Client, tally: Tally) -> None:
    """See in which moments of their lives a kill has found tasks."""
    live = [row[0] for row in _rows(ledger, LIVE)]
    tally.in_flight += min(len(live), AT_ONCE)
    if not live:
        return
    polls = [{"taskType": "getResponse", "taskUUID": uuid} for uuid in live]
    items = admin.post("/v1", json=polls).json().get("data", [])
    said = {item["taskUUID"]: item["status"] for item in items}
    tally.moments[BEFORE_POST] += len(said) < len(live)
    tally.moments[IN_WORK] += "processing" in said.values()
    tally.moments[NOT_KEPT] += "success" in said.values()


def _rows(ledger: Path, query: str) -> list[Any]:
    connection = sqlite3.connect(ledger)
    try:
        return connection.execute(query).fetchall()
    except sqlite3.OperationalError as error:
        if "no such table" not in str(error):
            raise
        return []  # killed before it made any
    finally:
        connection.close()


def _answers(ledger: Path, tasks: int) -> bytes:
    """Give all that is kept of the answers, but for UUIDs, times and the emulator's address."""
    rows = _rows(
        ledger,
        "SELECT text, thoughts, finish_reason, prompt_tokens, completion_tokens,"
        " total_tokens, thinking_tokens, cost_usd FROM answers ORDER BY text",
    )
    if len(rows) != tasks:
        raise RuntimeError(f"{len(rows)} answers are kept, not {tasks}")
    return json.dumps(rows).encode()


async def _work(
    way: str, url: str, tasks: int, ledger_file: Path, tell: Callable[[], None]
) -> None:
    """Have all tasks answered."""
    claims.LEASE_S = leases.LEASE_S = LEASE_S  # type: ignore[attr-defined] # imported there
    leases.RENEW_S = RENEW_S
    async with (
        open_ledger(f"sqlite:///{ledger_file}") as ledger,
        AiohttpTransport() as transport,
    ):
        inference = Inference(
            delivery=_delivery(way, Connection(transport, url, KEY)),
            ledger=ledger,
            throttle=fixed(AT_ONCE),
            retries=Retries(wait_initial_s=0.02),
        )
        tell()
        await asyncio.gather(*(inference.ask(_request(number)) for number in range(tasks)))


def _delivery(way: str, connection: Connection) -> Delivery:
    poller = Poller(connection, times=TIMES)
    if way == "sync":
        return SyncDelivery(connection, poller)
    if way == "stream":
        return StreamDelivery(connection, poller)
    return AsyncDelivery(connection, Submitter(connection, tasks_per_post=4), poller)


def _request(number: int) -> InferenceRequest:
    return InferenceRequest(
        model="minimax:m2.7@0",
        system_prompt="Answer.",
        messages=(Message("user", f"Question {number}."),),
        max_tokens=1000,
        seed=number,
    )


if __name__ == "__main__":
    main()
