"""Every fault of the emulator against every delivery, over HTTP: what the caller sees.

With `-s` each row is printed as one of a Markdown table. "ok" is the whole answer.
"""

import asyncio
import json
import logging
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from httpx_aiohttp import AiohttpTransport
from pydantic import SecretStr

from tasks.core.errors import DocmillError
from tasks.core.requests import InferenceRequest, Message
from tasks.emulator.faults.catalogue import FAULTS, SLIPS
from tasks.infer.connection import Connection
from tasks.infer.delivery.delivery import Delivery
from tasks.infer.delivery.poller import Poller, PollTimes
from tasks.infer.delivery.polling import AsyncDelivery
from tasks.infer.delivery.receiver import PATH, create_receiver
from tasks.infer.delivery.stream import StreamDelivery
from tasks.infer.delivery.submit import Submitter
from tasks.infer.delivery.sync import SyncDelivery
from tasks.infer.delivery.webhook import Mailbox, WebhookFinder
from tasks.infer.inference import Inference
from tasks.infer.replies import check
from tasks.infer.retries import Retries
from tasks.infer.throttle.gate import fixed
from tasks.ledger.ledger import Ledger, open_ledger
from tests.emulator.test_over_http import served
from tests.infer.building import KEY
from tests.serving import serving

pytestmark = pytest.mark.full

ANSWER = "Die Gebühr beträgt 4.200 € im Monat."
TIMES = PollTimes(first_s=0.02, unknown_after_s=0.5, hidden_s=1.0, silence_s=20, deadline_s=30)
TASKS = 3
HANGS_AFTER_S = 25

ONLY_TWICE: dict[str, Any] = {"times": 2}
OK = frozenset({"ok"})
SPOILT = frozenset({"ok", "other text"})
"""The answer came whole, and what is wrong in it is for others to find."""

TABLE: tuple[tuple[dict[str, Any], frozenset[str]], ...] = (
    ({"fault": "reset_before"}, OK),
    ({"fault": "status", "status": 429, "retryAfter": 0}, OK),
    ({"fault": "status", "status": 500}, OK),
    ({"fault": "status", "status": 503, "shape": "html"}, OK),
    ({"fault": "status", "status": 504, "shape": "error", "code": "timeoutProvider"}, OK),
    ({"fault": "rate_limit", "perSecond": 20, "burst": 1, "retryAfter": 0.1}, OK),
    ({"fault": "concurrency_limit", "limit": 1, "retryAfter": 0.1}, OK),
    ({"fault": "reset_after"}, OK),
    ({"fault": "latency", "seconds": 0.2}, OK),
    *(({"fault": "thoughts", "form": f}, OK) for f in ("whole", "nested", "unopened")),
    ({"fault": "thoughts", "form": "unclosed"}, frozenset({"ok", "ReplyError"})),
    *(({"fault": "thoughts", "form": f}, OK) for f in ("string", "list")),
    ({"fault": "damaged_json", "form": "fence"}, SPOILT),
    ({"fault": "oversized"}, SPOILT),
    ({"fault": "empty"}, OK),
    ({"fault": "empty", "finishReason": "stop"}, frozenset({"ok", "ReplyError"})),
    ({"fault": "refusal"}, frozenset({"ok", "DeclinedError"})),
    ({"fault": "content_filter"}, frozenset({"ok", "DeclinedError"})),
    ({"fault": "partial_failure"}, OK),
    ({"fault": "mid_stream_error"}, OK),
    *(({"fault": "poll_failed", "as": form}, OK) for form in ("item", "text", "errors")),
    ({"fault": "poll_error"}, OK),
    ({"fault": "poll_error", "status": 401}, OK),
    ({"fault": "truncate", "on": "any"}, OK),
    ({"fault": "truncate", "on": "any", "abrupt": True}, OK),
    ({"fault": "garble", "on": "any"}, OK),
    ({"fault": "garble", "form": "html", "on": "any"}, OK),
    ({"fault": "split_utf8", "on": "any"}, OK),
    ({"fault": "errors_empty", "on": "any"}, OK),
    ({"fault": "shuffle", "on": "any"}, OK),
    ({"fault": "webhook_duplicate", "copies": 3}, OK),
    ({"fault": "webhook_late", "seconds": 2}, OK),
    ({"fault": "webhook_lost"}, OK),
)
DELIVERIES = ("sync", "async", "async, 8 per POST", "stream", "webhook")
BILLED_ANEW = ("sync", "stream")
"""What these have sent and lost the answer of is sent again: nothing can be fetched later."""

ASKED_ANEW = ("empty", "thoughts")
"""What is no answer is asked for a second time, under a UUID of its own."""

SECRET = SecretStr("secret-of-the-webhooks")


def delivery_of(name: str, connection: Connection, ledger: Ledger) -> Delivery:
    poller = Poller(connection, times=TIMES)
    if name == "sync":
        return SyncDelivery(connection, poller)
    if name == "stream":
        return StreamDelivery(connection, poller)
    at_most = 8 if "8" in name else 1
    brought = WebhookFinder(Mailbox(ledger), poller, backstop_s=1.0)
    finder = brought if name == "webhook" else poller
    return AsyncDelivery(connection, Submitter(connection, tasks_per_post=at_most), finder)


def asked(number: int) -> InferenceRequest:
    message = Message("user", f"{number}. Was kostet es? Die Gebühr beträgt 4.200 €.")
    return InferenceRequest(
        model="minimax:m2.7@0", system_prompt="Answer.", messages=(message,), max_tokens=2000
    )


async def seen(inference: Inference, number: int) -> str:
    """Say in a word what the caller of one task sees."""
    try:
        text = check((await inference.ask(asked(number))).result).text
    except DocmillError as error:
        return "THE KEY" if KEY.get_secret_value() in str(error) else type(error).__name__
    return "ok" if text == ANSWER else "other text"


def test_the_table_has_every_fault() -> None:
    named = {fault["fault"] for fault, _ in TABLE}
    assert named == FAULTS.keys() - SLIPS.keys(), "a slip is the scripted model's, on no wire"


@pytest.mark.parametrize(("fault", "allowed"), TABLE, ids=[json.dumps(fault) for fault, _ in TABLE])
async def test_no_fault_loses_an_answer_or_hangs_or_shows_the_key(
    fault: dict[str, Any], allowed: frozenset[str], tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG, "docmill")
    cells = []
    for at, name in enumerate(DELIVERIES):
        times = {} if "limit" in fault["fault"] else ONLY_TWICE
        database = tmp_path / f"{at}.db"
        async with (
            served({**fault, **times}, answers=({"answer": ANSWER},)) as admin,
            AiohttpTransport() as transport,
            open_ledger(f"sqlite:///{database}") as ledger,
            serving(create_receiver(SECRET, ledger)) as receiver,
        ):
            hook = SecretStr(f"{receiver}{PATH}?token={SECRET.get_secret_value()}")
            connection = Connection(
                transport,
                f"{str(admin.base_url).rstrip('/')}/v1",
                KEY,
                webhook_url=hook if name == "webhook" else None,
                timeout_s=10,
            )
            inference = Inference(
                delivery=delivery_of(name, connection, ledger),
                ledger=ledger,
                throttle=fixed(8),
                retries=Retries(wait_initial_s=0.05),
            )
            async with asyncio.timeout(HANGS_AFTER_S):
                words = await asyncio.gather(*(seen(inference, n) for n in range(TASKS)))
            stats = (await admin.get("/_emulator/stats")).json()
        paid_anew = name in BILLED_ANEW or fault["fault"] in ASKED_ANEW
        assert stats["tasks_billed_twice"] == 0 or paid_anew
        assert stats["uuids_billed_twice"] == 0 or name in BILLED_ANEW
        for secret in (KEY, SECRET):
            assert secret.get_secret_value().encode() not in database.read_bytes()
        cells.append(", ".join(f"{n} {word}" for word, n in Counter(words).items()))
        assert set(words) <= allowed, f"{name}: {words}"
        assert "ok" in words or fault["fault"] in {"oversized", "damaged_json"}
    assert KEY.get_secret_value() not in caplog.text
    assert SECRET.get_secret_value() not in caplog.text
    print(f"\n| {json.dumps(fault)} | {' | '.join(cells)} |")  # noqa: T201 # the table
