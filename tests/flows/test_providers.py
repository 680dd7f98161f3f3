from pathlib import Path

import pytest

from flows.providers import open_inference
from tasks.core.errors import ConfigError
from tasks.core.settings import Provider, Settings


async def opened(ledger: str) -> None:
    settings = Settings().model_copy(update={"ledger": ledger})
    async with open_inference(settings, Provider.OFFLINE):
        pass


async def test_a_damaged_ledger_is_named_and_what_to_do(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.db"
    ledger.write_bytes(b"no database at all " * 100)

    with pytest.raises(ConfigError, match=r"ledger\.db.*not a database.*DOCMILL_LEDGER"):
        await opened(f"sqlite:///{ledger}")


async def test_a_ledger_in_a_place_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(ConfigError, match=r"file/ledger\.db.*DOCMILL_LEDGER"):
        await opened(f"sqlite:///{tmp_path / 'file' / 'ledger.db'}")


async def test_a_folder_is_no_ledger(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="DOCMILL_LEDGER"):
        await opened(f"sqlite:///{tmp_path}")


async def test_what_goes_wrong_later_is_not_put_down_to_the_ledger(tmp_path: Path) -> None:
    settings = Settings().model_copy(update={"ledger": f"sqlite:///{tmp_path / 'l.db'}"})

    with pytest.raises(OSError, match="disk"):
        async with open_inference(settings, Provider.OFFLINE):
            raise OSError("disk")
