"""Orders that are planted where nobody sees them are set apart, and clean files raise no alarm."""

from collections import Counter
from pathlib import Path

import pytest

from tasks.core.documents import Document
from tasks.extract.formats import recognise
from tasks.extract.guard import is_hidden
from tests.extract.documents import read_with
from tests.extract.injections import Planted, planted
from tests.samples.make import HERE

LEAST_FOUND = 0.95
MOST_FALSE_ALARMS = 0.01


def read(name: str, data: bytes) -> Document:
    return read_with(recognise(data, name).reader(), data, name=name)


def is_found(plant: Planted) -> bool:
    """Tell whether the order is set apart whole, or its disguise is taken off and reported."""
    document = read(plant.name, plant.data)
    if plant.broken_up:
        return any("taken out" in warning for warning in document.warnings)
    hidden = " ".join(document.text_of(b) for b in document.blocks if is_hidden(b.set_apart))
    sent = " ".join(document.text_of(b) for b in document.blocks if not is_hidden(b.set_apart))
    return plant.order in hidden and plant.order not in sent


def test_planted_orders_are_found() -> None:
    plants = planted()
    missed = [plant.kind for plant in plants if not is_found(plant)]

    assert len(plants) >= 100
    assert len(Counter(plant.kind.partition(":")[0] for plant in plants)) == 5
    assert 1 - len(missed) / len(plants) >= LEAST_FOUND, missed


@pytest.mark.corpus
def test_clean_files_raise_no_alarm(corpus: Path) -> None:
    paths = [*corpus.glob("docx/*.docx"), *HERE.glob("*.docx"), *HERE.glob("*.md")]
    documents = {path.name: read(path.name, path.read_bytes()) for path in paths}
    alarms = [
        name for name, d in documents.items() if any(is_hidden(b.set_apart) for b in d.blocks)
    ]

    assert len(alarms) / len(documents) <= MOST_FALSE_ALARMS, alarms
