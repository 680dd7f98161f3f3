"""The settings of a run; where the environment has no key, Prefect's Secret block may have it."""

from typing import cast

from prefect.blocks.system import Secret
from pydantic import SecretStr

from tasks.core.errors import ConfigError
from tasks.core.settings import Settings, as_key, load_settings, make_home

KEY_BLOCK = "runware-api-key"


async def settings_of_worker() -> Settings:
    """Give the settings; a worker's key may lie in the Secret block `runware-api-key`."""
    settings = load_settings()
    make_home(settings)
    if settings.runware_api_key is not None:
        return settings
    try:
        block = cast("Secret[str]", await Secret.aload(KEY_BLOCK))
    except ValueError:  # there is no such block: the provider may well need no key
        return settings
    try:
        key = as_key(block.get())
    except ValueError as error:
        raise ConfigError(f"Secret block {KEY_BLOCK}: {error}") from None
    return settings.model_copy(update={"runware_api_key": SecretStr(str(key)) if key else None})
