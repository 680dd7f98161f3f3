import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prompts.library import Recipe
from tasks.core.answers import Answer, Result
from tasks.core.codec import to_json
from tasks.core.outputs import Record
from tasks.merge.unite import united
from tests.merge.building import answer, document, items, recipe, records_of, without_pages
from tests.schemas import NUMBER, TEXT

SOURCE = document(
    "Acme Ltd. owes EUR 900. ", "ACME Limited owes EUR 950. ", "Beta GmbH owes EUR 1,200.50. "
)
PARTIES = records_of(
    {"name": TEXT, "sum": TEXT, "due": TEXT, "quote": TEXT, "page": NUMBER},
    key=("name",),
    total=("sum",),
    sort=("due",),
)


def facts(*fields: dict[str, Any]) -> str:
    return json.dumps({"facts": fields})


def unite(answers: list[Answer], asked: Recipe = PARTIES) -> tuple[Record, ...]:
    return united(answers, asked, {"": SOURCE}).records or ()


ANSWERS = [
    answer(1, items({"name": "Acme Ltd.", "sum": "EUR 900", "quote": "Acme Ltd. owes EUR 900",
                     "page": 1})),
    answer(2, items({"name": "ACME Limited", "sum": "EUR 950", "due": "2024-02-01", "page": 2,
                     "quote": "ACME Limited owes EUR 950"})),
    answer(3, items({"name": "Beta GmbH", "sum": "EUR 1,200.50", "due": "5 January 2024",
                     "page": 3})),
]  # fmt: skip


def test_records_of_one_entity_become_one_with_all_its_sources() -> None:
    beta, acme = unite(ANSWERS)

    assert (dict(beta.fields)["name"], beta.pages) == ("Beta GmbH", (3,))
    assert acme.pages == (1, 2)
    assert [(s.page, SOURCE.text[s.start : s.end]) for s in acme.sources] == [
        (1, "Acme Ltd. owes EUR 900"),
        (2, "ACME Limited owes EUR 950"),
    ]


def test_values_that_differ_are_kept_with_their_sources_and_shown() -> None:
    acme = unite(ANSWERS)[1]

    conflict = next(c for c in acme.conflicts if c.field == "sum")
    assert [(v.value, [s.page for s in v.sources]) for v in conflict.variants] == [
        ("EUR 900", [1]),
        ("EUR 950", [2]),
    ]
    assert "EUR 900 *(also: EUR 950 [p. 2])*" in united(ANSWERS, PARTIES, {"": SOURCE}).body


def test_of_a_source_without_pages_a_record_names_the_paragraphs_of_its_quotes() -> None:
    source = without_pages("Rent is quiet.", "Acme Ltd. owes EUR 900.", "Acme Ltd. owes EUR 950.")
    answers = [
        answer(
            1, items({"name": "Acme Ltd.", "sum": "EUR 900", "quote": "Acme Ltd. owes EUR 900"})
        ),
        answer(
            2, items({"name": "Acme Ltd.", "sum": "EUR 950", "quote": "Acme Ltd. owes EUR 950"})
        ),
        answer(3, items({"name": "Beta", "sum": "EUR 1", "quote": "never said"})),
    ]

    merged = united(answers, PARTIES, {"": source})

    beta, acme = merged.records or ()
    assert [s.place for s in (*acme.sources, *beta.sources)] == ["¶ 2", "¶ 3", ""]
    assert "EUR 900 *(also: EUR 950 [¶ 3])*" in merged.body
    second, first = merged.body.splitlines()[2:4]
    assert first.endswith("| Acme Ltd. owes EUR 900 | ¶ 2 |")
    assert second.endswith("*(quote not found in the source)* |  |")


def test_the_value_that_most_sources_have_is_the_one_shown() -> None:
    third = answer(3, items({"name": "Acme, Ltd", "sum": "EUR 950.00"}))

    (acme,) = unite([*ANSWERS[:2], third])

    assert dict(acme.fields)["sum"] == "EUR 950.00"


def test_sums_are_exact_and_say_what_is_not_in_them() -> None:
    odd = answer(2, items({"name": "Gamma", "sum": "some"}, {"name": "Delta", "sum": "USD 5"}))

    merged = united([*ANSWERS, odd], PARTIES, {"": SOURCE})

    ((name, total),) = merged.totals
    assert (name, total.partition(" (")[0]) == ("sum", "EUR 2,100.50; USD 5")
    assert "1 of 4 values are not numbers" in total
    assert "the sources of 1 of the values differ" in total
    assert "- **Sum, total:** EUR 2,100.50" in merged.body


def test_records_are_sorted_by_what_their_values_mean() -> None:
    days = ["2024-02-01", "5 January 2024", "", "03.01.2024", "no day"]
    spoken = [answer(1, items(*({"name": f"N{n}", "due": d} for n, d in enumerate(days))))]

    assert [dict(r.fields)["due"] for r in unite(spoken)] == [
        "03.01.2024", "5 January 2024", "2024-02-01", "no day", "",
    ]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_order_of_arrival_changes_not_a_byte(data: st.DataObject) -> None:
    names = [
        "Acme Ltd.",
        "ACME Limited",
        "Acme",
        "Acme AG",
        "J. Smith",
        "John Smith",
        "Jane Smith",
        "Smith",
        "Pump 12",
        "Pump 13",
        "IBM",
        "International Business Machines",
        "",
    ]
    one = st.fixed_dictionaries(
        {"name": st.sampled_from(names), "sum": st.sampled_from(["1", "2", "EUR 3", ""])},
        optional={"quote": st.sampled_from(["Acme Ltd. owes", "owes EUR 950", "not there"])},
    )
    lists = data.draw(st.lists(st.lists(one, max_size=4), min_size=1, max_size=6))
    answers = [answer(n, items(*some), total=len(lists)) for n, some in enumerate(lists, 1)]
    shuffled = data.draw(st.permutations(answers))

    merged, again = (united(some, PARTIES, {"": SOURCE}) for some in (answers, shuffled))

    assert [to_json(r) for r in merged.records or ()] == [to_json(r) for r in again.records or ()]
    assert merged == again


def test_without_a_key_only_what_says_the_same_is_one() -> None:
    spoken = [
        answer(1, facts({"fact": "The fee is 4,200.", "page": 1})),
        answer(2, facts({"fact": "the  fee is 4,200", "page": 2}, {"fact": "It ends in May."})),
    ]

    first, second = unite(spoken, recipe("records"))

    assert (first.pages, first.conflicts) == ((1, 2), ())
    assert dict(second.fields)["fact"] == "It ends in May."


def test_records_without_a_name_are_not_taken_for_one() -> None:
    assert len(unite([answer(1, items({"name": "", "sum": "1"}, {"name": "", "sum": "2"}))])) == 2


def test_a_page_that_the_part_does_not_have_is_not_believed() -> None:
    assert unite([answer(2, facts({"fact": "a", "page": 99}))], recipe("records"))[0].pages == (2,)


def test_a_cell_cannot_break_its_table() -> None:
    spoken = [answer(1, facts({"fact": "a | b\nc", "quote": "`x`"}))]

    table = united(spoken, recipe("records"), {"": SOURCE}).body.splitlines()

    assert len(table) == 3
    assert table[2].replace("\\|", "").count("|") == table[0].count("|")


@pytest.mark.parametrize(
    ("votes", "fields", "agreement"),
    [
        ((("Acme", "1"), ("Acme", "1"), ("Acme", "2")), ("Acme", "1"), 5 / 6),
        ((("Acme", "1"), ("Acme", "2"), ("Acme", "2")), ("Acme", "2"), 5 / 6),
        ((("Acme", "1"), ("Acme", "1"), None), ("Acme", "1"), 2 / 3),
        ((("Acme", "1"), ("Acme Ltd", "1.0"), ("ACME", "1")), ("Acme", "1"), 5 / 6),
        ((("Acme", "1"), None, None), None, None),
    ],
)
def test_several_answers_vote_on_records_field_by_field(
    votes: tuple[tuple[str, str] | None, ...],
    fields: tuple[str, str] | None,
    agreement: float | None,
) -> None:
    first, *rest = (items({"name": v[0], "sum": v[1]}) if v else items() for v in votes)

    records = unite([answer(1, first, *rest)])

    assert [tuple(dict(r.fields).values()) for r in records] == ([fields] if fields else [])
    assert [r.agreement for r in records] == ([pytest.approx(agreement)] if fields else [])


def test_what_was_gleaned_is_united_with_the_rest() -> None:
    late = Result(answer_key="g", text=items({"name": "Beta GmbH"}, {"name": "Acme Ltd"}))

    records = unite([replace(ANSWERS[1], gleaned=(late,))])

    assert [len(r.sources) for r in records] == [2, 1]
    assert dict(records[1].fields)["name"] == "Beta GmbH"


def test_quotes_in_the_table_know_where_they_stand() -> None:
    quotes = ("Acme Ltd. owes EUR 900", "ACME Limited owes EUR 950", "never | said")
    answers = [
        answer(n, items({"name": f"n{n}", "sum": "EUR 1", "due": str(n), "quote": quote}))
        for n, quote in enumerate(quotes, start=1)
    ]
    merged = united(answers, PARTIES, {"": SOURCE})

    assert [merged.body[c.body_start : c.body_end] for c in merged.citations] == [
        "Acme Ltd. owes EUR 900",
        "ACME Limited owes EUR 950",
        "never \\| said",
    ]


def test_a_cell_shows_a_few_of_many_values_that_differ() -> None:
    spoken = [
        answer(1, items(*({"name": "Acme", "sum": f"the {n}th sum " * 30} for n in range(6))))
    ]

    row = united(spoken, PARTIES, {"": SOURCE}).body.splitlines()[2]

    assert row.count("…") == 3
    assert "and 2 more" in row


def test_a_list_is_shown_in_words() -> None:
    asked = records_of({"name": TEXT, "aka": {"type": "array"}}, key=("name",))
    spoken = [answer(1, items({"name": "A", "aka": ["x", "y"]}, {"name": "B", "aka": []}))]

    assert "| A | x; y |\n| B |  |" in united(spoken, asked, {"": SOURCE}).body
