"""Addresses to listen on: whether they are free, and who can reach them."""

import socket

from pydantic import SecretStr

from tasks.core.errors import ConfigError
from tasks.core.loopback import is_loopback

__all__ = ["check_free", "check_guarded", "is_loopback", "reached_at"]


def check_free(host: str, port: int) -> None:
    """Refuse an address that cannot be bound to, since the server would only log it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind((host, port))
    except OSError as error:
        raise ConfigError(
            f"{host}:{port} is not free to listen on ({error.strerror}): choose another --port"
        ) from None


def check_guarded(host: str, secret: SecretStr | None) -> None:
    """Refuse an address that others reach, unless they must show a secret."""
    if not is_loopback(host) and secret is None:
        raise ConfigError(
            f"everyone who reaches {host} could start runs and read outputs: set "
            "PREFECT_SERVER_API_AUTH_STRING to user:password, which is then asked of them, or "
            "leave --host at 127.0.0.1"
        )


def reached_at(host: str) -> str:
    """Give the host under which this machine itself reaches what listens on an address."""
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - nothing is bound here
    return everywhere.get(host) or (f"[{host}]" if ":" in host else host)
