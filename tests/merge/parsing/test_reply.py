import json
import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.core.errors import ReplyError
from tasks.merge.parsing.reply import parse_reply, read_reply
from tests.merge.parsing.damage import KINDS, SCHEMA, dumped, records

EACH = 24
"""Replies of each kind: more than 500 in all."""

ONE: dict[str, Any] = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string"}, "page": {"type": "integer"}},
}


@pytest.mark.parametrize("kind", KINDS)
def test_whole_records_are_recovered_and_none_is_made_up(kind: str) -> None:
    draw = random.Random(kind)
    recovered: Counter[bool] = Counter()
    for _ in range(EACH):
        damaged = KINDS[kind](records(draw), draw)
        reply = read_reply(damaged.text, SCHEMA)
        recovered.update(record in reply.records for record in damaged.records)

        assert [record for record in reply.records if record not in damaged.records] == []
        assert reply.problem is not None or damaged.whole
        assert reply.repairs or not damaged.whole or len(reply.records) < len(damaged.records)

    assert recovered[False] <= 0.01 * recovered.total(), recovered


def test_more_than_five_hundred_replies_are_damaged() -> None:
    assert EACH * len(KINDS) > 500


def test_a_sound_reply_needs_no_repair() -> None:
    some = records(random.Random(1))
    reply = read_reply(dumped(some), SCHEMA)

    assert (list(reply.records), reply.repairs, reply.problem) == (some, (), None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("I could not find any.", "not JSON"),
        ("", "not JSON"),
        ("See [p. 3] and {x}.", "not JSON"),
        (
            '{"facts": [{"fact": "a", "quote": "b"}]}',
            "in record 1, at $: 'page' is a required property",
        ),
        ('{"facts": [{"fact": "a", "quote": "b", "page": "three"}]}', "$.page"),
        ('{"facts": "a"}', "at $.facts"),
        ('{"facts": [{"fact": "a", "quote": "b", "page": 1}, {"fact": ', "breaks off"),
        ('{"facts": [{"fact": "a", "fact": "b", "quote": "b", "page": 1}]}', "twice"),
        ('{"facts": [{"fact": "a", "quote": "b", "page": NaN}]}', "NaN"),
        ('{"facts": [{"fact": "a", "quote": , "page": 1}]}', "guess"),
        ("[" * 5000, "not JSON"),
    ],
)
def test_what_is_wrong_is_said(text: str, said: str) -> None:
    with pytest.raises(ReplyError, match=r"^the reply ") as caught:
        parse_reply(text, SCHEMA)

    assert said in str(caught.value)


def test_the_sound_records_beside_a_misfit_are_there_and_the_misfit_is_named() -> None:
    sound = {"fact": "a", "quote": "b", "page": 1}
    reply = read_reply(json.dumps({"facts": [sound, {"fact": "c"}, sound | {"fact": "d"}]}), SCHEMA)

    assert [record["fact"] for record in reply.records] == ["a", "d"]
    assert (
        reply.problem == "does not fit the schema in record 2, at $: 'quote' is a required property"
    )


def test_a_field_that_the_schema_does_not_know_is_left_out_by_name() -> None:
    reply = read_reply('{"facts": [{"fact": "a", "quote": "b", "page": 1, "x": 2}]}', SCHEMA)

    assert reply.records == ({"fact": "a", "quote": "b", "page": 1},)
    assert reply.repairs == ("the unknown field `x` is left out",)


def test_a_mended_string_does_not_become_a_field() -> None:
    reply = read_reply('{"name": "He said ", "no": "never", "page": 3,}', ONE)

    assert reply.records == ()
    assert reply.problem == "cannot be read: fields would have to be guessed"


def test_of_single_objects_the_last_counts() -> None:
    reply = read_reply('{"name": "draft"}\nBetter:\n{"name": "final", "page": "7"}', ONE)

    assert reply.records == ({"name": "final", "page": 7},)
    assert "2 objects are joined" in reply.repairs


@pytest.mark.parametrize("text", ['{"facts": [{"fact": ' * 5_000, "{" * 50_000, '{"' * 20_000])
def test_brackets_that_are_never_closed_are_no_trap(text: str) -> None:
    reply = read_reply(text, SCHEMA)  # would take hours, were each bracket followed to the end

    assert reply.problem is not None
    assert reply.records == ()


@given(st.text() | st.text('{}[]":,\\ a1\n', max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    reply = read_reply(text, SCHEMA)

    assert reply.records == () or reply.problem or reply.repairs or json.loads(text)
