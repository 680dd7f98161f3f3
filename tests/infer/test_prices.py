import pytest

from tasks.core.answers import Result, Usage
from tasks.infer.prices import Prices, cost_usd, expected_usd, worst_case
from tests.infer.building import request

PRICES = Prices(0.30, 1.20)
USAGE = Usage(prompt_tokens=1_000_000, completion_tokens=500_000, total_tokens=1_500_000)


def result(cost: float | None, usage: Usage | None = USAGE) -> Result:
    return Result(answer_key="k", text="t", usage=usage, cost_usd=cost)


def test_the_worst_case_is_a_full_prompt_and_a_full_answer_for_every_result() -> None:
    one = worst_case(request(max_tokens=1000), PRICES, prompt_tokens=10_000)
    four = worst_case(request(max_tokens=1000, number_results=4), PRICES, prompt_tokens=10_000)

    assert one.prompt_tokens == 10_000
    assert one.completion_tokens == 1000
    assert one.usd == pytest.approx((10_000 * 0.30 + 1000 * 1.20) / 1e6)
    assert four.tokens == 4 * one.tokens
    assert four.usd == pytest.approx(4 * one.usd)


def test_a_cost_is_as_billed_else_by_usage_else_unknown() -> None:
    assert expected_usd(USAGE, PRICES) == pytest.approx(0.90)
    assert cost_usd(result(0.5), PRICES) == 0.5
    assert cost_usd(result(0.0), PRICES) == 0.0
    assert cost_usd(result(None), PRICES) == pytest.approx(0.90)
    assert cost_usd(result(None, None), PRICES) is None


@pytest.mark.parametrize(("drift", "factor"), [(None, 1.0), (0.0, 1.0), (0.5, 1.5), (-0.5, 1.0)])
def test_prices_follow_a_bill_upwards_only(drift: float | None, factor: float) -> None:
    assert PRICES.at_least(drift) == Prices(factor * 0.30, factor * 1.20)
