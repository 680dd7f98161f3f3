"""Damaged files end in text or in a named error; the benchmark `mutations` runs many more."""

from pathlib import Path

from tasks.core.documents import Document
from tasks.core.errors import InputError
from tasks.extract.family import readable
from tasks.extract.limits import GIB, ExtractionLimits
from tasks.extract.read import Readers
from tests.extract.mutations import mutated
from tests.extract.sources import small_sources

LIMITS = ExtractionLimits(timeout_s=30, max_memory_bytes=GIB)
EACH = 4


async def test_damaged_files_of_every_format_end_well(tmp_path: Path) -> None:
    async with Readers(LIMITS) as readers:
        for name, data in small_sources().items():
            for seed in range(EACH):
                kind, damaged = mutated(data, seed)
                path = tmp_path / name
                path.write_bytes(damaged or b"\0")
                try:
                    document = await readers.extract(path)
                    end: Document | InputError = document
                    for attachment in readable(document.attachments):
                        end = await readers.extract(path, inside=(attachment.name,))
                except InputError as error:
                    end = error
                assert_ended_well(end, f"{name} {kind} {seed}")


def assert_ended_well(end: Document | InputError, what: str) -> None:
    if isinstance(end, InputError):
        assert not any(word in str(end) for word in ("crashed", "gave up")), what
        assert "Error:" not in str(end), f"{what}: {end}"  # what a library raised by surprise
    else:
        assert all(end.text_of(block).strip() for block in end.blocks), what


def test_the_same_seed_does_the_same_damage() -> None:
    data = small_sources()["book.epub"]

    assert [mutated(data, n) for n in range(20)] == [mutated(data, n) for n in range(20)]
    assert len({mutated(data, n)[0] for n in range(60)}) >= 7
