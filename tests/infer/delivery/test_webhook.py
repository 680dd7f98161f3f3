import asyncio
from dataclasses import replace
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from tasks.core.documents import Result
from tasks.core.errors import LostError, RejectedError
from tasks.infer.delivery.polling import AsyncDelivery
from tasks.infer.delivery.submit import Submitter
from tasks.infer.delivery.webhook import (
    BODY_BYTES_AT_MOST,
    KEPT_S,
    KEPT_TASKS,
    PATH,
    Inbox,
    WebhookFinder,
    create_receiver,
)
from tasks.infer.failures import EndedError
from tests.infer.building import (
    UUID,
    Asynchronous,
    Json,
    Time,
    a_task,
    done,
    item,
    poller,
    refusal,
    running,
)

SECRET = SecretStr("s3cret-in-the-url")
HOOK = f"http://here.test{PATH}?token={SECRET.get_secret_value()}"


class Hook:
    """A receiver, and the provider's side of it."""

    def __init__(self) -> None:
        self.time = Time()
        self.inbox = Inbox(clock=self.time)
        app = create_receiver(SECRET, self.inbox)
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app=app))

    async def bring(self, *bodies: Any, url: str = HOOK) -> list[int]:
        return [(await self.http.post(url, json=body)).status_code for body in bodies]

    def delivery(self, polls: Any = lambda _uuid, _nth: [], **changes: Any) -> AsyncDelivery:
        self.provider = Asynchronous(polls, time=self.time, **changes)
        connection = self.provider.connection()
        finder = WebhookFinder(self.inbox, poller(connection, self.time), sleep=self.time.sleep)
        return AsyncDelivery(connection, Submitter(connection), finder, webhook_url=HOOK)

    async def receive(self, *bodies: Json, **changes: Any) -> tuple[Result, ...]:
        """Have a task answered by what is brought once it has been submitted."""
        delivery = self.delivery(lambda uuid, _nth: [running(uuid)])
        accepted = asyncio.Event()

        async def hear() -> None:
            accepted.set()

        task = replace(a_task(**changes), accepted=hear)
        waiting = asyncio.create_task(delivery.deliver(task, begun=False))
        await accepted.wait()
        assert await self.bring(*bodies) == [200] * len(bodies)
        return await waiting


async def test_takes_the_answer_that_is_brought() -> None:
    hook = Hook()

    (result,) = await hook.receive(item())

    assert result.text == "Lisbon."
    (sent,) = hook.provider.submitted[0]
    assert (sent["deliveryMethod"], sent["webhookURL"]) == ("async", HOOK)


async def test_takes_siblings_one_by_one_in_any_order_and_each_once() -> None:
    a, b, c = (item(text=text, seed=seed) for seed, text in enumerate("abc", start=7))
    again = {**b, "attempt": 2}

    results = await Hook().receive(c, b, again, c, a, number_results=3, seed=7)

    assert [result.text for result in results] == ["a", "b", "c"]


async def test_tells_siblings_without_seeds_apart_by_what_they_say() -> None:
    a, b = item(text="a"), item(text="b")

    results = await Hook().receive(a, a, b, number_results=2)

    assert [result.text for result in results] == ["a", "b"]


async def test_takes_envelopes_too() -> None:
    (result,) = await Hook().receive({"data": [item()]})

    assert result.text == "Lisbon."


async def test_an_answer_may_outrun_the_acknowledgement() -> None:
    hook = Hook()
    await hook.bring(item())

    (result,) = await hook.delivery().deliver(a_task(), begun=False)

    assert result.text == "Lisbon."
    assert hook.provider.polled == []


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        ({"taskUUID": UUID, "code": "timeoutProvider", "message": "m"}, EndedError),
        ({"errors": [{"taskUUID": UUID, "code": "promptBlocked", "message": "m"}]}, RejectedError),
        ({"taskUUID": UUID, "status": "error", "error": "oops"}, EndedError),
    ],
)
async def test_takes_failures(failure: Json, error: type[Exception]) -> None:
    with pytest.raises(error):
        await Hook().receive(failure)


async def test_what_is_never_brought_is_polled_for() -> None:
    hook = Hook()

    (result,) = await hook.delivery(
        lambda uuid, nth: [done(uuid) if nth else running(uuid)]
    ).deliver(a_task(), begun=False)

    assert result.text == "Lisbon."
    assert hook.provider.times[0] >= 1030.0


async def test_a_sibling_that_is_never_brought_is_polled_for() -> None:
    hook = Hook()
    both = [done(text="a"), done(text="b")]
    delivery = hook.delivery(lambda _uuid, _nth: both)
    await hook.bring(item(text="a"))

    results = await delivery.deliver(a_task(number_results=2), begun=False)

    assert [result.text for result in results] == ["a", "b"]


async def test_what_was_begun_is_polled_for_at_once() -> None:
    hook = Hook()

    await hook.delivery(lambda uuid, _nth: [done(uuid)]).deliver(a_task(), begun=True)

    assert hook.provider.times == [1000.0]
    assert hook.provider.posts == []


async def test_a_conflict_with_nothing_to_be_had_is_lost() -> None:
    hook = Hook()

    with pytest.raises(LostError):
        await hook.delivery(submits=[refusal(400, "conflictTaskUUID")]).deliver(
            a_task(), begun=False
        )


@pytest.mark.parametrize(
    "url",
    [
        f"http://here.test{PATH}",
        f"http://here.test{PATH}?token=",
        f"http://here.test{PATH}?token=wrong",
        f"{HOOK}x",
        f"http://here.test{PATH}?token=%C3%A9",
    ],
)
async def test_strangers_are_turned_away(url: str) -> None:
    hook = Hook()

    assert await hook.bring(item(), url=url) == [403]
    assert hook.inbox.tasks == 0


async def test_a_task_that_nobody_knows_is_answered_200() -> None:
    assert await Hook().bring(item("who"), {"hello": 1}, [], "x") == [200] * 4


async def test_what_is_no_json_or_too_large_is_not_kept() -> None:
    hook = Hook()

    damaged = await hook.http.post(HOOK, content=b'{"taskUUID"')
    large = await hook.http.post(HOOK, content=b" " * (BODY_BYTES_AT_MOST + 1))

    assert (damaged.status_code, large.status_code) == (400, 413)
    assert hook.inbox.tasks == 0


async def test_what_nobody_asks_for_is_forgotten_in_the_end() -> None:
    hook = Hook()
    await hook.bring(item("first"))
    hook.time.now += KEPT_S + 1
    await hook.bring(item("second"))

    assert hook.inbox.tasks == 1


async def test_strangers_tasks_are_bounded_in_number() -> None:
    inbox = Inbox()
    for number in range(KEPT_TASKS + 10):
        inbox.put(item(f"task {number}"))

    assert inbox.tasks == KEPT_TASKS


async def test_a_task_that_is_fetched_leaves_nothing_behind() -> None:
    hook = Hook()

    await hook.receive(item())

    assert hook.inbox.tasks == 0
