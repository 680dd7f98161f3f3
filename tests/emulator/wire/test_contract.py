"""Every parameter of the contract at, inside and beyond each of its limits."""

from typing import Any

import pytest

from tasks.emulator.options import EmulatorOptions
from tasks.emulator.refusal import RefusedError
from tasks.emulator.wire.contract import read_task
from tests.emulator.conftest import task, uuid

USER = {"role": "user", "content": "Hello."}
ASSISTANT = {"role": "assistant", "content": "Hello."}


def settings(**values: Any) -> dict[str, Any]:
    return {"settings": values}


def refusal_of(raw: object, options: EmulatorOptions | None = None) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        read_task(raw, options or EmulatorOptions())
    return caught.value


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"messages": [USER]},
        {"messages": [USER, ASSISTANT, USER]},
        {"messages": [{"role": "user", "content": "x"}]},
        {"deliveryMethod": "sync"},
        {"deliveryMethod": "async"},
        {"deliveryMethod": "stream", "numberResults": 1},
        {"webhookURL": "http://127.0.0.1:9000/hook?token=t"},
        {"webhookURL": "https://localhost/hook", "deliveryMethod": "async"},
        {"webhookURL": "http://[::1]:9000"},
        {"includeCost": True, "includeUsage": False},
        {"includeCost": False, "includeUsage": True},
        {"numberResults": 1},
        {"numberResults": 2},
        {"numberResults": 4},
        {"seed": 0},
        {"seed": 77},
        {"seed": 2**32 - 1},
        {"settings": {}},
        settings(systemPrompt="x"),
        settings(systemPrompt="x" * 199_999),
        settings(systemPrompt="x" * 200_000),
        settings(temperature=0),
        settings(temperature=1),
        settings(temperature=1.0),
        settings(temperature=0.07),
        settings(temperature=0.29),
        settings(temperature=0.57),
        settings(topP=0),
        settings(topP=0.01),
        settings(topP=0.58),
        settings(topP=1),
        settings(maxTokens=1),
        settings(maxTokens=32_768),
        settings(maxTokens=196_608),
        {"taskUUID": uuid(7).upper()},
        {"outputFormat": "TEXT"},
        {"tools": [{"type": "function", "name": "f"}], "toolChoice": {"type": "auto"}},
        {"routing": {}},
    ],
)
def test_takes_what_the_contract_allows(changes: dict[str, Any]) -> None:
    read_task(task(**changes), EmulatorOptions())


@pytest.mark.parametrize(
    ("changes", "code", "parameter"),
    [
        ({"taskType": ...}, "missingTaskType", "taskType"),
        ({"taskType": "imageInference"}, "unsupportedTaskType", "taskType"),
        ({"taskType": "getResponse"}, "unsupportedTaskType", "taskType"),
        ({"taskType": 5}, "unsupportedTaskType", "taskType"),
        ({"taskUUID": ...}, "missingTaskUUID", "taskUUID"),
        ({"taskUUID": 5}, "invalidTaskUUID", "taskUUID"),
        ({"taskUUID": "x"}, "invalidTaskUUID", "taskUUID"),
        ({"taskUUID": uuid(1).replace("-", "")}, "invalidTaskUUID", "taskUUID"),
        ({"taskUUID": "{" + uuid(1) + "}"}, "invalidTaskUUID", "taskUUID"),
        ({"taskUUID": "00000000-0000-1000-8000-000000000001"}, "invalidTaskUUID", "taskUUID"),
        ({"taskUUID": "00000000-0000-4000-c000-000000000001"}, "invalidTaskUUID", "taskUUID"),
        ({"model": ...}, "missingModel", "model"),
        ({"model": "minimax-m2-7"}, "invalidModel", "model"),
        ({"model": None}, "invalidModel", "model"),
        ({"messages": ...}, "missingMessages", "messages"),
        ({"messages": []}, "arrayTooSmall", "messages"),
        ({"messages": "Hello."}, "invalidMessages", "messages"),
        ({"messages": ["Hello."]}, "invalidMessages", "messages[0]"),
        ({"messages": [{"content": "x"}]}, "missingRole", "messages[0].role"),
        ({"messages": [{"role": "user"}]}, "missingContent", "messages[0].content"),
        ({"messages": [{"role": "user", "content": ""}]}, "invalidContent", "messages[0].content"),
        ({"messages": [{"role": "user", "content": []}]}, "invalidContent", "messages[0].content"),
        ({"messages": [USER | {"name": "Ann"}]}, "unknownParameter", "messages[0].name"),
        ({"messages": [USER | {"role": "tool"}]}, "invalidRole", "messages[0].role"),
        ({"messages": [USER | {"role": "system"}, USER]}, "invalidRole", "messages[0].role"),
        ({"messages": [USER, ASSISTANT]}, "invalidRole", "messages[1].role"),
        ({"deliveryMethod": "webhook"}, "invalidDeliveryMethod", "deliveryMethod"),
        (
            {"deliveryMethod": "stream", "numberResults": 2},
            "incompatibleParameters",
            "numberResults",
        ),
        (
            {"deliveryMethod": "stream", "webhookURL": "http://localhost/hook"},
            "incompatibleParameters",
            "webhookURL",
        ),
        ({"deliveryMethod": "post"}, "invalidDeliveryMethod", "deliveryMethod"),
        ({"deliveryMethod": None}, "invalidDeliveryMethod", "deliveryMethod"),
        ({"webhookURL": "https://example.org/hook"}, "invalidWebhookURL", "webhookURL"),
        ({"webhookURL": "http://127.0.0.1.example.org/"}, "invalidWebhookURL", "webhookURL"),
        ({"webhookURL": "http://127.0.0.1@example.org/"}, "invalidWebhookURL", "webhookURL"),
        ({"webhookURL": "http://10.0.0.1/"}, "invalidWebhookURL", "webhookURL"),
        ({"webhookURL": "http://0.0.0.0/"}, "invalidWebhookURL", "webhookURL"),
        ({"webhookURL": "http://2130706433/"}, "invalidWebhookURL", "webhookURL"),
        ({"webhookURL": "http://localhost:port/"}, "invalidWebhookURL", "webhookURL"),
        ({"webhookURL": "file://localhost/etc"}, "invalidWebhookURL", "webhookURL"),
        ({"webhookURL": "http:///hook"}, "invalidWebhookURL", "webhookURL"),
        ({"webhookURL": "http://[::1/"}, "invalidWebhookURL", "webhookURL"),
        ({"webhookURL": None}, "invalidWebhookURL", "webhookURL"),
        ({"webhookURL": "example.org"}, "invalidWebhookURL", "webhookURL"),
        ({"includeCost": 1}, "invalidIncludeCost", "includeCost"),
        ({"includeUsage": "true"}, "invalidIncludeUsage", "includeUsage"),
        ({"numberResults": 0}, "invalidNumberResults", "numberResults"),
        ({"numberResults": 5}, "invalidNumberResults", "numberResults"),
        ({"numberResults": True}, "invalidNumberResults", "numberResults"),
        ({"numberResults": 2.0}, "invalidNumberResults", "numberResults"),
        ({"seed": -1}, "invalidSeed", "seed"),
        ({"seed": 2**32}, "invalidSeed", "seed"),
        ({"seed": False}, "invalidSeed", "seed"),
        ({"seed": None}, "invalidSeed", "seed"),
        ({"settings": []}, "invalidSettings", "settings"),
        (settings(systemPrompt=""), "invalidSystemPrompt", "settings.systemPrompt"),
        (settings(systemPrompt="x" * 200_001), "invalidSystemPrompt", "settings.systemPrompt"),
        (settings(systemPrompt=None), "invalidSystemPrompt", "settings.systemPrompt"),
        (settings(temperature=-0.01), "invalidTemperature", "settings.temperature"),
        (settings(temperature=1.01), "invalidTemperature", "settings.temperature"),
        (settings(temperature=0.005), "invalidTemperature", "settings.temperature"),
        (settings(temperature=True), "invalidTemperature", "settings.temperature"),
        (settings(temperature="0.5"), "invalidTemperature", "settings.temperature"),
        (settings(topP=-1), "invalidTopP", "settings.topP"),
        (settings(topP=1.01), "invalidTopP", "settings.topP"),
        (settings(topP=0.999), "invalidTopP", "settings.topP"),
        (settings(maxTokens=0), "invalidMaxTokens", "settings.maxTokens"),
        (settings(maxTokens=196_609), "invalidMaxTokens", "settings.maxTokens"),
        (settings(maxTokens=10.0), "invalidMaxTokens", "settings.maxTokens"),
        (settings(maxTokens=True), "invalidMaxTokens", "settings.maxTokens"),
        (settings(topK=40), "unknownParameter", "settings.topK"),
        (settings(max_tokens=40), "unknownParameter", "settings.max_tokens"),
        ({"maxTokens": 40}, "unknownParameter", "maxTokens"),
        ({"temperature": 1}, "unknownParameter", "temperature"),
        ({"topP": 1}, "unknownParameter", "topP"),
        ({"systemPrompt": "x"}, "unknownParameter", "systemPrompt"),
        ({"includecost": True}, "unknownParameter", "includecost"),
        ({"outputFormat": "JSON"}, "invalidOutputFormat", "outputFormat"),
        ({"tools": {}}, "invalidTools", "tools"),
        ({"tools": ["f"]}, "invalidTools", "tools[0]"),
        ({"toolChoice": "auto"}, "invalidToolChoice", "toolChoice"),
        ({"routing": []}, "invalidRouting", "routing"),
    ],
)
def test_refuses_what_the_contract_forbids(
    changes: dict[str, Any], code: str, parameter: str
) -> None:
    refusal = refusal_of(task(**changes))

    assert (refusal.code, refusal.parameter, refusal.status) == (code, parameter, 400)
    assert parameter.rsplit(".", maxsplit=1)[-1] in refusal.message


@pytest.mark.parametrize("raw", ["textInference", 5, None, []])
def test_refuses_an_element_that_is_no_object(raw: object) -> None:
    assert refusal_of(raw).code == "invalidTask"


def test_says_where_system_text_belongs() -> None:
    refusal = refusal_of(task(messages=[USER | {"role": "system"}, USER]))

    assert "settings.systemPrompt" in refusal.message


def test_says_that_a_setting_at_the_root_belongs_in_settings() -> None:
    assert "settings.maxTokens" in refusal_of(task(maxTokens=40)).message


def test_puts_in_the_defaults_of_the_contract() -> None:
    read = read_task(task(), EmulatorOptions())

    request = read.request
    assert (request.temperature, request.top_p, request.max_tokens) == (1.0, 0.95, 32_768)
    assert (request.results, request.seed, request.system_prompt) == (1, None, None)
    assert (read.include_cost, read.include_usage) == (False, False)


def test_a_switch_refuses_what_only_the_schema_bundle_lists() -> None:
    refusal = refusal_of(task(routing={}), EmulatorOptions(refuse_extras=True))

    assert (refusal.code, refusal.parameter) == ("unknownParameter", "routing")


def test_shows_no_more_of_a_long_value_than_it_must() -> None:
    assert len(refusal_of(task(model="x" * 10_000)).message) < 200
