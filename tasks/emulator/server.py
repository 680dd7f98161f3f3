"""Serve the emulator over HTTP."""

import uvicorn

from tasks.core.errors import ConfigError
from tasks.core.loopback import is_loopback
from tasks.emulator.app import create_app
from tasks.emulator.one_write import OneWriteProtocol
from tasks.emulator.options import EmulatorOptions

DEFAULT_PORT = 8484
_KEEP_ALIVE_S = 75  # uvicorn's 5 s would cut pooled connections: a fault that nobody asked for


def serve(options: EmulatorOptions, *, host: str = "127.0.0.1", port: int = DEFAULT_PORT) -> None:
    """Serve until interrupted; ConfigError for an address beyond this machine without a secret."""
    check_binding(options, host)
    uvicorn.run(
        create_app(options),
        host=host,
        port=port,
        http=OneWriteProtocol,
        timeout_keep_alive=_KEEP_ALIVE_S,
        log_level="warning",
        access_log=False,
    )


def check_binding(options: EmulatorOptions, host: str) -> None:
    """Refuse to let in whoever can reach the machine, unless they must bring a secret."""
    if not options.secret and not is_loopback(host):
        raise ConfigError(
            f"The emulator would be open to everyone who reaches {host}."
            " Set a secret, which is then the only API key it takes, or bind to 127.0.0.1."
        )
