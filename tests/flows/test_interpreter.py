import gc
import sys
from collections.abc import Iterator

import pytest

from flows.interpreter import SWITCH_S, answering, importing


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    gc.unfreeze()
    gc.enable()


def test_what_is_there_is_left_out_of_collections_only_while_answers_come() -> None:
    there = [[]]  # type: ignore[var-annotated]
    with answering():
        assert not any(one is there for one in gc.get_objects())
        assert sys.getswitchinterval() == pytest.approx(SWITCH_S)

    assert any(one is there for one in gc.get_objects())
    assert sys.getswitchinterval() > SWITCH_S


def test_garbage_made_meanwhile_is_collected() -> None:
    with answering():
        made: list[object] = []
        made.append(made)
        del made
        assert gc.collect() > 0


def test_imports_are_not_looked_through_again() -> None:
    with importing():
        assert not gc.isenabled()
        imported = [[]]  # type: ignore[var-annotated]

    assert gc.isenabled()
    assert not any(one is imported for one in gc.get_objects())
