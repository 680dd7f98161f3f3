"""Each question that the contract leaves open is a switch, with the likely answer as default."""

import dataclasses
import re
from typing import Any

import pytest

import tasks.emulator.options
from tasks.core.errors import ConfigError
from tasks.emulator.faults.catalogue import FAULTS
from tasks.emulator.options import EmulatorOptions, read_options
from tests.emulator.conftest import PROSE, SCRIPT, client_of, post, task

USER = {"role": "user", "content": "Which capital?"}
ASSISTANT = {"role": "assistant", "content": "Of what?"}


def options(**changes: Any) -> EmulatorOptions:
    values: dict[str, Any] = {"script": SCRIPT}
    return EmulatorOptions(**(values | changes))


@pytest.mark.parametrize(
    ("switch", "changes", "code"),
    [
        ({"system_role": "accept"}, {"messages": [USER | {"role": "system"}, USER]}, "invalidRole"),
        ({"last_message": "any"}, {"messages": [USER, ASSISTANT]}, "invalidRole"),
        ({"unknown_fields": "ignore"}, {"colour": "red"}, "unknownParameter"),
        ({"unknown_fields": "ignore"}, {"settings": {"topK": 4}}, "unknownParameter"),
        ({"unknown_fields": "ignore"}, {"maxTokens": 4}, "unknownParameter"),
        (
            {"overflow": "clamp"},
            {
                "messages": [{"role": "user", "content": "w " * 30_000}],
                "settings": {"maxTokens": 196_000},
            },
            "invalidMaxTokens",
        ),
    ],
)
async def test_a_switch_accepts_what_is_refused_by_default(
    switch: dict[str, Any], changes: dict[str, Any], code: str
) -> None:
    async with client_of(options()) as strict, client_of(options(**switch)) as relaxed:
        refused = await strict.post("/v1", json=[task(**changes)])
        accepted = await relaxed.post("/v1", json=[task(**changes)])

    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, code)
    assert accepted.status_code == 200


@pytest.mark.parametrize(
    ("switch", "changes", "code"),
    [
        ({"refuse_zero_temperature": True}, {"settings": {"temperature": 0}}, "invalidTemperature"),
        ({"refuse_extras": True}, {"routing": {}}, "unknownParameter"),
    ],
)
async def test_a_switch_refuses_what_is_accepted_by_default(
    switch: dict[str, Any], changes: dict[str, Any], code: str
) -> None:
    async with client_of(options()) as relaxed, client_of(options(**switch)) as strict:
        accepted = await relaxed.post("/v1", json=[task(**changes)])
        refused = await strict.post("/v1", json=[task(**changes)])

    assert accepted.status_code == 200
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, code)


async def test_an_accepted_system_message_counts_as_system_prompt() -> None:
    system = {"role": "system", "content": PROSE}
    async with client_of(options(system_role="accept")) as client:
        as_message = await post(client, task(messages=[system, USER], includeUsage=True))
        as_setting = await post(
            client, task(messages=[USER], settings={"systemPrompt": PROSE}, includeUsage=True)
        )

    assert as_message["data"][0]["usage"] == as_setting["data"][0]["usage"]


async def test_an_overflow_lowers_max_tokens_to_the_room_that_is_left() -> None:
    long = [{"role": "user", "content": "w " * 30_000}]
    chosen = options(overflow="clamp", script=({"answer": "v " * 190_000},))
    async with client_of(chosen) as client:
        body = await post(
            client, task(messages=long, settings={"maxTokens": 196_000}, includeUsage=True)
        )

    assert body["data"][0]["finishReason"] == "length"
    assert body["data"][0]["usage"]["totalTokens"] == 204_800


async def test_switches_limit_tasks_and_bytes_of_a_post() -> None:
    async with client_of(options(max_tasks_per_post=1)) as client:
        tasks = await client.post("/v1", json=[task(1), task(2)])
    async with client_of(options(max_body_bytes=200)) as client:
        size = await client.post("/v1", json=[task()])

    assert (tasks.status_code, tasks.json()["errors"][0]["code"]) == (400, "arrayTooLarge")
    assert (size.status_code, size.json()["errors"][0]["code"]) == (413, "requestTooLarge")


async def test_switches_show_the_account_unasked_and_round_the_cost() -> None:
    chosen = options(unasked_usage=True, unasked_cost=True, cost_decimals=4)
    async with client_of(chosen) as client:
        [item] = (await post(client, task()))["data"]

    assert item["usage"]["totalTokens"] > 0
    assert item["cost"] == round(item["cost"], 4)


async def test_a_switch_counts_thoughts_beside_the_completion_at_the_same_price() -> None:
    items = []
    for place in ("inside", "beside"):
        async with client_of(options(thinking_tokens=place)) as client:
            body = await post(client, task(includeUsage=True, includeCost=True))
            items.append(body["data"][0])

    inside, beside = (item["usage"] for item in items)
    assert inside["completionTokens"] - beside["completionTokens"] == inside["thinkingTokens"]
    assert beside["totalTokens"] == beside["promptTokens"] + beside["completionTokens"]
    assert items[0]["cost"] == items[1]["cost"]


async def test_a_switch_counts_prompts_by_their_length() -> None:
    usages = []
    for content in ("x" * 400, "x" * 4400):
        async with client_of(options(prompt_count="length")) as client:
            messages = [{"role": "user", "content": content}]
            body = await post(client, task(messages=messages, includeUsage=True))
            usages.append(body["data"][0]["usage"]["promptTokens"])

    assert usages[1] - usages[0] == 1000


async def test_a_switch_derives_seeds_at_random() -> None:
    seeds = {}
    for how in ("next", "random"):
        async with client_of(options(derived_seeds=how, show_seed=True)) as client:
            body = await post(client, task(numberResults=3, seed=9))
            seeds[how] = [item["seed"] for item in body["data"]]

    assert seeds["next"] == [9, 10, 11]
    assert seeds["random"][0] == 9
    assert seeds["random"][1:] != [10, 11]
    assert len(set(seeds["random"])) == 3


async def test_a_switch_sets_the_status_of_a_partial_failure() -> None:
    async with client_of(options(partial_status=207)) as client:
        mixed = await client.post("/v1", json=[task(1), task(2, seed=-1)])
        failed = await client.post("/v1", json=[task(2, seed=-1)])

    assert (mixed.status_code, failed.status_code) == (207, 400)


async def test_a_switch_sends_done_after_an_error_in_a_stream() -> None:
    fault = ({"fault": "mid_stream_error"},)
    async with client_of(options(done_after_stream_error=True, faults=fault)) as client:
        reply = await client.post("/v1", json=[task(deliveryMethod="stream")])

    assert reply.text.endswith("data: [DONE]\n\n")


def test_the_table_of_open_questions_names_switches_and_faults_that_exist() -> None:
    table = (tasks.emulator.options.__doc__ or "").split("--\n", 1)[1]
    rows = re.findall(r"^    (\d+) +(.{41}) +(.+)$", table, re.MULTILINE)
    known = {field.name for field in dataclasses.fields(EmulatorOptions)}

    assert [int(number) for number, _, _ in rows] == list(range(1, 21))
    for _, _, switches in rows:
        if fault := re.fullmatch(r"fault `(\w+)`", switches):
            assert fault[1] in FAULTS
            continue
        for switch in switches.split(", "):
            assert any(re.fullmatch(switch.replace("*", ".+"), name) for name in known), switch


def test_options_are_read_by_name() -> None:
    read = read_options({"refuse_finished_uuids": True, "overflow": "clamp", "retention_s": 60})

    assert read == EmulatorOptions(refuse_finished_uuids=True, overflow="clamp", retention_s=60.0)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"retention": 60}, "no option of the emulator: retention;"),
        ({"overflow": "cut"}, "overflow: Input should be 'refuse' or 'clamp'"),
        ({"retention_s": "long"}, "retention_s: "),
    ],
)
def test_an_option_that_is_none_or_wrong_is_named(given: dict[str, Any], named: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(named)):
        read_options(given)
