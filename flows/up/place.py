"""Where one machine's docmill lies and listens: all that `docmill up` decides before it starts."""

import fcntl
import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr

from flows.addresses import check_free, check_guarded, reached_at
from tasks.core.errors import ConfigError
from tasks.core.settings import Settings

ROOT = Path(__file__).parents[2]
"""The checkout, whose flows the deployments run."""
BIN = Path(sys.executable).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One machine's docmill. `api_url` is that of Prefect's API, ours or one that runs already."""

    home: Path
    roots: tuple[Path, ...]
    host: str
    port: int
    outputs_port: int
    api_url: str
    own_server: bool
    auth: SecretStr | None
    webhooks_port: int | None
    runs_at_once: int
    ledger_url: str = field(repr=False)

    @property
    def inbox(self) -> Path:
        """Give the folder that is watched."""
        return self.roots[0] / "inbox"

    @property
    def nightly(self) -> Path:
        """Give the folder that the schedule looks into."""
        return self.roots[0] / "nightly"

    @property
    def outputs(self) -> Path:
        """Give the folder that outputs go to."""
        return self.roots[0] / "outputs"

    @property
    def logs(self) -> Path:
        """Give the folder of the parts' logs."""
        return self.home / "logs"

    @property
    def ui_url(self) -> str:
        """Give the address of Prefect's pages."""
        return self.api_url.removesuffix("/api")

    @property
    def outputs_url(self) -> str:
        """Give the address under which outputs are served."""
        return f"http://{reached_at(self.host)}:{self.outputs_port}"

    def environment(self) -> Mapping[str, str]:
        """Give what every part is told beside the environment that we have ourselves."""
        told = {
            "DOCMILL_HOME": str(self.home),
            "DOCMILL_ROOTS": os.pathsep.join(map(str, self.roots)),
            "DOCMILL_OUTPUTS_URL": self.outputs_url,
            "PREFECT_API_URL": self.api_url,
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        }
        if self.own_server:
            told["PREFECT_HOME"] = str(self.home / "prefect")
        if self.auth:
            told["PREFECT_API_AUTH_STRING"] = self.auth.get_secret_value()
        return told


def choose_place(
    settings: Settings,
    *,
    host: str,
    port: int,
    outputs_port: int,
    runs_at_once: int,
    webhooks_port: int | None = None,
) -> Place:
    """Choose the place; ConfigError for an address that others reach and nothing guards."""
    check_guarded(host, settings.prefect_auth)
    return Place(
        home=settings.home,
        roots=tuple(root.resolve() for root in settings.roots),
        host=host,
        port=port,
        outputs_port=outputs_port,
        api_url=settings.prefect_api_url or f"http://{reached_at(host)}:{port}/api",
        own_server=settings.prefect_api_url is None,
        auth=settings.prefect_auth,
        webhooks_port=webhooks_port,
        runs_at_once=runs_at_once,
        ledger_url=settings.ledger_url(),
    )


def make_folders(place: Place) -> None:
    """Make the folders that a person puts documents into and takes outputs from."""
    for folder in (*place.roots, place.inbox, place.nightly, place.outputs):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(
                f"{folder} cannot be made ({error.strerror}): name other folders in DOCMILL_ROOTS"
            ) from None


def check_ports(place: Place) -> None:
    """Refuse ports on which something else listens."""
    if place.own_server:
        check_free(place.host, place.port)
    check_free(place.host, place.outputs_port)
    if place.webhooks_port:
        check_free(place.host, place.webhooks_port)


@contextmanager
def alone(place: Place) -> Iterator[None]:
    """Be the only `docmill up` of a home folder; ConfigError tells where the other one is."""
    path = place.home / "up.json"
    with path.open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            raise ConfigError(f"docmill is up already{_where(lock.read())}") from None
        lock.truncate(0)
        lock.write(json.dumps({"pid": os.getpid(), "ui": place.ui_url}))
        lock.flush()
        yield
        lock.truncate(0)


def is_up(place: Place) -> bool:
    """Tell whether `docmill up` runs on a home folder."""
    try:
        with (place.home / "up.json").open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def _where(told: str) -> str:
    try:
        other = json.loads(told)
    except ValueError:
        return ""
    return f", as process {other['pid']}; its pages are at {other['ui']}"
