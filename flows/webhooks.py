"""The address at which the provider reaches `docmill webhooks`, with the secret that lets it in."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode

from pydantic import SecretStr

from tasks.core.errors import ConfigError
from tasks.core.settings import Settings

SECRET_FILE = "webhook-secret"  # noqa: S105 # its name
SECRET_BYTES = 32


def webhook_secret(settings: Settings) -> SecretStr:
    """Give the secret as set, else the one in the home folder, which is made at first use."""
    if settings.webhook_secret is not None:
        return settings.webhook_secret
    path = settings.home / SECRET_FILE
    if not path.exists():
        _make(path)
    secret = path.read_text().strip()
    if not secret:
        raise ConfigError(f"{path} is empty: remove it, and a new secret is made")
    return SecretStr(secret)


def _make(path: Path) -> None:
    """Write a new secret, whole or not at all; the first of several processes that do wins."""
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # its owner's alone
    try:
        with os.fdopen(handle, "w") as new:
            new.write(secrets.token_urlsafe(SECRET_BYTES))
            new.flush()
            os.fsync(handle)
        with suppress(FileExistsError):
            os.link(aside, path)
    finally:
        Path(aside).unlink()


async def receive(ledger_url: str, secret: SecretStr, *, host: str, port: int) -> None:
    """Serve the receiver until interrupted; its log names no address, for the secret is in it."""
    import uvicorn

    from tasks.infer.delivery.receiver import create_receiver
    from tasks.ledger.ledger import open_ledger

    async with open_ledger(ledger_url) as ledger:
        app = create_receiver(secret, ledger)
        config = uvicorn.Config(app, host=host, port=port, log_level="warning", access_log=False)
        await uvicorn.Server(config).serve()


def webhook_address(settings: Settings) -> SecretStr:
    """Give the URL that goes into each task; ConfigError where none is set."""
    if settings.webhook_url is None:
        raise ConfigError(
            "delivery webhook needs DOCMILL_WEBHOOK_URL, the address at which the provider reaches "
            "`docmill webhooks`, as in https://docs.example.com/webhook"
        )
    token = urlencode({"token": webhook_secret(settings).get_secret_value()})
    joint = "&" if "?" in settings.webhook_url else "?"
    return SecretStr(f"{settings.webhook_url}{joint}{token}")
