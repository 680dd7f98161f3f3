import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tasks.core.errors import ConfigError
from tasks.ledger.engine import open_engine
from tasks.ledger.ledger import Ledger, open_ledger
from tasks.ledger.schema import metadata
from tests.ledger.building import claimed

CLAIM_AT_ONCE = """
import asyncio, sys
from tasks.ledger.ledger import Claim, open_ledger
from tests.ledger.building import asked

async def main(url):
    async with open_ledger(url) as ledger:
        claims = await asyncio.gather(*(ledger.claim(asked(f"k{n}")) for n in range(50)))
        print(sum(isinstance(claim, Claim) for claim in claims), flush=True)
        sys.stdin.read()

asyncio.run(main(sys.argv[1]))
"""


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_the_database_is_for_its_owner_only(ledger: Ledger, tmp_path: Path) -> None:
    await claimed(ledger)

    for file in (tmp_path / "deep").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_each_commit_is_synced_to_the_disk(url: str) -> None:
    with open_engine(url).connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


async def test_a_ledger_of_another_version_is_refused(url: str) -> None:
    async with open_ledger(url):
        pass
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE schema SET version = 99")
    engine.dispose()

    with pytest.raises(ConfigError, match="schema version 99"):
        async with open_ledger(url):
            pass


@pytest.mark.parametrize(
    "url", ["mysql://localhost/ledger", "sqlite://", "sqlite:///:memory:", "ledger.db"]
)
async def test_only_files_of_sqlite_and_postgresql_are_taken(url: str) -> None:
    with pytest.raises(ConfigError, match="DOCMILL_LEDGER"):
        async with open_ledger(url):
            pass


async def test_a_server_that_does_not_answer_is_named_without_its_password() -> None:
    with pytest.raises(
        ConfigError, match=r"mill:\*\*\*@127\.0\.0\.1:1/ledger.*DOCMILL_LEDGER"
    ) as e:
        async with open_ledger("postgresql://mill:hush@127.0.0.1:1/ledger"):
            pass
    assert "hush" not in str(e.value)


def test_processes_that_make_the_ledger_at_once_share_it(url: str) -> None:
    """Each of them claims the same fifty, all in their first moments."""
    command = [sys.executable, "-c", CLAIM_AT_ONCE, url]
    pipe = subprocess.PIPE
    processes = [subprocess.Popen(command, stdin=pipe, stdout=pipe) for _ in range(4)]

    claims = [int(process.stdout.readline()) for process in processes if process.stdout]
    for process in processes:
        process.communicate()

    assert sum(claims) == 50


def test_no_prompt_and_no_key_has_a_place_in_the_ledger() -> None:
    columns = {column.name for table in metadata.tables.values() for column in table.columns}

    assert not {"prompt", "messages", "system_prompt", "api_key"} & columns
