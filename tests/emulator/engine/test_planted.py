"""The scripted model: facts out, from the request's own text alone."""

import json
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tasks.emulator.engine.planted.facts import Fact, find_facts, united
from tasks.emulator.engine.planted.model import NOTHING, complete, read
from tasks.emulator.options import EmulatorOptions
from tasks.emulator.wire.requests import InferenceRequest, Message
from tests.emulator.conftest import client_of, post, stats_of, task
from tests.schemas import NUMBER, PAGE, SOME_TEXT, TEXT, listing

PAGES = """\
[p. 3]
Rain fell. Fact K-0001: The pump of hall 7 was
replaced on 3 May 2021. More rain fell.
[p. 4]
Fact K-0002 {party=Acme GmbH; amount=12.50}: Acme GmbH pays EUR 12.50
[p. 5]
a day. Fact K-0003: It ends in"""
FIRST = "Fact K-0001: The pump of hall 7 was replaced on 3 May 2021."
SECOND = "Fact K-0002 {party=Acme GmbH; amount=12.50}: Acme GmbH pays EUR 12.50 a day."
SCHEMA = listing(
    "facts",
    {
        "fact": SOME_TEXT,
        "kind": {"enum": ["amount", "other"]},
        "quote": SOME_TEXT,
        "page": PAGE,
        "party": {"type": ["string", "null"]},
        "amount": NUMBER,
        "tags": {"type": "array", "items": TEXT},
    },
    *("fact", "kind", "quote", "page", "party"),
)


def asked(*contents: str, system: str = "", **settings: Any) -> InferenceRequest:
    """Make a request of turns by the user and the model in alternation."""
    turns = [Message(("user", "assistant")[n % 2], text) for n, text in enumerate(contents)]
    return InferenceRequest(messages=tuple(turns), system_prompt=system or None, **settings)


def source(text: str, name: str = "source") -> str:
    return f"<{name}-0123456789abcdef>\n---\n{text}\n</{name}-0123456789abcdef>"


def answer(request: InferenceRequest) -> str:
    return complete(request, read(request).facts)[0].text


def test_quotes_every_whole_fact_with_its_page() -> None:
    assert answer(asked(source(PAGES))) == f"- “{FIRST}” [p. 3]\n- “{SECOND}” [p. 4]"


def test_of_several_documents_it_names_the_one_that_it_quotes() -> None:
    texts = {"a b.pdf": f"[p. 3]\n{FIRST}", "notes.md": f"[¶ 7]\n{SECOND}", "c.txt": FIRST}
    answers = [
        answer(asked(source(text).replace("---", f"document: {name}\n---")))
        for name, text in texts.items()
    ]

    assert answer(asked("\n".join(map(source, answers)))) == (
        f"- “{FIRST}” [a b.pdf, p. 3] [c.txt]\n- “{SECOND}” [notes.md, ¶ 7]"
    )


def test_a_fact_that_a_border_has_cut_is_not_seen() -> None:
    border = PAGES.index("hall")

    assert [f.key for f in find_facts(PAGES[:border])] == []
    assert [f.key for f in find_facts(PAGES[border:])] == ["K-0002"]


def test_neighbouring_text_is_not_quoted() -> None:
    message = f"{source(FIRST, 'context')}\n{source(SECOND)}"

    assert answer(asked(message)) == f"- “{SECOND}”"


def test_merging_unites_what_the_answers_state() -> None:
    again = "Fact K-0001: The pump of hall 7 was replaced on 4 May 2021."
    message = "\n".join(
        source(text)
        for text in (f"- “{FIRST}” [p. 3]\n- “{again}” [p. 3]", f"- “{SECOND}”\n- “{FIRST}” [p. 9]")
    )
    request = asked(message)

    assert read(request).merging
    assert answer(request) == f"- “{FIRST}” [p. 3] [p. 9]\n- “{again}” [p. 3]\n- “{SECOND}”"


def test_a_merge_without_fences_is_one_all_the_same() -> None:
    request = asked(f"Merge these:\n- “{FIRST}”\n\n- “{SECOND}”\n")

    assert answer(request) == f"- “{FIRST}”\n- “{SECOND}”"


def test_json_fits_the_schema_and_is_filled_from_the_fact() -> None:
    prompt = f"Answer by this:\n```json\n{json.dumps(SCHEMA)}\n```"
    told = json.loads(answer(asked(source(PAGES), system=prompt)))

    Draft202012Validator(SCHEMA).validate(told)
    assert [fact["quote"] for fact in told["facts"]] == [FIRST, SECOND]
    assert told["facts"][1] | {"fact": ""} == {
        "fact": "",
        "kind": "other",
        "quote": SECOND,
        "page": 4,
        "party": "Acme GmbH",
        "amount": 12.5,
        "tags": [told["facts"][1]["tags"][0]],
    }
    assert json.loads(answer(asked("Nothing.", system=prompt))) == {"facts": []}


def test_asked_what_it_missed_it_gives_the_rest() -> None:
    request = asked(source(PAGES), f"- “{FIRST}” [p. 3]", "What did you miss?")

    assert answer(request) == f"- “{SECOND}” [p. 4]"


def test_asked_again_it_gives_the_whole_answer_again() -> None:
    request = asked(source(PAGES), f"- “{FIRST}” [p. 3]", "That does not fit the schema.")

    assert answer(request) == answer(asked(source(PAGES)))


@pytest.mark.parametrize(
    ("system", "told"),
    [("", NOTHING), ("Else: NO RELEVANT INFORMATION", "NO RELEVANT INFORMATION")],
)
def test_says_so_where_nothing_is_planted(system: str, told: str) -> None:
    assert answer(asked("Rain fell.", system=system)) == told


def test_is_cut_at_max_tokens() -> None:
    request = asked(source(PAGES), max_tokens=40)
    [completion] = complete(request, read(request).facts)

    assert completion.finish_reason == "length"
    assert completion.completion_tokens <= 40


facts = st.builds(
    Fact,
    key=st.integers(0, 9999).map("K-{:04}".format),
    statement=st.text("abc 019", min_size=1, max_size=30).map(lambda s: f"It is {s.strip()}x."),
    marks=st.sets(
        st.builds(
            "{}{} {}".format,
            st.sampled_from(["", "b c.pdf, ", "a.md, "]),
            st.sampled_from(["p.", "¶"]),
            st.integers(1, 999),
        ),
        max_size=3,
    ).map(tuple),
)


@given(st.lists(facts, max_size=8))
def test_any_number_of_merges_keeps_all_facts_once(planted: list[Fact]) -> None:
    known = united(planted)
    text = "\n".join(fact.to_line() for fact in known)

    again = united(find_facts(text))

    assert [f.to_line() for f in again] == [" ".join(f.to_line().split()) for f in known]


def planted(**changes: Any) -> httpx.AsyncClient:
    return client_of(EmulatorOptions(engine="planted", **changes))


MANY = " ".join(f"Fact K-{n:04}: The fee of item {n} is EUR {n}0." for n in range(1000))
"""Of each fault 200 of 1,000 facts are hit, give or take."""


@pytest.mark.parametrize(
    ("fault", "stated", "true"),
    [
        ("misses", range(750, 850), range(750, 850)),
        ("duplicates", range(1150, 1250), range(1150, 1250)),
        ("contradictions", range(1150, 1250), range(1000, 1001)),
        ("paraphrases", range(1000, 1001), range(750, 850)),
    ],
)
async def test_slips_on_so_many_facts(fault: str, stated: range, true: range) -> None:
    async with planted(faults=({"fault": fault, "facts": 0.2},)) as client:
        body = await post(client, task(messages=[{"role": "user", "content": MANY}]))
        again = await client.post("/v1/chat/completions", json=chat(MANY))
        fired = (await stats_of(client))["faults_fired"]

    lines = body["data"][0]["text"].splitlines()
    original = {fact.to_line() for fact in find_facts(MANY)}
    assert len(lines) in stated
    assert sum(line in original for line in lines) in true
    assert fired == {fault: 2}
    assert again.status_code == 200


def chat(content: str) -> dict[str, Any]:
    return {"model": "minimax-m2-7", "messages": [{"role": "user", "content": content}]}


@pytest.mark.parametrize(("at", "hit"), [("map", [True, False]), ("merge", [False, True])])
async def test_slips_where_it_is_told_to(at: str, hit: list[bool]) -> None:
    async with planted(faults=({"fault": "misses", "facts": 1, "at": at},)) as client:
        texts = [
            (await post(client, task(n, messages=[{"role": "user", "content": text}])))
            for n, text in enumerate([FIRST, f"- “{FIRST}”"])
        ]

    assert [FIRST not in body["data"][0]["text"] for body in texts] == hit


async def test_both_endpoints_answer_alike_and_the_same_slips_come_again() -> None:
    async with (
        planted(faults=({"fault": "misses"},)) as one,
        planted(faults=({"fault": "misses"},)) as other,
    ):
        native = await post(one, task(messages=[{"role": "user", "content": MANY}]))
        chats = (await other.post("/v1/chat/completions", json=chat(MANY))).json()

    assert native["data"][0]["text"] == chats["choices"][0]["message"]["content"]


async def test_a_schema_may_come_as_the_response_format() -> None:
    schema = {"type": "object", "required": ["all"], "properties": {"all": {"type": "string"}}}
    wanted = {"type": "json_schema", "json_schema": {"name": "facts", "schema": schema}}
    async with planted() as client:
        asked = chat(f"{FIRST} {SECOND}") | {"response_format": wanted}
        told = (await client.post("/v1/chat/completions", json=asked)).json()
        bad = asked | {"response_format": {"type": "json_schema", "json_schema": {}}}
        refused = await client.post("/v1/chat/completions", json=bad)

    answer = json.loads(told["choices"][0]["message"]["content"])
    assert answer == {"all": f"- “{FIRST}”\n- “{SECOND}”"}
    assert refused.status_code == 400


async def test_a_window_of_its_own_is_kept() -> None:
    async with planted(window_tokens=2_000, overflow="clamp") as client:
        short = await client.post("/v1/chat/completions", json=chat(FIRST))
        long = await client.post("/v1/chat/completions", json=chat(MANY))

    assert (short.status_code, long.status_code) == (200, 400)
    assert "2000 tokens" in long.text
