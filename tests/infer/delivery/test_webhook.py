import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from tasks.core.answers import Result
from tasks.core.errors import LostError, RejectedError
from tasks.infer.delivery.delivery import Task
from tasks.infer.delivery.polling import AsyncDelivery
from tasks.infer.delivery.receiver import (
    ANSWERED_WITHIN_S,
    BODY_BYTES_AT_MOST,
    HEALTH,
    PATH,
    create_receiver,
)
from tasks.infer.delivery.submit import Submitter
from tasks.infer.delivery.webhook import Mailbox, WebhookFinder
from tasks.infer.failures import EndedError
from tasks.ledger.ledger import Asked, Claim, Ledger, open_ledger
from tests.infer.building import (
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


@dataclass
class Hook:
    """A receiver with its ledger, the provider's side of it, and a task that was claimed."""

    ledger: Ledger
    claim: Claim
    time: Time = field(default_factory=Time)

    def __post_init__(self) -> None:
        app = create_receiver(SECRET, self.ledger)
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app=app))

    @property
    def uuid(self) -> str:
        return self.claim.task_uuid

    def task(self, **changes: Any) -> Task:
        return a_task(self.uuid, **changes)

    def item(self, **changes: Any) -> Json:
        return item(self.uuid, **changes)

    async def bring(self, *bodies: Any, url: str = HOOK) -> list[int]:
        return [(await self.http.post(url, json=body)).status_code for body in bodies]

    async def kept(self) -> int:
        return len(await self.ledger.brought([self.uuid]))

    def delivery(
        self, polls: Any = lambda _uuid, _nth: [], *, patient: bool = False, **changes: Any
    ) -> AsyncDelivery:
        """Make the delivery; one that is not `patient` has its half minute pass at once."""
        self.provider = Asynchronous(polls, time=self.time, **changes)
        connection = replace(self.provider.connection(), webhook_url=SecretStr(HOOK))
        finder = WebhookFinder(
            Mailbox(self.ledger, sleep=self.time.sleep),
            poller(connection, self.time),
            sleep=asyncio.sleep if patient else self.time.sleep,
        )
        return AsyncDelivery(connection, Submitter(connection), finder)

    async def receive(self, *bodies: Json, **changes: Any) -> tuple[Result, ...]:
        """Have a task answered by what is brought once it has been submitted."""
        delivery = self.delivery(lambda uuid, _nth: [running(uuid)], patient=True)
        accepted = asyncio.Event()

        async def hear() -> None:
            accepted.set()

        task = replace(self.task(**changes), accepted=hear)
        waiting = asyncio.create_task(delivery.deliver(task, begun=False))
        await accepted.wait()
        assert await self.bring(*bodies) == [200] * len(bodies)
        return await waiting


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Hook]:
    async with open_ledger(f"sqlite:///{folder / 'hook.db'}") as ledger:
        claim = await ledger.claim(Asked("k", "runware", "http://runware.test/v1", "m"))
        assert isinstance(claim, Claim)
        yield Hook(ledger, claim)


@pytest.fixture
async def hook(tmp_path: Path) -> AsyncIterator[Hook]:
    async with opened(tmp_path) as one:
        yield one


async def test_takes_the_answer_that_is_brought(hook: Hook) -> None:
    (result,) = await hook.receive(hook.item())

    assert result.text == "Lisbon."
    (sent,) = hook.provider.submitted[0]
    assert (sent["deliveryMethod"], sent["webhookURL"]) == ("async", HOOK)


async def test_takes_siblings_one_by_one_in_any_order_and_each_once(hook: Hook) -> None:
    a, b, c = (hook.item(text=text, seed=seed) for seed, text in enumerate("abc", start=7))
    again = {**b, "attempt": 2}

    results = await hook.receive(c, b, again, c, a, number_results=3, seed=7)

    assert [result.text for result in results] == ["a", "b", "c"]


async def test_tells_siblings_without_seeds_apart_by_what_they_say(hook: Hook) -> None:
    a, b = hook.item(text="a"), hook.item(text="b")

    results = await hook.receive(a, a, b, number_results=2)

    assert [result.text for result in results] == ["a", "b"]


async def test_takes_envelopes_too(hook: Hook) -> None:
    (result,) = await hook.receive({"data": [hook.item()]})

    assert result.text == "Lisbon."


async def test_an_answer_may_outrun_the_acknowledgement(hook: Hook) -> None:
    await hook.bring(hook.item())

    (result,) = await hook.delivery(patient=True).deliver(hook.task(), begun=False)

    assert result.text == "Lisbon."
    assert hook.provider.polled == []


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        ({"taskUUID": "ITS", "code": "timeoutProvider", "message": "m"}, EndedError),
        ({"errors": [{"taskUUID": "ITS", "code": "promptBlocked", "message": "m"}]}, RejectedError),
        ({"taskUUID": "ITS", "status": "error", "error": "oops"}, EndedError),
    ],
)
async def test_takes_failures(hook: Hook, failure: Json, error: type[Exception]) -> None:
    its: Json = json.loads(json.dumps(failure).replace("ITS", hook.uuid))
    with pytest.raises(error):
        await hook.receive(its)


async def test_what_is_never_brought_is_polled_for(hook: Hook) -> None:
    (result,) = await hook.delivery(
        lambda uuid, nth: [done(uuid) if nth else running(uuid)]
    ).deliver(hook.task(), begun=False)

    assert result.text == "Lisbon."
    assert hook.provider.times[0] >= 1030.0


async def test_a_ledger_that_is_away_is_said_once_and_polling_goes_on(
    hook: Hook, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def away(_: object) -> list[object]:
        raise OSError("the database is away")

    monkeypatch.setattr(hook.ledger, "brought", away)
    (result,) = await hook.delivery(
        lambda uuid, nth: [done(uuid) if nth > 3 else running(uuid)]
    ).deliver(hook.task(), begun=False)

    assert result.text == "Lisbon."
    assert caplog.messages.count("cannot look for what webhooks brought: the database is away") == 1


async def test_a_sibling_that_is_never_brought_is_polled_for(hook: Hook) -> None:
    both = [done(hook.uuid, text="a"), done(hook.uuid, text="b")]
    delivery = hook.delivery(lambda _uuid, _nth: both)
    await hook.bring(hook.item(text="a"))

    results = await delivery.deliver(hook.task(number_results=2), begun=False)

    assert [result.text for result in results] == ["a", "b"]


async def test_what_was_begun_is_polled_for_at_once(hook: Hook) -> None:
    await hook.delivery(lambda uuid, _nth: [done(uuid)]).deliver(hook.task(), begun=True)

    assert hook.provider.times == [1000.0]
    assert hook.provider.posts == []


async def test_a_conflict_with_nothing_to_be_had_is_lost(hook: Hook) -> None:
    with pytest.raises(LostError):
        await hook.delivery(submits=[refusal(400, "conflictTaskUUID")]).deliver(
            hook.task(), begun=False
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
async def test_strangers_are_turned_away(hook: Hook, url: str) -> None:
    assert await hook.bring(hook.item(), url=url) == [403]
    assert await hook.kept() == 0


async def test_a_task_that_nobody_knows_is_answered_200(hook: Hook) -> None:
    assert await hook.bring(item("who"), {"hello": 1}, [], "x") == [200] * 4


async def test_what_is_no_json_or_too_large_is_not_kept(hook: Hook) -> None:
    damaged = await hook.http.post(HOOK, content=b'{"taskUUID"')
    large = await hook.http.post(HOOK, content=b" " * (BODY_BYTES_AT_MOST + 1))

    assert (damaged.status_code, large.status_code) == (400, 413)
    assert await hook.kept() == 0


async def test_a_delivery_lies_in_the_ledger_until_its_answer_is_kept(hook: Hook) -> None:
    (result,) = await hook.receive(hook.item())
    before = await hook.kept()

    await hook.ledger.settle(hook.claim, (result,))
    late = await hook.bring(hook.item())

    assert (before, late, await hook.kept()) == (1, [200], 0)


async def test_what_came_for_a_run_that_died_is_there_for_the_next(tmp_path: Path) -> None:
    async with opened(tmp_path) as dying:
        await dying.bring(dying.item())
        uuid = dying.uuid
    async with opened(tmp_path) as heir:
        delivery = heir.delivery(lambda uuid, _nth: [running(uuid)])
        (result,) = await delivery.deliver(heir.task(), begun=heir.claim.begun)

        assert (heir.uuid, heir.claim.begun) == (uuid, True)
        assert result.text == "Lisbon."
        assert heir.provider.posts == []


async def test_a_ledger_that_is_slow_or_broken_has_it_brought_again(
    hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(_: object) -> None:
        await asyncio.Event().wait()

    async def broken(_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("tasks.infer.delivery.receiver.ANSWERED_WITHIN_S", 0.0)
    monkeypatch.setattr(hook.ledger, "bring", never)
    slow = await hook.bring(hook.item())
    monkeypatch.setattr(hook.ledger, "bring", broken)

    assert (slow, await hook.bring(hook.item())) == ([503], [503])
    assert ANSWERED_WITHIN_S < 1


async def test_the_secret_is_in_no_log_and_in_no_error(
    hook: Hook, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    echo = {"errors": [{"code": "invalidWebhookURL", "message": f"'{HOOK}' is not public"}]}
    delivery = hook.delivery(submits=[httpx.Response(400, json=echo)])

    with pytest.raises(RejectedError, match=r"\?token=\*\*\*' is not public"):
        await delivery.deliver(hook.task(), begun=False)

    assert SECRET.get_secret_value() not in caplog.text.replace(HOOK, "")


async def test_says_that_it_is_there(hook: Hook) -> None:
    assert (await hook.http.get(f"http://here.test{HEALTH}")).status_code == 200
