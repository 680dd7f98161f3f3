import asyncio

from hypothesis import given
from hypothesis import strategies as st

from flows.stages import PLANNING_RUNS, READING_RUNS, TASK_RUNS, batches, each, fits


@given(st.lists(st.integers()), st.integers(1, 50))
def test_batches_keep_all_in_order_and_stay_few(items: list[int], at_most: int) -> None:
    cut = batches(items, at_most)

    assert [item for batch in cut for item in batch] == items
    assert len(cut) <= at_most
    assert all(cut)


@given(st.integers(0, 500), st.integers(0, 5000))
def test_task_runs_are_bounded(documents: int, chunks: int) -> None:
    steps = chunks + 2 * documents if fits(documents, chunks) else READING_RUNS

    assert steps + READING_RUNS + PLANNING_RUNS <= TASK_RUNS


async def test_does_so_many_at_a_time_and_all_in_the_end() -> None:
    running, most, done = 0, 0, []

    async def do(item: int) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1
        done.append(item)

    await each(range(20), do, at_once=3)

    assert sorted(done) == list(range(20))
    assert most == 3
