import asyncio
from dataclasses import replace
from uuid import uuid4

import httpx
import pytest

from tasks.core.errors import InferenceError, LostError, RejectedError, TransientError
from tasks.infer.delivery.polling import POSTS
from tasks.infer.failures import BusyError, UnsentError
from tests.infer.building import (
    KEY,
    UUID,
    Asynchronous,
    Reply,
    Said,
    a_task,
    done,
    refusal,
    running,
)
from tests.infer.delivery.asking import RESET, deliver, delivery, in_turn


def known_once_sent_twice() -> Asynchronous:
    """Make a provider that loses what it is sent the first time."""
    provider = Asynchronous(lambda _uuid, _nth: [])
    provider.polls = lambda _uuid, _nth: [done()] if len(sent) > 1 else []
    sent = provider.submitted
    return provider


async def test_what_the_provider_does_not_know_is_sent_again_under_the_same_uuid() -> None:
    provider = known_once_sent_twice()

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
    provider = replace(known_once_sent_twice(), submits=[RESET])

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
