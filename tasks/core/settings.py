"""The settings, from the environment or `.env`; nothing else in docmill reads the environment.

`.env` lies in the home folder. One in the current folder is not read: a folder of documents from
elsewhere could bring its own, and send the key to a server of its choice.
"""

import os
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    AliasChoices,
    BeforeValidator,
    Field,
    NonNegativeFloat,
    PositiveFloat,
    PositiveInt,
    SecretStr,
    ValidationError,
)
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from tasks.core.capacity import CONTEXT_WINDOW_TOKENS
from tasks.core.errors import ConfigError


class Provider(StrEnum):
    """Who answers."""

    RUNWARE = "runware"
    OPENAI = "openai"
    OFFLINE = "offline"


class DeliveryMethod(StrEnum):
    """How Runware's answers come: polled for, waited for, streamed, or brought to us."""

    ASYNC = "async"
    SYNC = "sync"
    STREAM = "stream"
    WEBHOOK = "webhook"


def as_key(value: object) -> object:
    """Take a key without the white space around it; a blank one is none."""
    text = value.get_secret_value() if isinstance(value, SecretStr) else value
    if not isinstance(text, str):
        return value
    key = text.strip()
    if not (key.isascii() and key.isprintable()):
        raise ValueError("a key has only ASCII characters and no line breaks; copy it anew")
    return key or None


def _web_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("it must begin with http:// or https:// and name a host")
    if parts.username is not None or parts.password is not None:
        raise ValueError("it must hold no user:password@; the key has a setting of its own")
    return value


def _expanded(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError:
        raise ValueError("there is no such user's home folder") from None


def _folders(value: object) -> object:
    """Take folders as the system writes a list of them, with colons between."""
    return tuple(filter(None, value.split(os.pathsep))) if isinstance(value, str) else value


Key = Annotated[SecretStr | None, BeforeValidator(as_key)]
WebUrl = Annotated[str, AfterValidator(_web_url)]
Folder = Annotated[Path, AfterValidator(_expanded)]
Folders = Annotated[tuple[Folder, ...], NoDecode, BeforeValidator(_folders)]


class _Home(BaseSettings):
    """Where everything lies that docmill keeps, `.env` too; only the environment says where."""

    model_config = SettingsConfigDict(
        env_prefix="DOCMILL_", env_ignore_empty=True, extra="ignore", frozen=True
    )

    home: Folder = Field(default_factory=lambda: Path.home() / ".docmill")
    """Folder of the ledger, the document store, the token table and `.env`."""


class Settings(_Home):
    """All settings; each is `DOCMILL_<NAME>` in the environment, but for the two keys."""

    ledger: str | None = None
    """SQLAlchemy URL; the default is `ledger.db` in the home folder."""
    store: str | None = None
    """fsspec URL of the document store; the default is `documents` in the home folder."""
    prompts: Folder | None = None
    """Folder of one's own recipes; a recipe here wins over a shipped one of the same name."""

    provider: Provider | None = None
    runware_url: WebUrl = "https://api.runware.ai/v1"
    """The whole endpoint."""
    runware_api_key: Key = Field(default=None, validation_alias="RUNWARE_API_KEY")
    delivery: DeliveryMethod = DeliveryMethod.ASYNC
    """With `async`, the only one whose tasks outlive us, a run that was killed picks them up."""
    webhook_url: WebUrl | None = None
    """Where the provider reaches `docmill webhooks`, up to and with `/webhook`."""
    webhook_secret: Key = None
    """Lets the provider in there; the default is made once and kept in the home folder."""
    openai_url: WebUrl | None = None
    """Base URL of an OpenAI-compatible server, up to and with `/v1`."""
    openai_model: str | None = None
    openai_api_key: Key = Field(default=None, validation_alias="OPENAI_API_KEY")

    window: PositiveInt = CONTEXT_WINDOW_TOKENS
    """Context window in tokens."""
    at_once: PositiveInt | None = None
    """Inference tasks in flight: so many from the start and never more, fewer where the provider
    refuses. Without it the provider's limit is found, beginning with few."""
    tasks_per_post: PositiveInt = 4
    """Inference tasks that are handed over in one POST at most, where several are ready."""
    request_timeout_s: PositiveFloat = 600
    usd_per_million_prompt_tokens: float = 0.30
    usd_per_million_completion_tokens: float = 1.20

    extract_timeout_s: PositiveFloat = 120
    extract_memory_mb: PositiveInt = 2048
    extract_at_once: PositiveInt = 2
    """Files read at once, each in a process of its own."""
    ocr: str = "eng"
    """Languages of scanned pages as tesseract names them, with `+` between, or `none`."""
    password: SecretStr | None = None
    """Opens the sources that are locked; on workers also the Secret block `docmill-password`."""

    roots: Folders = Field(default_factory=lambda: (Path.home() / "docmill",), min_length=1)
    """Folders, with colons between, outside which a deployed run neither reads nor writes."""
    outputs_url: WebUrl | None = None
    """Where outputs are served for links to open, as by `docmill outputs`; set by `docmill up`."""
    approve_above_usd: NonNegativeFloat | None = None
    """US dollars above which a deployed run waits for a person to approve its plan."""
    approve_within_s: PositiveInt = 3 * 24 * 3600
    """How long it waits; then it fails."""
    prefect_api_url: WebUrl | None = Field(default=None, validation_alias="PREFECT_API_URL")
    """A Prefect server that runs already; `docmill up` then starts none."""
    prefect_auth: Key = Field(
        default=None,
        validation_alias=AliasChoices("PREFECT_SERVER_API_AUTH_STRING", "PREFECT_API_AUTH_STRING"),
    )
    """What clients must show to a server that others can reach, as `user:password`."""

    debug: bool = False
    """Show the traceback of an error that nobody expected."""

    def ledger_url(self) -> str:
        """Give the SQLAlchemy URL of the ledger."""
        return self.ledger or f"sqlite:///{self.home / 'ledger.db'}"

    def store_url(self) -> str:
        """Give the fsspec URL of the document store."""
        return self.store or str(self.home / "documents")


@cache
def load_settings() -> Settings:
    """Read the settings once; ConfigError names the one that is wrong, never its value."""
    try:
        home = _Home().home
        # `.env` cannot move the home folder that it lies in.
        return Settings(_env_file=home / ".env", home=home)  # type: ignore[call-arg] # documented
    except ValidationError as error:
        wrong = "; ".join(map(_told, error.errors(include_input=False)))
        raise ConfigError(
            f"settings (the environment or .env in the home folder): {wrong}"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"settings: .env in the home folder cannot be read: {error}") from None


def make_home(settings: Settings) -> None:
    """Make the home folder, for its owner alone; ConfigError where it cannot be used."""
    try:
        settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"the home folder {settings.home} cannot be made ({error.strerror}): "
            "point DOCMILL_HOME at a folder that can be written"
        ) from None


def _told(error: ErrorDetails) -> str:
    """Say which setting is wrong, by the name under which it is set."""
    names = (str(part) for part in error["loc"])
    setting = ".".join(n if n.isupper() else f"DOCMILL_{n.upper()}" for n in names)
    return f"{setting}: {error['msg'].removeprefix('Value error, ')}"
