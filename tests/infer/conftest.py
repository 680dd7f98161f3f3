from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tasks.ledger.ledger import Ledger, open_ledger


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'ledger.db'}"


@pytest.fixture
async def ledger(url: str) -> AsyncIterator[Ledger]:
    async with open_ledger(url) as opened:
        yield opened
