from pathlib import Path

import pytest

from flows.job import Job, prepare
from flows.providers import open_inference
from flows.request import Request
from tasks.core.errors import ConfigError
from tasks.core.settings import Provider, Settings


@pytest.fixture
def job(tmp_path: Path) -> Job:
    request = Request(sources=(__file__,), to=tmp_path / "out", provider=Provider.OFFLINE)
    return prepare(request, Settings())


async def opened(ledger: str, job: Job) -> None:
    async with open_inference(Settings().model_copy(update={"ledger": ledger}), job):
        pass


async def test_a_damaged_ledger_is_named_and_what_to_do(tmp_path: Path, job: Job) -> None:
    ledger = tmp_path / "ledger.db"
    ledger.write_bytes(b"no database at all " * 100)

    with pytest.raises(ConfigError, match=r"ledger\.db.*not a database.*DOCMILL_LEDGER"):
        await opened(f"sqlite:///{ledger}", job)


async def test_a_ledger_in_a_place_that_is_none_is_named(tmp_path: Path, job: Job) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(ConfigError, match=r"file/ledger\.db.*DOCMILL_LEDGER"):
        await opened(f"sqlite:///{tmp_path / 'file' / 'ledger.db'}", job)


async def test_a_folder_is_no_ledger(tmp_path: Path, job: Job) -> None:
    with pytest.raises(ConfigError, match="DOCMILL_LEDGER"):
        await opened(f"sqlite:///{tmp_path}", job)


async def test_what_goes_wrong_later_is_not_put_down_to_the_ledger(
    tmp_path: Path, job: Job
) -> None:
    settings = Settings().model_copy(update={"ledger": f"sqlite:///{tmp_path / 'l.db'}"})

    with pytest.raises(OSError, match="disk"):
        async with open_inference(settings, job):
            raise OSError("disk")
