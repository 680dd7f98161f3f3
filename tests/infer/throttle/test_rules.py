import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.infer.throttle.limit import START, Event, Limit, Ordered, Refused, Served, Wanted
from tasks.infer.throttle.rules import (
    LONGEST_BACKOFF_S,
    LONGEST_PROBE_GAP_S,
    next_limit,
    rises_at,
)

KNOWN = Limit(level=24, proven=24, latency_s=0.5, ceiling=25.0, cut_at=50.0, probe_at=90.0)
"""A limit that was found some time ago."""


def refused(
    limit: Limit, now: float, *, others: int | None = None, retry_after_s: float | None = None
) -> Limit:
    """Refuse the last task that started, an instant ago."""
    others = limit.level - 1 if others is None else others
    return next_limit(limit, Refused(others + 1, now - 0.01, others, retry_after_s), now)


def test_nothing_is_tried_before_the_first_tasks_are_served() -> None:
    assert rises_at(Limit()) == math.inf


def test_the_level_doubles_within_a_round_trip_while_nothing_is_refused() -> None:
    limit = next_limit(Limit(), Served(level=START, started_at=0.0), 1.0)
    now = 1.0

    while limit.level < 2 * START:
        now = max(now, rises_at(limit))
        limit = next_limit(limit, Wanted(), now)

    assert now - 1.0 <= 1.0
    assert rises_at(limit) == math.inf, "not without proof"


def test_a_refusal_leaves_as_many_as_the_server_took() -> None:
    assert refused(KNOWN, 100.0, others=20).level == 20


def test_tasks_of_one_burst_take_half_at_most() -> None:
    limit = Limit(level=64, proven=64, latency_s=0.5)

    for others in range(63, -1, -1):
        limit = next_limit(limit, Refused(others + 1, 99.9, others), 100.0 + others / 1e4)

    assert limit.level == 32


def test_a_stray_refusal_takes_one_and_is_soon_made_good() -> None:
    limit = refused(KNOWN, 100.0)

    assert limit.level == 23
    assert rises_at(limit) == pytest.approx(100.0 + KNOWN.latency_s)
    assert next_limit(limit, Wanted(), rises_at(limit)).level == 24


def test_a_stray_refusal_among_few_takes_half_at_most() -> None:
    assert refused(KNOWN, 100.0, others=2).level == 12


def test_a_probe_that_fails_is_not_soon_repeated() -> None:
    probing = replace(KNOWN, level=25, probe_at=0.0)

    limit = refused(probing, 100.0)

    assert (limit.level, limit.ceiling) == (24, 25.0)
    assert limit.credit == probing.credit - 1
    assert 101.0 < rises_at(limit) <= 100.0 + LONGEST_PROBE_GAP_S


def test_probes_end_when_their_credit_is_used_up_and_served_tasks_earn_it() -> None:
    poor = replace(KNOWN, probe_at=0.0, credit=0.5)
    assert rises_at(poor) == math.inf

    for _ in range(100):
        poor = next_limit(poor, Served(24, 99.0), 100.0)

    assert rises_at(poor) < math.inf


def test_a_probe_that_goes_well_makes_the_ceiling_forgotten() -> None:
    limit = next_limit(replace(KNOWN, level=25), Served(25, 100.0), 100.5)

    assert limit.ceiling == math.inf
    assert rises_at(limit) <= 100.5


def test_tasks_from_before_a_refusal_prove_nothing() -> None:
    limit = next_limit(replace(KNOWN, level=25), Served(25, 49.0), 51.0)

    assert limit.ceiling == 25.0


def test_a_server_that_takes_nothing_is_asked_ever_more_rarely() -> None:
    limit, waits = replace(KNOWN, level=1, proven=1), []
    for now in range(100, 1100, 100):
        limit = refused(limit, float(now), others=0)
        waits.append(limit.paused_until - now)

    assert limit.level == 1
    assert waits == sorted(waits)
    assert waits[:3] == pytest.approx([0.1, 0.2, 0.4])
    assert waits[-1] == LONGEST_BACKOFF_S


def test_when_a_server_takes_tasks_again_it_is_not_treated_as_full() -> None:
    limit = replace(KNOWN, level=1, proven=1)
    for now in range(100, 600, 100):
        limit = refused(limit, float(now), others=0)

    limit = next_limit(limit, Served(1, 600.0), 600.5)

    assert rises_at(limit) <= 600.5


def test_retry_after_of_a_probe_holds_back_growth_but_no_replacement() -> None:
    limit = refused(replace(KNOWN, level=23, ceiling=math.inf), 100.0, retry_after_s=9.0)

    assert limit.paused_until < 100.0
    assert rises_at(limit) >= 109.0


def test_retry_after_said_again_and_again_stops_all() -> None:
    limit, now = KNOWN, 100.0
    while limit.paused_until < now:
        now += 0.1
        limit = refused(limit, now, retry_after_s=9.0)

    assert limit.paused_until == now + 9.0
    assert limit.level >= KNOWN.level - 4


def test_retry_after_stops_all_where_nothing_else_is_served() -> None:
    assert refused(KNOWN, 100.0, others=0, retry_after_s=9.0).paused_until == 109.0


def test_a_limit_moved_to_another_process_takes_its_ceiling_along() -> None:
    limit = next_limit(KNOWN, Ordered(more=-10, total=24, probes=True), 100.0)

    assert (limit.level, limit.proven, limit.ceiling) == (14, 14, 15.0)


def test_growth_that_another_process_found_is_followed() -> None:
    limit = next_limit(KNOWN, Ordered(more=0, total=60, probes=False, others_gained=8), 100.0)

    assert rises_at(limit) <= 100.0


def test_of_several_processes_those_that_do_not_probe_never_do() -> None:
    limit = next_limit(KNOWN, Ordered(more=0, total=48, probes=False), 100.0)
    limit = refused(replace(limit, level=25), 101.0)
    assert rises_at(limit) == math.inf

    limit = next_limit(limit, Ordered(more=0, total=48, probes=True), 102.0)
    assert rises_at(limit) <= 102.0 + LONGEST_PROBE_GAP_S


events = st.one_of(
    st.just(Wanted()),
    st.builds(Served, level=st.integers(1, 99), started_at=st.floats(-9, 0)),
    st.builds(
        Refused,
        level=st.integers(1, 99),
        started_at=st.floats(-9, 0),
        others=st.integers(0, 99),
        retry_after_s=st.none() | st.floats(0, 1e4),
    ),
    st.builds(
        Ordered,
        more=st.integers(-20, 20),
        total=st.integers(1, 99),
        probes=st.booleans(),
        others_gained=st.integers(-20, 20),
        pause_s=st.floats(0, 60),
    ),
)


@given(st.lists(st.tuples(events, st.floats(0, 10)), max_size=60))
def test_whatever_happens_the_level_is_one_that_can_be_kept(
    happenings: list[tuple[Event, float]],
) -> None:
    limit, now = Limit(most=50), 0.0

    for happening, wait_s in happenings:
        now += wait_s
        event = happening
        if isinstance(event, Served | Refused):
            event = replace(event, started_at=now + event.started_at)
        before, limit = limit, next_limit(limit, event, now)
        assert 0 <= limit.proven <= limit.level
        assert limit.level <= max(50, before.level) or isinstance(event, Ordered)
        assert limit.level >= 1 or before.level == 0 or isinstance(event, Ordered)
        assert limit.paused_until <= now + 300 or limit.paused_until == before.paused_until
