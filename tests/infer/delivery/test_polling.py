import asyncio
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tasks.core.documents import Result
from tasks.core.errors import InferenceError, LostError, RejectedError, TransientError
from tasks.infer.delivery.delivery import Task
from tasks.infer.delivery.polling import POSTS, AsyncDelivery
from tasks.infer.delivery.submit import Submitter
from tasks.infer.failures import BusyError, EndedError, UnsentError
from tests.infer.building import (
    KEY,
    UUID,
    Asynchronous,
    Json,
    Reply,
    Said,
    a_task,
    acknowledged,
    done,
    poller,
    refusal,
    running,
    success,
)

ERROR_ITEM = {"taskUUID": UUID, "status": "error"}
RESET = httpx.ReadError("connection reset")


def delivery(provider: Asynchronous, *, tasks_per_post: int = 1, **times: Any) -> AsyncDelivery:
    connection = provider.connection()
    submitter = Submitter(connection, tasks_per_post=tasks_per_post, sleep=provider.time.sleep)
    return AsyncDelivery(connection, submitter, poller(connection, provider.time, **times))


async def deliver(
    provider: Asynchronous, task: Task | None = None, *, begun: bool = False, **times: Any
) -> tuple[Result, ...]:
    return await delivery(provider, **times).deliver(task or a_task(), begun=begun)


def in_turn(*said: Said) -> Asynchronous:
    """Make a provider whose polls say one thing after the other, and then the last for ever."""
    return Asynchronous(lambda _uuid, nth: said[min(nth, len(said) - 1)])


async def test_submits_once_and_polls_until_the_answer_is_there() -> None:
    provider = in_turn([running()], [running()], [done()])

    (result,) = await deliver(provider)

    assert (result.text, result.answer_key) == ("Lisbon.", "k")
    assert provider.posts == [UUID]
    assert provider.submitted[0][0]["deliveryMethod"] == "async"
    assert "webhookURL" not in provider.submitted[0][0]
    assert len(provider.polled) == 3


async def test_a_poll_names_only_the_task() -> None:
    provider = in_turn([done()])
    bodies: list[bytes] = []
    http = provider.connection().http

    async def remember(request: httpx.Request) -> None:
        bodies.append(request.content)

    http.event_hooks["request"].append(remember)
    connection = replace(provider.connection(), http=http)
    task = a_task()
    await AsyncDelivery(
        connection, Submitter(connection), poller(connection, provider.time)
    ).deliver(task, begun=False)

    assert bodies[1].decode() == f'[{{"taskType":"getResponse","taskUUID":"{UUID}"}}]'


async def test_an_empty_list_is_an_acknowledgement() -> None:
    provider = replace(in_turn([done()]), submits=[httpx.Response(200, json={"data": []})])

    await deliver(provider)

    assert provider.posts == [UUID]


async def test_an_answer_that_comes_with_the_acknowledgement_is_taken() -> None:
    provider = replace(in_turn([]), submits=[success])

    (result,) = await deliver(provider)

    assert result.text == "Lisbon."
    assert provider.polled == []


async def test_tells_when_the_task_is_acknowledged() -> None:
    provider, heard = in_turn([done()]), []

    async def accepted() -> None:
        heard.append(list(provider.polled))

    await deliver(provider, replace(a_task(), accepted=accepted))

    assert heard == [[]]


async def test_waits_longer_from_poll_to_poll_up_to_ten_seconds() -> None:
    provider = in_turn(*[[running()]] * 20, [done()])

    await deliver(provider)

    waits = [later - sooner for sooner, later in pairwise(provider.times)]
    assert waits[0] == pytest.approx(0.5)
    assert waits == sorted(waits)
    assert waits[-1] == pytest.approx(10.0)
    assert waits[3] == pytest.approx(0.5 * 1.2**3)


async def test_polls_all_tasks_together_fifty_at_most() -> None:
    provider = Asynchronous(lambda uuid, nth: [done(uuid) if nth else running(uuid)])
    several = delivery(provider)
    tasks = [a_task(str(uuid4())) for _ in range(70)]

    results = await asyncio.gather(*(several.deliver(task, begun=False) for task in tasks))

    assert all(result.text == "Lisbon." for (result,) in results)
    assert max(map(len, provider.polled)) == 50
    assert len(provider.polled) <= 6


async def test_cumulative_results_are_never_taken_twice() -> None:
    a, b, c = (done(text=text) for text in "abc")
    provider = in_turn([a, running(), running()], [a, b, running()], [a, b, c])

    results = await deliver(provider, a_task(number_results=3))

    assert [result.text for result in results] == ["a", "b", "c"]


async def test_siblings_with_the_same_text_complete() -> None:
    provider = in_turn([done(text="a")] * 2)

    results = await deliver(provider, a_task(number_results=2))

    assert [result.text for result in results] == ["a", "a"]


async def test_empty_texts_complete() -> None:
    provider = in_turn([done(text="", finishReason="length")])

    (result,) = await deliver(provider)

    assert (result.text, result.finish_reason) == ("", "length")


@pytest.mark.parametrize(
    "said",
    [
        [ERROR_ITEM | {"error": {"code": "timeoutProvider", "message": "slow"}}],
        [ERROR_ITEM | {"error": "the provider timed out"}],
        [{"taskUUID": UUID, "code": "timeoutProvider", "message": "slow"}],
        [{"taskUUID": UUID, "code": "inferenceError", "message": "oops"}],
    ],
)
async def test_a_task_that_failed_at_the_provider_may_be_tried_under_a_new_uuid(
    said: Said,
) -> None:
    with pytest.raises(EndedError):
        await deliver(in_turn([running()], said))


@pytest.mark.parametrize(
    "said",
    [
        [ERROR_ITEM | {"error": {"code": "contentPolicyViolation", "message": "no"}}],
        [{"taskUUID": UUID, "code": "promptBlocked", "message": "no"}],
    ],
)
async def test_a_refusal_by_the_safety_filter_is_named_and_final(said: Said) -> None:
    with pytest.raises(RejectedError, match="safety filter"):
        await deliver(in_turn([running()], said))


@pytest.mark.parametrize(
    "said",
    [
        [done(text="a"), ERROR_ITEM | {"error": "oops"}, done(text="b")],
        [done(text="a"), done(text="b"), {"taskUUID": UUID, "code": "taskFailed", "message": "m"}],
        [done(text="a"), done(text="b"), ERROR_ITEM],
    ],
)
async def test_a_failed_sibling_takes_nothing_away(said: Said) -> None:
    results = await deliver(in_turn(said), a_task(number_results=3))

    assert [result.text for result in results] == ["a", "b", ""]
    assert results[2].finish_reason == "failed"


async def test_one_error_for_all_siblings_ends_the_task() -> None:
    error = {"taskUUID": UUID, "code": "taskFailed", "message": "m"}

    with pytest.raises(EndedError):
        await deliver(in_turn([error]), a_task(number_results=3))


async def test_another_tasks_error_is_not_ours() -> None:
    other = {"taskUUID": "other", "code": "taskFailed", "message": "m"}
    nobody = {"code": "rateLimitExceeded", "message": "m"}

    (result,) = await deliver(in_turn([other, nobody, running()], [done()]))

    assert result.text == "Lisbon."


@pytest.mark.parametrize(
    "trouble",
    [
        httpx.Response(401, json={"errors": [{"code": "invalidApiKey", "taskUUID": UUID}]}),
        httpx.Response(429, json={"errors": [{"code": "rateLimitExceeded"}]}),
        httpx.Response(400, json={"errors": [{"code": "invalidTaskUUID", "taskUUID": UUID}]}),
        httpx.Response(500, content=b"oops"),
        httpx.Response(200, content=b'{"data": [{"te'),
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("slow"),
    ],
)
async def test_a_poll_that_fails_says_nothing_of_the_task(
    trouble: httpx.Response | Exception,
) -> None:
    provider = replace(in_turn([done()]), troubles=[trouble] * 5)

    (result,) = await deliver(provider)

    assert result.text == "Lisbon."
    assert provider.posts == [UUID]


async def test_polls_that_are_never_answered_leave_the_task_to_a_later_run() -> None:
    provider = replace(in_turn([]), troubles=[httpx.Response(500)] * 1000)

    with pytest.raises(TransientError, match="no poll was answered for 300 s"):
        await deliver(provider)

    assert provider.posts == [UUID]


async def test_a_task_that_never_ends_is_left_to_a_later_run() -> None:
    with pytest.raises(TransientError, match="after 1800 s"):
        await deliver(in_turn([running()]))


async def test_what_the_provider_does_not_know_is_sent_again_under_the_same_uuid() -> None:
    provider = in_turn(*[[]] * 5, [done()])

    (result,) = await deliver(provider, unknown_after_s=2.0)

    assert result.text == "Lisbon."
    assert provider.posts == [UUID, UUID]


async def test_what_is_acknowledged_and_never_known_is_given_up_in_the_end() -> None:
    provider = in_turn([])

    with pytest.raises(TransientError, match="does not know it"):
        await deliver(provider)

    assert provider.posts == [UUID] * POSTS


@pytest.mark.parametrize(
    "reply",
    [
        RESET,
        httpx.ReadTimeout("slow"),
        refusal(500, "internalServerError"),
        refusal(504, "timeoutProvider"),
        httpx.Response(502, content=b"<html>"),
        httpx.Response(200, content=b'{"da'),
    ],
)
async def test_a_submit_that_may_have_arrived_is_looked_for_and_not_repeated(reply: Reply) -> None:
    provider = replace(in_turn([], [running()], [done()]), submits=[reply])

    (result,) = await deliver(provider)

    assert result.text == "Lisbon."
    assert provider.posts == [UUID]


async def test_a_submit_that_did_not_arrive_is_repeated_under_its_uuid() -> None:
    provider = replace(in_turn(*[[]] * 5, [done()]), submits=[RESET])

    await deliver(provider, unknown_after_s=2.0)

    assert provider.posts == [UUID, UUID]


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (refusal(429, "rateLimitExceeded"), BusyError),
        (refusal(503, "serviceUnavailable"), BusyError),
        (httpx.ConnectError("refused"), UnsentError),
        (refusal(400, "invalidModel"), RejectedError),
        (refusal(402, "insufficientCredits"), RejectedError),
    ],
)
async def test_a_submit_that_was_refused_is_not_looked_for(
    reply: Reply, error: type[InferenceError]
) -> None:
    provider = replace(in_turn([]), submits=[reply])

    with pytest.raises(error) as caught:
        await deliver(provider)

    assert provider.polled == []
    assert KEY.get_secret_value() not in str(caught.value)


async def test_a_conflict_means_that_the_answer_is_to_be_fetched() -> None:
    provider = replace(in_turn([running()], [done()]), submits=[refusal(400, "conflictTaskUUID")])

    (result,) = await deliver(provider)

    assert result.text == "Lisbon."
    assert provider.posts == [UUID]


async def test_what_is_there_and_shows_nothing_is_lost() -> None:
    provider = replace(in_turn([]), submits=[refusal(400, "conflictTaskUUID")])

    with pytest.raises(LostError, match=UUID):
        await deliver(provider)

    assert provider.posts == [UUID]


async def test_what_was_running_and_is_gone_is_lost() -> None:
    provider = in_turn([running()], [])

    with pytest.raises(LostError):
        await deliver(provider)

    assert provider.posts == [UUID]


async def test_what_has_expired_is_lost() -> None:
    with pytest.raises(LostError):
        await deliver(in_turn([{"taskUUID": UUID, "code": "taskExpired", "message": "m"}]))


async def test_what_was_begun_is_looked_for_at_once_and_not_sent() -> None:
    provider = in_turn([done()])

    (result,) = await deliver(provider, begun=True)

    assert result.text == "Lisbon."
    assert provider.posts == []
    assert provider.times == [1000.0]


async def test_what_was_begun_and_never_arrived_is_sent_under_its_uuid() -> None:
    not_found = {"taskUUID": UUID, "code": "taskNotFound", "message": "m"}
    provider = Asynchronous(lambda _uuid, _nth: [done()] if provider.submitted else [not_found])

    (result,) = await deliver(provider, begun=True)

    assert result.text == "Lisbon."
    assert provider.posts == [UUID]


async def test_what_was_acknowledged_once_and_is_unknown_now_is_lost() -> None:
    provider = in_turn([])

    with pytest.raises(LostError):
        await deliver(provider, replace(a_task(), known=True), begun=True)

    assert provider.posts == []


async def test_a_task_that_is_cancelled_is_no_longer_polled_for() -> None:
    begun, gone = asyncio.Event(), asyncio.Event()
    other = str(uuid4())

    def say(uuid: str, nth: int) -> Said:
        begun.set()
        return [done(uuid) if gone.is_set() and nth > 3 else running(uuid)]

    provider = Asynchronous(say)
    both = delivery(provider)
    kept, dropped = (
        asyncio.create_task(both.deliver(a_task(uuid), begun=False)) for uuid in (UUID, other)
    )
    await begun.wait()
    dropped.cancel()
    await asyncio.gather(dropped, return_exceptions=True)
    asked_before = len(provider.polled)
    gone.set()
    await kept

    assert len(provider.polled) > asked_before
    assert all(uuids == [UUID] for uuids in provider.polled[asked_before + 1 :])


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
