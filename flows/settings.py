"""The settings of a run; where the environment has no key, Prefect's Secret block may have it."""

from typing import cast

from prefect.blocks.system import Secret
from pydantic import SecretStr

from tasks.core.settings import Settings, load_settings

KEY_BLOCK = "runware-api-key"


async def settings_of_worker() -> Settings:
    """Give the settings; a worker's key may lie in the Secret block `runware-api-key`."""
    settings = load_settings()
    if settings.runware_api_key is not None:
        return settings
    try:
        block = cast("Secret[str]", await Secret.aload(KEY_BLOCK))
    except ValueError:  # there is no such block: the provider may well need no key
        return settings
    return settings.model_copy(update={"runware_api_key": SecretStr(block.get())})
