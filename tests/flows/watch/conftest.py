from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flows.watch.building import Watched


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    made = Watched(tmp_path)
    yield made
    made.engine.dispose()
