import itertools
import json

from prompts.schema import record_fields
from tasks.merge.records import records_table, unite
from tests.merge.building import FACTS, answer


def facts(*items: dict[str, object]) -> str:
    return json.dumps({"facts": items})


def test_the_same_record_comes_once_with_all_its_pages() -> None:
    answers = [
        answer(1, facts({"fact": "The fee is 4,200.", "page": 1})),
        answer(2, facts({"fact": "the  fee is 4,200.", "page": 2}, {"fact": "It ends in May."})),
    ]

    records = unite(answers, FACTS)

    assert [dict(record.fields)["fact"] for record in records] == [
        "The fee is 4,200.",
        "It ends in May.",
    ]
    assert records[0].pages == (1, 2)


def test_the_order_of_arrival_changes_nothing() -> None:
    answers = [answer(n, facts({"fact": f"f{n % 2}"}, {"fact": f"g{n}"})) for n in (1, 2, 3)]

    united = {unite(some, FACTS) for some in itertools.permutations(answers)}

    assert len(united) == 1


def test_a_page_that_the_part_does_not_have_is_not_believed() -> None:
    records = unite([answer(2, facts({"fact": "a", "page": 99}))], FACTS)

    assert records[0].pages == (2,)


def test_a_cell_cannot_break_its_table() -> None:
    records = unite([answer(1, facts({"fact": "a | b\nc", "quote": "`x`"}))], FACTS)

    table = records_table(records, record_fields(FACTS)).splitlines()

    assert len(table) == 3
    assert table[2].replace("\\|", "").count("|") == table[0].count("|")
