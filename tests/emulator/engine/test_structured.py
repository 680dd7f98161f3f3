import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tasks.emulator.engine.schema import find_schema
from tasks.emulator.engine.tokens import count_tokens
from tests.emulator.conftest import PROSE
from tests.emulator.engine.test_extractive import MARK, ask, collapsed, fenced
from tests.schemas import PAGE, TEXT, listing

FACTS = listing(
    "facts",
    {
        "fact": TEXT,
        "quote": TEXT,
        "page": PAGE,
        "kind": {"enum": ["date", "warranty", "interest", "other"]},
        "amount": TEXT,
        "due_date": TEXT,
    },
    *("fact", "quote", "page", "kind"),
)


def prompt(schema: object) -> str:
    return f"Give the facts as JSON that fits:\n\n```json\n{json.dumps(schema, indent=2)}\n```\n"


def answer(schema: object, content: str = PROSE, **changes: Any) -> Any:
    return json.loads(ask(content, prompt(schema), **changes).text)


def items_of(properties: dict[str, Any], *required: str, **more: Any) -> dict[str, Any]:
    return listing("items", properties, *required, strict=False, **more)


def test_fills_facts_with_sentences_that_tell_a_number_date_amount_or_name() -> None:
    facts = answer(FACTS, fenced(f"[p. 7]\n{PROSE}"))["facts"]

    Draft202012Validator(FACTS).validate({"facts": facts})
    assert {fact["page"] for fact in facts} == {7}
    assert all(fact["quote"] in PROSE for fact in facts)
    assert not any("Rain" in fact["quote"] for fact in facts)
    by_quote = {fact["quote"][:12]: fact for fact in facts}
    assert by_quote["The buyer pa"]["amount"] == "EUR 12,500"
    assert by_quote["The supplier"]["due_date"] == "3 March 2025"
    assert by_quote["If the buyer"]["kind"] == "interest"
    assert by_quote["The supplier"]["kind"] == "other"
    assert "amount" not in by_quote["The supplier"]


def test_items_stand_in_the_order_of_the_source_without_duplicates() -> None:
    facts = answer(FACTS, f"{PROSE}\n\n{PROSE}")["facts"]

    places = [PROSE.index(fact["quote"]) for fact in facts]
    assert len(set(places)) == len(places)
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("name", "sentence", "found"),
    [
        ("email", "Write to ann.lee@example.org for help.", "ann.lee@example.org"),
        ("website", "See https://example.org/a?b=1 for 3 more.", "https://example.org/a?b=1"),
        ("deadline", "It ends on the 31st of December 2026.", "31st of December 2026"),
        ("startDate", "It starts on 2026-01-31 at noon.", "2026-01-31"),
        ("price", "It costs $1.5 million in total.", "$1.5 million"),
        ("rate", "It grew by 4.5 % in 2020.", "4.5 %"),
        ("notice_period", "It takes thirty (30) days.", "thirty (30) days"),
        ("supplier", "The Acme Tools Ltd sells 5 pumps.", "Acme Tools Ltd"),
        ("person", "It was signed by Maria Lopez in 2020.", "Maria Lopez"),
        ("party", "It binds Dr. Jane Roe from 2020.", "Dr. Jane Roe"),
        ("value", "It has 1,250 rooms.", "1,250"),
        ("year", "It was built in 1998 by 5 men.", "1998"),
    ],
)
def test_fills_a_field_with_a_span_that_its_name_asks_for(
    name: str, sentence: str, found: str
) -> None:
    assert answer(items_of({name: TEXT}, name), sentence)["items"] == [{name: found}]


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ({"type": "integer"}, 12500),
        ({"type": "number"}, 12500),
        ({"type": "number", "maximum": 100}, None),
        ({"type": "boolean"}, None),
        ({"type": "string", "pattern": "^USD"}, None),
        ({"$ref": "#/nowhere"}, None),
        ({"$ref": "https://example.org/schema"}, None),
        ({"$ref": "#/$defs/money"}, "EUR 12,500"),
        ({"anyOf": [{"type": "string"}, {"type": "number"}]}, "EUR 12,500"),
    ],
)
def test_leaves_an_item_out_rather_than_break_the_schema_or_invent(
    part: dict[str, Any], expected: object
) -> None:
    schema = items_of({"quote": TEXT, "amount": part}, "amount")
    schema["$defs"] = {"money": TEXT}

    amounts = [item["amount"] for item in answer(schema)["items"]]
    assert amounts == ([] if expected is None else [expected])


def test_says_null_where_the_schema_lets_it_and_nothing_is_found() -> None:
    email = {"anyOf": [{"$ref": "#/$defs/address"}, {"type": "null"}]}
    schema = items_of({"quote": TEXT, "email": email, "url": {"type": ["string", "null"]}}, "email")
    schema["$defs"] = {"address": TEXT}

    items = answer(schema, "Write to a@example.org for 2 days. It costs EUR 5 a day.")["items"]
    assert [item["email"] for item in items] == ["a@example.org", None]
    assert [item["url"] for item in items] == [None, None]


def test_a_required_enum_without_a_catch_all_leaves_the_item_out() -> None:
    schema = items_of({"quote": TEXT, "kind": {"enum": ["warranty", "lease"]}}, "quote", "kind")

    items = answer(schema)["items"]
    assert [item["kind"] for item in items] == ["warranty"]


def test_fills_objects_and_lists_inside_an_item_from_the_same_sentence() -> None:
    price = {"type": "object", "properties": {"amount": TEXT, "currency": TEXT}}
    dates = {"type": "array", "items": TEXT}
    schema = items_of({"price": price, "dates": dates}, "price")

    text = "From 1 May 2020 to 2 June 2021 the rent is EUR 900 a month."
    assert answer(schema, text)["items"] == [
        {"price": {"amount": "EUR 900", "currency": "EUR"}, "dates": ["1 May 2020", "2 June 2021"]}
    ]


def test_gives_page_and_section_in_the_type_that_the_schema_wants() -> None:
    numbers = {"type": "array", "items": {"type": "integer"}}
    parts = {"quote": TEXT, "source_page": TEXT, "pages": numbers, "section": TEXT}
    schema = items_of(parts | {"unit": {"const": "EUR"}}, "section")
    source = f"<source-{MARK}>\nsection: Fees\n---\n[p. 7]\nIt costs 5.\n</source-{MARK}>"

    assert answer(schema, source)["items"] == [
        {"quote": "It costs 5.", "source_page": "7", "pages": [7], "section": "Fees", "unit": "EUR"}
    ]


def test_an_item_of_which_only_page_and_constants_are_known_is_left_out() -> None:
    schema = items_of({"page": {"type": "integer"}, "unit": {"const": "EUR"}, "mood": TEXT})

    assert answer(schema, fenced(f"[p. 7]\n{PROSE}"))["items"] == []


@pytest.mark.parametrize(
    ("sentence", "number"),
    [
        ("It costs EUR 12,500.50 today.", 12500.5),
        ("It costs EUR 12 today.", 12),
        ("It costs EUR 12.5 today.", 12.5),
        ("It costs EUR 1.250 today.", None),
        ("It costs EUR 1.250,00 today.", None),
        ("It costs EUR 2 million today.", None),
    ],
)
def test_reads_a_number_only_where_its_separators_leave_no_doubt(
    sentence: str, number: float | None
) -> None:
    items = answer(items_of({"price": {"type": "number"}, "quote": TEXT}, "price"), sentence)
    assert items["items"] == ([] if number is None else [{"price": number, "quote": sentence}])


def test_ends_on_a_schema_that_holds_itself() -> None:
    schema = items_of({"quote": TEXT, "part": {"$ref": "#/$defs/loop"}, "same": {"$ref": "#"}})
    schema["$defs"] = {"loop": {"$ref": "#/$defs/loop"}}

    assert len(answer(schema)["items"]) > 0


def test_keeps_max_items() -> None:
    assert len(answer(items_of({"quote": TEXT}, "quote", maxItems=2))["items"]) == 2


def test_fills_an_array_at_the_root() -> None:
    schema = {"type": "array", "items": {"type": "object", "properties": {"quote": TEXT}}}

    found = answer(schema)
    assert found
    assert all(item["quote"] in PROSE for item in found)


@pytest.mark.parametrize(
    ("schema", "shape"),
    [
        (items_of({"mood": TEXT}, "mood"), {"items": []}),
        ({"type": "object", "properties": {"topic": TEXT}}, {}),
        ({"type": "object", "properties": {"topic": TEXT}, "required": ["topic"]}, {"topic": ""}),
        ({"type": "object", "properties": {"email": TEXT, "currency": TEXT}}, {"currency": "EUR"}),
        ({"type": "array"}, []),
    ],
)
def test_a_schema_that_the_source_cannot_fill_gives_its_empty_shape(
    schema: dict[str, Any], shape: object
) -> None:
    assert answer(schema) == shape


def test_a_question_that_nothing_bears_on_gives_the_empty_shape() -> None:
    text = ask(PROSE, f"Question: Which planets have rings?\n{prompt(FACTS)}").text

    assert json.loads(text) == {"facts": []}


@pytest.mark.parametrize(
    "block",
    ["{", "[1]", '{"facts": []}', '{"type": "contract"}', '{"type": "object", "required": 5}'],
)
def test_a_block_that_is_no_schema_gets_an_extract(block: str) -> None:
    system_prompt = f"As in:\n```json\n{block}\n```"

    assert find_schema(system_prompt) is None
    assert "Offline extract" in ask(PROSE, system_prompt).text


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 1500), st.integers(0, 3))
def test_json_is_whole_within_max_tokens_or_cut_with_length(max_tokens: int, seed: int) -> None:
    completion = ask(PROSE * 3, prompt(FACTS), max_tokens=max_tokens, seed=seed)

    assert completion.completion_tokens <= max_tokens
    if completion.finish_reason == "stop":
        facts = json.loads(completion.text)["facts"]
        assert all(fact["quote"] in collapsed(PROSE * 3) for fact in facts)
    else:
        assert count_tokens('{"facts": []}') > max_tokens - completion.thinking_tokens
