"""Every case of the ledger runs over both databases."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tasks.ledger.ledger import Ledger, open_ledger
from tests.postgresql import new_database, postgresql


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    with postgresql() as server:
        yield server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.full)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the URL of a database in which there is nothing yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'deep' / 'ledger.db'}"
    return new_database(request.getfixturevalue("postgresql_server"))


@pytest.fixture
async def ledger(url: str) -> AsyncIterator[Ledger]:
    async with open_ledger(url) as opened:
        yield opened
