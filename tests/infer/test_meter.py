import logging

import pytest

from tasks.core.answers import Result, Usage
from tasks.infer.meter import Meter
from tasks.infer.prices import Prices
from tasks.infer.throttle.gate import ThrottleState

PRICES = Prices(0.30, 1.20)
USAGE = Usage(prompt_tokens=1_000_000, completion_tokens=500_000, total_tokens=1_500_000)
STATE = ThrottleState(
    limit=8, in_flight=3, most_in_flight=7, waiting=2, refused=1, paused_s=0.0
)  # fmt: skip


def result(cost: float | None, usage: Usage | None = USAGE) -> Result:
    return Result(answer_key="k", text="t", usage=usage, cost_usd=cost)


def drift(*results: Result, prices: Prices = PRICES) -> float | None:
    meter = Meter()
    meter.paid(results, prices)
    return meter.traffic(STATE).price_drift


def test_what_is_paid_and_reused_is_added_up_beside_the_throttle() -> None:
    meter = Meter()
    meter.paid([result(0.5), result(None)], PRICES)
    meter.paid([result(None, None)], PRICES)
    meter.reused([result(9.0)])

    traffic = meter.traffic(STATE)

    assert (traffic.calls, traffic.reused) == (3, 1)
    assert traffic.usd == pytest.approx(0.5 + 0.90)
    assert (traffic.prompt_tokens, traffic.completion_tokens) == (2_000_000, 1_000_000)
    assert (traffic.limit, traffic.in_flight, traffic.most_in_flight) == (8, 3, 7)


@pytest.mark.parametrize(
    ("billed", "share"), [(0.90, 0.0), (1.80, 1.0), (0.45, -0.5), (0.99, 0.1), (0.0, -1.0)]
)
def test_drift_is_how_far_the_bill_is_off(billed: float, share: float) -> None:
    assert drift(result(billed)) == pytest.approx(share)


def test_without_cost_usage_or_prices_there_is_no_drift() -> None:
    assert drift(result(None)) is None
    assert drift(result(0.5, None)) is None
    assert drift(result(0.5), prices=Prices(0.0, 0.0)) is None


def test_the_drift_of_many_is_weighted_by_their_size() -> None:
    small = Usage(prompt_tokens=10, completion_tokens=0, total_tokens=10)

    found = drift(result(0.90), result(1.0, small), result(None))

    assert found == pytest.approx(1.90 / 0.900003 - 1)


@pytest.mark.parametrize(("billed", "told"), [(0.90, 0), (0.905, 0), (1.10, 1), (0.70, 1)])
def test_a_drift_beyond_rounding_is_told_once(
    billed: float, told: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "docmill.infer")
    meter = Meter()

    for _ in range(3):
        meter.paid([result(billed)], PRICES)

    assert sum("USD_PER_MILLION" in message for message in caplog.messages) == told


def test_streams_under_way_count_by_their_length_until_they_end() -> None:
    meter = Meter()
    meter.grows("a", 400)
    meter.grows("b", 40)
    meter.grows("a", 800)

    under_way = meter.traffic(STATE).completion_tokens
    meter.ended("a")
    meter.ended("b")

    assert (under_way, meter.traffic(STATE).completion_tokens) == (210, 0)
