"""The emulator's own side: scripts, faults, counts and the log."""

import json
from typing import Any

import httpx
import pytest

from tasks.emulator.options import EmulatorOptions
from tests.emulator.conftest import (
    ANSWER,
    PROSE,
    SCRIPT,
    FakeClock,
    client_of,
    post,
    settle,
    stats_of,
    task,
    uuid,
)

PATHS = ("stats", "log", "reset", "script", "faults")


async def say(client: httpx.AsyncClient, *rules: dict[str, Any]) -> None:
    assert (await client.post("/_emulator/script", json=list(rules))).status_code == 200


async def text_of(client: httpx.AsyncClient, content: str, **changes: Any) -> str:
    body = await post(client, task(messages=[{"role": "user", "content": content}], **changes))
    text: str = body["data"][0]["text"]
    return text


async def test_the_first_rule_that_fits_the_last_message_answers(
    client: httpx.AsyncClient,
) -> None:
    await say(
        client,
        {"match": r"part (\d+) of 3", "answer": "a part"},
        {"match": {"contains": "(all)"}, "answer": "all of it"},
    )
    earlier = [{"role": "user", "content": "part 1 of 3"}, {"role": "assistant", "content": "ok"}]
    asked = [*earlier, {"role": "user", "content": "now (all)"}]
    body = await post(client, task(messages=asked))

    assert await text_of(client, "this is part 2 of 3 (all)") == "a part"
    assert body["data"][0]["text"] == "all of it"
    assert "Offline extract" in await text_of(client, PROSE)


async def test_a_rule_answers_so_many_times(client: httpx.AsyncClient) -> None:
    await say(client, {"answer": "once", "times": 1}, {"answer": "ever", "times": None})

    assert [await text_of(client, "?") for _ in range(3)] == ["once", "ever", "ever"]


async def test_a_script_sets_the_finish_reason_and_the_thoughts(client: httpx.AsyncClient) -> None:
    await say(
        client,
        {"answer": {"text": "Half of it, th", "finishReason": "length", "reasoning": "Hm hm."}},
    )
    body = await post(client, task(includeUsage=True))
    streamed = await client.post("/v1", json=[task(deliveryMethod="stream")])

    [item] = body["data"]
    assert (item["text"], item["finishReason"]) == ("Half of it, th", "length")
    assert item["usage"]["thinkingTokens"] == 3
    assert '"reasoningContent": "Hm hm."' in streamed.text


async def test_a_scripted_answer_is_cut_at_max_tokens_unless_its_end_is_scripted(
    client: httpx.AsyncClient,
) -> None:
    await say(client, {"answer": "word " * 100})
    cut = (await post(client, task(settings={"maxTokens": 20})))["data"][0]
    await say(client, {"answer": {"text": "word " * 100, "finishReason": "stop"}})
    whole = (await post(client, task(settings={"maxTokens": 20})))["data"][0]

    assert (cut["finishReason"], len(cut["text"]) < 100) == ("length", True)
    assert (whole["finishReason"], whole["text"]) == ("stop", "word " * 100)


async def test_each_result_gets_the_scripted_answer() -> None:
    async with client_of(EmulatorOptions(script=SCRIPT)) as client:
        body = await post(client, task(numberResults=3))

    assert [item["text"] for item in body["data"]] == [ANSWER] * 3


@pytest.mark.parametrize(
    ("raw", "parameter"),
    [
        ({}, "rules"),
        (["x"], "rules[0]"),
        ([{"match": "x"}], "rules[0].answer"),
        ([{"answer": 5}], "rules[0].answer"),
        ([{"answer": {"txt": "x"}}], "rules[0].answer.txt"),
        ([{"answer": {"finishReason": "done"}}], "rules[0].answer.finishReason"),
        ([{"answer": "x", "match": "["}], "rules[0].match"),
        ([{"answer": "x", "times": -1}], "rules[0].times"),
    ],
)
async def test_a_wrong_script_is_refused_and_the_old_one_stays(raw: Any, parameter: str) -> None:
    async with client_of(EmulatorOptions(script=SCRIPT)) as client:
        reply = await client.post("/_emulator/script", json=raw)
        kept = await text_of(client, "?")

    assert (reply.status_code, kept) == (400, ANSWER)
    assert reply.json()["errors"][0]["parameter"] == parameter


async def test_faults_are_set_and_ended_while_it_runs(client: httpx.AsyncClient) -> None:
    statuses = []
    for rules in ([], [{"fault": "status", "status": 504}], []):
        assert (await client.post("/_emulator/faults", json=rules)).status_code == 200
        statuses.append((await client.post("/v1", json=[task()])).status_code)
    refused = await client.post("/_emulator/faults", json=[{"fault": "nonsense"}])

    assert statuses == [200, 504, 200]
    assert refused.status_code == 400
    assert (await stats_of(client))["faults_fired"] == {"status": 1}


async def test_reset_leaves_script_and_faults_in_force(client: httpx.AsyncClient) -> None:
    await say(client, {"answer": ANSWER})
    await client.post("/_emulator/faults", json=[{"fault": "errors_empty"}])
    await post(client, task())
    await client.post("/_emulator/reset")
    after = await post(client, task())

    assert after["errors"] == []
    assert after["data"][0]["text"] == ANSWER
    assert len((await client.get("/_emulator/log")).json()) == 1


async def test_with_a_secret_all_of_it_asks_for_it() -> None:
    async with client_of(EmulatorOptions(secret="the-secret")) as client:
        strangers = [
            await client.request(
                "GET" if path in {"stats", "log"} else "POST", f"/_emulator/{path}", json=[]
            )
            for path in PATHS
        ]
        client.headers["authorization"] = "Bearer the-secret"
        friends = [
            await client.request(
                "GET" if path in {"stats", "log"} else "POST", f"/_emulator/{path}", json=[]
            )
            for path in PATHS
        ]

    assert [reply.status_code for reply in strangers] == [401] * 5
    assert [reply.status_code for reply in friends] == [200] * 5


async def test_the_log_tells_of_each_request() -> None:
    clock = FakeClock()
    async with client_of(EmulatorOptions(script=SCRIPT), clock=clock) as client:
        await post(client, task(1, deliveryMethod="async"), task(2, seed=-1))
        await clock.advance(5)
        await post(client, {"taskType": "getResponse", "taskUUID": uuid(1)})
        await client.post("/v1/chat/completions", json={})
        batch, polled, chat = (await client.get("/_emulator/log")).json()

    assert batch == {
        "time": 1_700_000_000.0,
        "path": "/v1",
        "taskTypes": ["textInference", "textInference"],
        "uuids": [uuid(1), uuid(2)],
        "deliveries": ["async", "sync"],
        "webhooks": 0,
        "status": 200,
        "codes": ["invalidSeed"],
    }
    assert (polled["time"], polled["taskTypes"]) == (1_700_000_005.0, ["getResponse"])
    assert (chat["path"], chat["status"], chat["codes"]) == (
        "/v1/chat/completions",
        400,
        ["missingModel"],
    )


async def test_the_log_keeps_the_last_requests_only() -> None:
    async with client_of(EmulatorOptions(script=SCRIPT, log_size=2)) as client:
        for number in range(4):
            await post(client, task(number))
        log = (await client.get("/_emulator/log")).json()

    assert [entry["uuids"] for entry in log] == [[uuid(2)], [uuid(3)]]


async def test_neither_stats_nor_log_hold_a_key_or_a_text(
    caplog: pytest.LogCaptureFixture,
) -> None:
    key = "sk-0123456789-key"
    faults = [
        {"fault": "status", "times": 1},
        {"fault": "reset_after", "every": 4},
        {"fault": "poll_failed", "share": 0.5},
    ]
    async with client_of(EmulatorOptions(script=SCRIPT)) as client:
        await client.post("/_emulator/faults", json=faults)
        client.headers["authorization"] = f"Bearer {key}"
        misplaced = [
            task(1, taskUUID=key),
            task(2, deliveryMethod=key),
            task(3, taskType=key),
            task(4, **{key: 1}),
            task(5, messages=[{"role": "user", "content": f"{key} in a text"}]),
            task(6, webhookURL=f"http://127.0.0.1:9/?token={key}"),
            {"taskType": "authentication", "apiKey": key},
            key,
        ]
        for wrong in misplaced:
            try:
                await client.post("/v1", json=[wrong])
            except httpx.TransportError:
                continue
        await client.post("/v1/chat/completions", json={key: key})
        await settle()
        told = json.dumps([await stats_of(client), (await client.get("/_emulator/log")).json()])

    assert len(json.loads(told)[1]) == len(misplaced) + 1
    assert "sk-" not in told
    assert ANSWER not in told
    assert "token" not in told
    assert "sk-" not in caplog.text
