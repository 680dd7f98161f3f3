"""Prefect's temporary server, which ends with the process that started it, however that ends."""

import subprocess
from typing import Any

from prefect.server.api.server import SubprocessASGIServer

_UNTIL_WE_ARE_GONE = 'read -r _; kill "$0" && sleep 10 && kill -KILL "$0"'
"""The shell's input is a pipe from us: it ends when we do, also by SIGKILL."""


class TiedServer(SubprocessASGIServer):
    """The server that Prefect's clients look for; a shell beside it ends it when we are gone."""

    _watchdog: subprocess.Popen[bytes] | None = None

    def _run_uvicorn_command(self) -> subprocess.Popen[Any]:
        process = super()._run_uvicorn_command()
        self._end_watch()
        self._watchdog = subprocess.Popen(  # noqa: S603 - a shell with a process id
            ["/bin/sh", "-c", _UNTIL_WE_ARE_GONE, str(process.pid)],
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # what ends our group or terminal is not to end this first
        )
        return process

    def stop(self) -> None:
        """End the server, and nothing else that may get its number after it."""
        self._end_watch()
        super().stop()

    def _end_watch(self) -> None:
        watchdog, self._watchdog = self._watchdog, None
        if watchdog is not None:
            watchdog.kill()
            watchdog.communicate()
