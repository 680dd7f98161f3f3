import asyncio
from collections.abc import Sequence
from uuid import uuid4

import httpx

from tasks.core.answers import Result
from tasks.core.errors import RejectedError
from tasks.infer.delivery.delivery import Task
from tasks.infer.failures import BusyError
from tests.infer.building import (
    Asynchronous,
    Json,
    a_task,
    acknowledged,
    done,
    refusal,
)
from tests.infer.delivery.asking import RESET, delivery


def batch(count: int) -> list[Task]:
    return [a_task(str(uuid4())) for _ in range(count)]


async def test_submits_what_is_ready_together_matched_by_uuid() -> None:
    provider = Asynchronous(lambda uuid, _nth: [done(uuid, text=uuid)])
    several, tasks = delivery(provider, tasks_per_post=8), batch(20)

    results = await asyncio.gather(*(several.deliver(task, begun=False) for task in tasks))

    assert [result.text for (result,) in results] == [task.task_uuid for task in tasks]
    assert [len(post) for post in provider.submitted] == [8, 8, 4]


async def test_a_task_that_is_refused_by_name_takes_none_along() -> None:
    tasks = batch(3)

    def one_refused(_first: Json) -> httpx.Response:
        body = acknowledged(*provider.submitted[0][1:]).json()
        errors = [{"code": "invalidSettings", "message": "m", "taskUUID": tasks[0].task_uuid}]
        return httpx.Response(200, json={**body, "errors": errors})

    provider = Asynchronous(lambda uuid, _nth: [done(uuid)], submits=[one_refused])
    outcomes = await _deliver_together(provider, tasks)

    assert isinstance(outcomes[0], RejectedError)
    assert [isinstance(outcome, tuple) for outcome in outcomes] == [False, True, True]


async def test_after_a_refusal_that_names_no_task_each_is_sent_alone() -> None:
    tasks = batch(3)
    alone = [refusal(400, "invalidSettings")]
    provider = Asynchronous(
        lambda uuid, _nth: [done(uuid)], submits=[refusal(400, "invalidSettings"), *alone]
    )

    outcomes = await _deliver_together(provider, tasks)

    assert sum(isinstance(outcome, RejectedError) for outcome in outcomes) == 1
    assert [len(post) for post in provider.submitted] == [3, 1, 1, 1]


async def test_a_post_that_is_lost_is_looked_for_by_each_of_its_tasks() -> None:
    tasks = batch(3)
    provider = Asynchronous(lambda uuid, _nth: [done(uuid)], submits=[RESET])

    outcomes = await _deliver_together(provider, tasks)

    assert all(isinstance(outcome, tuple) for outcome in outcomes)
    assert len(provider.submitted) == 1


async def test_a_post_that_is_refused_for_want_of_room_is_so_for_each_of_its_tasks() -> None:
    tasks = batch(3)
    provider = Asynchronous(
        lambda uuid, _nth: [done(uuid)], submits=[refusal(429, "rateLimitExceeded")]
    )

    outcomes = await _deliver_together(provider, tasks)

    assert [type(outcome) for outcome in outcomes] == [BusyError] * 3
    assert {getattr(o, "task_uuid", None) for o in outcomes} == {t.task_uuid for t in tasks}


async def _deliver_together(
    provider: Asynchronous, tasks: Sequence[Task]
) -> list[tuple[Result, ...] | BaseException]:
    several = delivery(provider, tasks_per_post=8)
    together = (several.deliver(task, begun=False) for task in tasks)
    return await asyncio.gather(*together, return_exceptions=True)
