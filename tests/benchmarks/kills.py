"""Kill worker, watcher and server in turn with SIGKILL while files are processed, and count.

    python -m tests.benchmarks.kills [DOCUMENTS]

All of `docmill up` runs against an emulator that counts what it bills. Shown are when what was
killed, what became of the documents, what was billed, and in which states the flow runs ended.
"""

import json
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.flows.conftest import BIN, Server, free_port, serving
from tests.flows.mill import Mill, docmill_up

DOCUMENTS = 12
VICTIMS = ("worker", "watcher", "server")
MARKS = {"worker": "worker start", "watcher": "docmill watch", "server": "server start"}
PATIENCE_S = 1500
LOOK_EVERY_S = 0.5
UNDER_WAY = {"Running", "Pending", "Cancelling", "Late", "AwaitingConcurrencySlot"}
"""The nights to come are scheduled, and no run of the story."""


@dataclass
class Story:
    """What happened, in seconds since the documents were dropped."""

    began: float = field(default_factory=time.monotonic)
    told: list[tuple[float, str, int]] = field(default_factory=list)

    def tell(self, what: str, done: int) -> None:
        self.told.append((time.monotonic() - self.began, what, done))


@contextmanager
def machine(folder: Path, *, latency_s: float) -> Iterator[tuple[Mill, Server, Path]]:
    """Run `docmill up` with its own server, and an emulator; gives them and docmill's home."""
    home, root, port, api_port = folder / "home", folder / "root", free_port(), free_port()
    root.mkdir()
    url = f"http://127.0.0.1:{port}"
    env = {
        "DOCMILL_HOME": str(home),
        "RUNWARE_API_KEY": "any-key-will-do",
        "DOCMILL_RUNWARE_URL": f"{url}/v1",
        "DOCMILL_AT_ONCE": "2",
    }
    emulate = [str(BIN / "docmill"), "emulate", "--port", str(port)]
    command = [*emulate, "--latency-s", str(latency_s)]
    api = f"http://127.0.0.1:{api_port}/api"
    with (
        serving(command, f"{url}/_emulator/stats", folder / "emulator.log", {}),
        docmill_up(
            "--port", str(api_port), env=env, root=root, api=api, outputs_port=free_port()
        ) as mill,
    ):
        yield mill, Server(url), home


def kill(victim: str, home: Path) -> int:
    """Kill a part of `docmill up` and all that it has started; gives how many processes."""
    up = json.loads((home / "up.json").read_text(encoding="utf-8"))["pid"]
    (part,) = (pid for pid in children(up) if MARKS[victim] in command_of(pid))
    doomed = [part, *descendants(part)]
    for pid in doomed:
        os.kill(pid, signal.SIGKILL)
    return len(doomed)


def children(pid: int) -> list[int]:
    """Give the processes that any thread of a process has started."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    return [int(child) for t in threads for child in (t / "children").read_text().split()]


def descendants(pid: int) -> list[int]:
    return [one for child in children(pid) for one in (child, *descendants(child))]


def command_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


def until(there: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not there():
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        time.sleep(LOOK_EVERY_S)  # other processes give no other sign


def drop(inbox: Path, documents: int) -> None:
    for n in range(documents):
        text = "\n\n".join(
            f"The rent of flat {n}-{line} is {n * line} euros." for line in range(40)
        )
        (inbox / f"lease-{n:02}.md").write_text(f"# Lease {n}\n\n{text}\n", encoding="utf-8")


def run_states(mill: Mill) -> Counter[str]:
    runs = mill.ask("POST", "/flow_runs/filter", {})
    return Counter(str(run["state"]["name"]) for run in runs)


def at_rest(mill: Mill) -> bool:
    try:
        return not run_states(mill).keys() & UNDER_WAY
    except (httpx.HTTPError, AssertionError):
        return False


def tell(documents: int) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        machine(Path(folder), latency_s=2) as (mill, emulator, home),
    ):
        inbox, story = mill.root / "inbox", Story()
        drop(inbox, documents)

        def done() -> int:
            return len(list((inbox / "done").iterdir()))

        for turn, victim in enumerate(VICTIMS, 1):
            share = documents * turn // (len(VICTIMS) + 2)
            until(lambda share=share: done() >= share, f"{share} documents are done")  # type: ignore[misc]
            story.tell(f"kill -9 of the {victim}, {kill(victim, home)} processes", done())
        until(lambda: done() == documents, "all documents are done")
        story.tell("all originals in done/", done())
        until(lambda: at_rest(mill), "no run is under way")
        story.tell("no run under way", done())
        report(story, mill, emulator, documents)


def report(story: Story, mill: Mill, emulator: Server, documents: int) -> None:
    print("| s | what | documents done |\n|---:|---|---:|")
    for at_s, what, done in story.told:
        print(f"| {at_s:.0f} | {what} | {done} |")
    stats = emulator.get("/_emulator/stats")
    outputs = len(list((mill.root / "outputs").glob("*.docx")))
    failed = len(list((mill.root / "inbox" / "failed").rglob("*.md")))
    print(f"\n{outputs} outputs of {documents} documents, {failed} failed.")
    print(f"{stats['tasks_billed']} tasks billed, {stats['tasks_billed_twice']} of them twice.")
    print(f"Flow runs: {dict(run_states(mill))}.")


if __name__ == "__main__":
    tell(int(sys.argv[1]) if len(sys.argv) > 1 else DOCUMENTS)
