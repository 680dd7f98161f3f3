"""The settings of a run; where the environment has no key, Prefect's Secret block may have it."""

from typing import cast

from prefect.blocks.system import Secret
from pydantic import SecretStr

from tasks.core.errors import ConfigError
from tasks.core.settings import Settings, as_key, load_settings, make_home

KEY_BLOCK = "runware-api-key"
PASSWORD_BLOCK = "docmill-password"  # noqa: S105 the block's name


async def settings_of_worker() -> Settings:
    """Give the settings; a worker's secrets may lie in Secret blocks of Prefect.

    These are `runware-api-key` and `docmill-password`.
    """
    settings = load_settings()
    make_home(settings)
    if settings.runware_api_key is None:
        settings = settings.model_copy(update={"runware_api_key": await _key()})
    if settings.password is None:
        settings = settings.model_copy(update={"password": await _secret(PASSWORD_BLOCK)})
    return settings


async def _key() -> SecretStr | None:
    secret = await _secret(KEY_BLOCK)
    try:
        key = as_key(secret)
    except ValueError as error:
        raise ConfigError(f"Secret block {KEY_BLOCK}: {error}") from None
    return SecretStr(str(key)) if key else None


async def _secret(name: str) -> SecretStr | None:
    """Give what a Secret block holds, or None where there is no such block."""
    try:
        block = cast("Secret[str]", await Secret.aload(name))
    except ValueError:
        return None
    return SecretStr(str(block.get()))
