"""The settings, from the environment or `.env`; nothing else in docmill reads the environment."""

from enum import StrEnum
from functools import cache
from pathlib import Path

from pydantic import Field, PositiveFloat, PositiveInt, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from tasks.core.capacity import CONTEXT_WINDOW_TOKENS
from tasks.core.errors import ConfigError


class Provider(StrEnum):
    """Who answers."""

    RUNWARE = "runware"
    OPENAI = "openai"
    OFFLINE = "offline"


class Settings(BaseSettings):
    """All settings; each is `DOCMILL_<NAME>` in the environment, but for the two keys."""

    model_config = SettingsConfigDict(
        env_prefix="DOCMILL_", env_file=".env", extra="ignore", frozen=True
    )

    home: Path = Field(default_factory=lambda: Path.home() / ".docmill")
    """Folder of the ledger, the document store and the token table."""
    ledger: str | None = None
    """SQLAlchemy URL; the default is `ledger.db` in the home folder."""
    store: str | None = None
    """fsspec URL of the document store; the default is `documents` in the home folder."""
    prompts: Path | None = None
    """Folder of one's own recipes; a recipe here wins over a shipped one of the same name."""

    provider: Provider | None = None
    runware_url: str = "https://api.runware.ai/v1"
    """The whole endpoint."""
    runware_api_key: SecretStr | None = Field(default=None, validation_alias="RUNWARE_API_KEY")
    openai_url: str | None = None
    """Base URL of an OpenAI-compatible server, up to and with `/v1`."""
    openai_model: str | None = None
    openai_api_key: SecretStr | None = Field(default=None, validation_alias="OPENAI_API_KEY")

    window: PositiveInt = CONTEXT_WINDOW_TOKENS
    """Context window in tokens."""
    at_once: PositiveInt = 4
    """Inference tasks in flight; Runware advises 2 to 4."""
    request_timeout_s: PositiveFloat = 600
    usd_per_million_prompt_tokens: float = 0.30
    usd_per_million_completion_tokens: float = 1.20

    extract_timeout_s: PositiveFloat = 120
    extract_memory_mb: PositiveInt = 2048
    extract_at_once: PositiveInt = 2
    """Files read at once, each in a process of its own."""

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
        return Settings()
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(str(part) for part in e['loc'])}: {e['msg']}"
            for e in error.errors(include_input=False)
        )
        raise ConfigError(f"settings (DOCMILL_* in the environment or .env): {wrong}") from None
