"""What a hostile file costs: next to no time, and its end has a name."""

import time
from pathlib import Path

import pytest

from tasks.core.errors import InputError
from tasks.extract.limits import GIB, ExtractionLimits
from tasks.extract.read import Readers
from tests.extract.bombs import BOMBS

LIMITS = ExtractionLimits(timeout_s=30, max_memory_bytes=GIB)
REFUSED_WITHIN_S = 2.0


async def end_of(path: Path, readers: Readers) -> None:
    try:
        document = await readers.extract(path)
    except InputError as error:
        said = str(error)
    else:  # a form that draws itself draws nothing
        said = f"{path.name}: {document.warnings[0]}"
        assert document.text == ""
    assert said.startswith(path.name)


@pytest.mark.full
async def test_each_bomb_is_refused_by_name_at_once(tmp_path: Path) -> None:
    slow: dict[str, float] = {}
    async with Readers(LIMITS) as readers:
        warm = tmp_path / "warm.txt"
        warm.write_text("x")
        await readers.extract(warm)
        for bomb, (name, make) in BOMBS.items():
            path = tmp_path / name
            path.write_bytes(make())
            start = time.perf_counter()
            await end_of(path, readers)
            slow[bomb] = time.perf_counter() - start

    assert {bomb: took for bomb, took in slow.items() if took > REFUSED_WITHIN_S} == {}
