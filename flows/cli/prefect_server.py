"""Prefect for one run of the command: its settings, and a temporary server where there is none."""

import os
from typing import Any

import typer

from tasks.core.errors import ConfigError

SETTINGS = {
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",  # its first write may meet a locked database
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",  # a new home takes its time
}

_UNREACHED = "Failed to reach API at "


class TemporaryServer:
    """The server that Prefect would start itself, so that it can be ended at any moment."""

    def __init__(self) -> None:
        self._server: Any = None

    def start_if_needed(self) -> None:
        """Start a server unless the person's settings name one; blocks for some 20 seconds."""
        from prefect.settings import get_current_settings

        if get_current_settings().api.url:
            return
        from flows.cli.tied_server import TiedServer

        typer.echo(
            "Starting a temporary Prefect server. With `docmill up` running and PREFECT_API_URL "
            "set, runs start at once.",
            err=True,
        )
        self._server = TiedServer()
        try:
            self._server.start()
        except RuntimeError as error:
            raise ConfigError(
                f"the temporary Prefect server did not start ({error}): try again, or run "
                "`prefect server start` and set PREFECT_API_URL"
            ) from error

    def stop(self) -> None:
        """End the server if there is one, also one that is just starting."""
        if self._server is not None:
            self._server.stop()


def set_up() -> None:
    """Set what Prefect reads at import; a person's own settings win."""
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)  # noqa: TID251 - it tells Prefect, and reads nothing


def explained(error: RuntimeError) -> Exception:
    """Give for an error of Prefect's what to say of it."""
    if not str(error).startswith(_UNREACHED):
        return error
    url = str(error).removeprefix(_UNREACHED)
    return ConfigError(
        f"no Prefect server answers at {url}: start one with `docmill up`, or unset "
        "PREFECT_API_URL to use a temporary one"
    )
