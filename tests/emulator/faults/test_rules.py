"""When faults fire."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.emulator.faults.catalogue import FAULTS
from tasks.emulator.faults.limits import Bucket, limit_at
from tasks.emulator.faults.rules import Faults
from tasks.emulator.refusal import RefusedError


def rules(*raw: dict[str, Any], seed: int = 0) -> Faults:
    faults = Faults(seed)
    faults.set(list(raw), 0.0)
    return faults


def fires(faults: Faults, keys: list[str], text: str = "text") -> list[bool]:
    return [bool(faults.draw(FAULTS, text, key)) for key in keys]


def test_a_rule_without_conditions_fires_always() -> None:
    assert fires(rules({"fault": "reset_after"}), ["a", "b"]) == [True, True]


def test_fires_so_many_times_and_never_again() -> None:
    assert fires(rules({"fault": "empty", "times": 2}), list("abc")) == [True, True, False]


def test_fires_at_each_nth_task() -> None:
    drawn = fires(rules({"fault": "empty", "every": 3}), list("abcdef"))

    assert drawn == [False, False, True] * 2


@pytest.mark.parametrize("match", ["Gh.nt", {"contains": "Ghent"}])
def test_fires_only_for_tasks_that_match(match: object) -> None:
    faults = rules({"fault": "empty", "match": match, "times": 1})

    assert fires(faults, ["a"], "to Paris") == [False]
    assert fires(faults, ["a"], "to Ghent") == [True]


def test_a_share_is_kept_to() -> None:
    drawn = fires(rules({"fault": "empty", "share": 0.2}), [str(n) for n in range(2000)])

    assert 320 < sum(drawn) < 480


@given(st.permutations([str(n) for n in range(30)]), st.integers(0, 9))
def test_the_order_of_tasks_does_not_change_what_befalls_them(keys: list[str], seed: int) -> None:
    def drawn(order: list[str]) -> dict[str, bool]:
        faults = rules({"fault": "empty", "share": 0.5}, seed=seed)
        return dict(zip(order, fires(faults, order), strict=True))

    assert drawn(keys) == drawn(sorted(keys))


def test_the_same_task_again_is_drawn_again() -> None:
    drawn = fires(rules({"fault": "empty", "share": 0.5}), ["same"] * 50)

    assert 10 < sum(drawn) < 40


def test_other_seeds_give_other_draws() -> None:
    keys = [str(n) for n in range(50)]
    one, other = (fires(rules({"fault": "empty", "share": 0.5}, seed=n), keys) for n in (1, 2))

    assert one != other


def test_the_first_rule_that_fires_counts() -> None:
    faults = rules(
        {"fault": "status", "status": 500, "times": 1}, {"fault": "status", "status": 429}
    )
    statuses = [faults.draw(FAULTS, "", key)["status"]["status"] for key in "ab"]

    assert statuses == [500, 429]


@pytest.mark.parametrize(
    ("raw", "parameter"),
    [
        ({}, "rules"),
        ([5], "rules[0]"),
        ([{"fault": "unheard_of"}], "rules[0].fault"),
        ([{"fault": "empty"}, {"fault": 5}], "rules[1].fault"),
        ([{"fault": "empty", "share": 1.1}], "rules[0].share"),
        ([{"fault": "empty", "every": 0}], "rules[0].every"),
        ([{"fault": "empty", "times": -1}], "rules[0].times"),
        ([{"fault": "empty", "match": "("}], "rules[0].match"),
        ([{"fault": "empty", "match": {"has": "x"}}], "rules[0].match.has"),
        ([{"fault": "empty", "form": "whole"}], "rules[0].form"),
        ([{"fault": "thoughts", "form": "loud"}], "rules[0].form"),
        ([{"fault": "status", "status": 200}], "rules[0].status"),
        ([{"fault": "rate_limit"}], "rules[0].perSecond"),
        ([{"fault": "concurrency_limit", "schedule": [[1]]}], "rules[0].schedule[0]"),
        ([{"fault": "concurrency_limit", "schedule": [[1, -1]]}], "rules[0].schedule[0][1]"),
    ],
)
def test_refuses_a_wrong_rule_by_name_and_keeps_those_in_force(raw: Any, parameter: str) -> None:
    faults = rules({"fault": "empty"})
    with pytest.raises(RefusedError) as caught:
        faults.set(raw, 0.0)

    assert caught.value.parameter == parameter
    assert fires(faults, ["a"]) == [True]


def test_a_schedule_changes_the_limit_by_itself() -> None:
    values = {"limit": 5, "schedule": ((10.0, 2), (20.0, 8))}

    assert [limit_at(values, at) for at in (0, 9.9, 10, 19, 20, 99)] == [5, 5, 2, 2, 8, 8]


def test_a_bucket_lets_through_its_rate_and_its_burst() -> None:
    bucket = Bucket({"perSecond": 2.0, "burst": 3}, 0.0)

    assert [bucket.take(0.0) for _ in range(4)] == [True, True, True, False]
    assert [bucket.take(0.5), bucket.take(0.5), bucket.take(1.0)] == [True, False, True]
    assert [bucket.take(100.0) for _ in range(4)] == [True, True, True, False]
