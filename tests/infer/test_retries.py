import pytest

from tasks.core.errors import TransientError
from tasks.infer.failures import BusyError
from tasks.infer.retries import Retries
from tests.infer.building import Time

FAILED = TransientError("502")
BUSY = BusyError("429")


def test_a_failing_provider_is_given_up_after_longer_and_longer_waits() -> None:
    patience = Retries(attempts=4, jitter=lambda: 0.5).of_a_task()

    assert [patience.wait_s(FAILED) for _ in range(4)] == [1.5, 2.5, 4.5, None]


def test_no_wait_is_longer_than_the_longest() -> None:
    patience = Retries(attempts=20, wait_longest_s=10.0).of_a_task()

    assert max(patience.wait_s(FAILED) or 0.0 for _ in range(19)) == 10.0


def test_a_busy_provider_is_given_up_only_after_a_long_time() -> None:
    time = Time()
    patience = Retries(attempts=2, busy_s=100.0, clock=time).of_a_task()
    waits = [patience.wait_s(BUSY) for _ in range(20)]
    time.now += 100.0

    assert waits == [1.0, 2.0, 4.0, *[8.0] * 17]
    assert patience.wait_s(BUSY) is None


@pytest.mark.parametrize(("told_s", "wait_s"), [(7.0, 7.0), (500.0, 100.0)])
def test_the_provider_says_how_long_to_wait_but_not_for_ever(told_s: float, wait_s: float) -> None:
    patience = Retries(busy_s=100.0).of_a_task()

    assert patience.wait_s(BusyError("429", retry_after_s=told_s)) == wait_s


def test_what_is_busy_is_not_counted_as_failed() -> None:
    patience = Retries(attempts=2).of_a_task()
    for _ in range(5):
        patience.wait_s(BUSY)

    assert patience.wait_s(FAILED) is not None
    assert patience.wait_s(FAILED) is None
