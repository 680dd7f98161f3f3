"""An emulator in a process of its own, lean, for benchmarks."""

import asyncio
import multiprocessing
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

import uvicorn

from tasks.emulator.app import create_app
from tasks.emulator.one_write import OneWriteProtocol
from tasks.emulator.options import EmulatorOptions

ANSWER = "The fee is EUR 4,200 for each month. " * 20
"""What is answered where nothing else is scripted; the engine would take the cores that we need."""


@contextmanager
def emulating(**options: Any) -> Iterator[str]:
    """Run an emulator; gives its URL without a path."""
    lean = {"prompt_count": "length", "script": ({"answer": ANSWER},), "log_size": 1, **options}
    spawn = multiprocessing.get_context("spawn")
    here, there = spawn.Pipe()
    process = spawn.Process(target=_serve, args=(EmulatorOptions(**lean), there), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{here.recv()}"
    finally:
        process.kill()
        process.join()


def _serve(options: EmulatorOptions, pipe: Connection) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listening:
        pipe.send(listening.getsockname()[1])  # who comes early waits in its queue
        config = uvicorn.Config(
            create_app(options),
            http=OneWriteProtocol,
            log_level="warning",
            access_log=False,
            timeout_keep_alive=75,
        )
        asyncio.run(uvicorn.Server(config).serve([listening]))
