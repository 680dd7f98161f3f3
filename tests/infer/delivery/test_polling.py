import asyncio
from dataclasses import replace
from itertools import pairwise
from uuid import uuid4

import httpx
import pytest

from tasks.core.errors import RejectedError, TransientError
from tasks.infer.delivery.polling import AsyncDelivery
from tasks.infer.delivery.submit import Submitter
from tasks.infer.failures import EndedError
from tests.infer.building import (
    UUID,
    Asynchronous,
    Said,
    a_task,
    done,
    poller,
    running,
    success,
)
from tests.infer.delivery.asking import ERROR_ITEM, deliver, delivery, in_turn


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

    def remember(request: httpx.Request) -> httpx.Response:
        bodies.append(request.content)
        return provider(request)

    connection = replace(provider.connection(), transport=httpx.MockTransport(remember))
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


async def test_waits_longer_the_older_a_task_is_up_to_ten_seconds() -> None:
    provider = in_turn(*[[running()]] * 60, [done()])

    await deliver(provider)

    waits = [later - sooner for sooner, later in pairwise(provider.times)]
    ages = [at - provider.times[0] + 0.2 for at in provider.times]
    assert waits == sorted(waits)
    assert waits[-1] == pytest.approx(10.0)
    assert waits[20] == pytest.approx(0.15 * ages[20])


async def test_polls_that_are_not_served_come_less_often_until_they_are() -> None:
    trouble = httpx.Response(429, json={"errors": [{"code": "rateLimitExceeded"}]})
    provider = replace(in_turn([running()], [done()]), troubles=[trouble] * 7)

    await deliver(provider)

    waits = [later - sooner for sooner, later in pairwise(provider.times)]
    assert waits[:7] == pytest.approx([0.4, 0.8, 1.6, 3.2, 6.4, 10.0, 10.0])
    assert waits[7] < waits[6]


@pytest.mark.parametrize(("told", "waited_s"), [("7", 7.0), ("90", 90.0), ("9000", 120.0)])
async def test_a_server_says_when_it_will_be_asked_again(told: str, waited_s: float) -> None:
    trouble = httpx.Response(429, json={}, headers={"Retry-After": told})
    provider = replace(in_turn([done()]), troubles=[trouble])

    await deliver(provider)

    assert provider.times[1] - provider.times[0] == pytest.approx(waited_s)


async def test_a_server_that_takes_few_tasks_to_a_post_is_asked_for_fewer() -> None:
    class Strict(Asynchronous):
        def __call__(self, sent: httpx.Request) -> httpx.Response:
            many = sent.content.count(b"getResponse")
            if many > 5:
                return httpx.Response(400, json={"errors": [{"code": "arrayTooLarge"}]})
            return super().__call__(sent)

    provider = Strict(lambda uuid, nth: [done(uuid) if nth else running(uuid)])
    several = delivery(provider)

    results = await asyncio.gather(
        *(several.deliver(a_task(str(uuid4())), begun=False) for _ in range(20))
    )

    assert all(result.text == "Lisbon." for (result,) in results)
    assert max(map(len, provider.polled)) <= 5


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
