import json
from dataclasses import replace
from typing import Any

from tasks.core.answers import Answer
from tasks.core.capacity import Window
from tasks.core.documents import Document, Page
from tasks.core.outputs import Output
from tasks.merge.merge import merge
from tasks.merge.merged import Merged, advance
from tasks.merge.output import build_output
from tests.merge.building import answer, document, recipe

SOURCE = document("Fee: 4,200", "Due: May 1", "Ends: 2027")


def output(
    merged: Merged, answers: list[Answer], way: str = "reduce", source: Document = SOURCE
) -> Output:
    return build_output(
        merged, answers, documents={"": source}, recipe=recipe(way), title="t", model="m"
    )


def merged_by_code(answers: list[Answer], way: str) -> Output:
    merged = advance(merge(answers, recipe(way), {"": SOURCE}, window=Window(9_000)))
    assert isinstance(merged, Merged)
    return output(merged, answers, way)


def test_covers_what_is_answered_and_names_the_rest() -> None:
    answers = [answer(1, "a"), answer(2, "half", failure="cut at maxTokens"), answer(3, "c")]

    out = output(Merged(body="ac"), answers)

    assert [(c.start, c.end, c.answer_key) for c in out.covered] == [
        (0, 10, "k1"),
        (20, 30, "k3"),
    ]
    assert [(g.start, g.end, g.reason) for g in out.gaps] == [(10, 20, "cut at maxTokens")]
    assert any("page 2" in flaw and "cut at maxTokens" in flaw for flaw in out.flaws)


def test_pages_that_could_not_be_read_are_named() -> None:
    pages = (Page(number=1, start=0, end=4), Page(number=2, start=4, end=4, problem="needs OCR"))
    source = Document(digest="d", text="Fee.", pages=pages)

    out = output(Merged(body="Fee."), [answer(1, "Fee.", total=1)], source=source)

    assert any("page 2" in flaw and "needs OCR" in flaw for flaw in out.flaws)


def test_a_source_that_was_not_all_read_makes_the_output_partial() -> None:
    source = replace(SOURCE, unread=("its attachment a.pdf was not read: it is broken.",))
    out = output(Merged(body="Fee."), [answer(1, "Fee.")], source=source)

    assert out.flaws == (
        "This output is partial: its attachment a.pdf was not read: it is broken.",
    )


def test_records_bear_the_citations_of_their_quotes() -> None:
    good: dict[str, Any] = {"facts": [{"fact": "Fee: 4,200", "quote": "Fee: 4,200", "page": 1}]}

    out = merged_by_code([answer(1, json.dumps(good)), answer(2, None, failure="odd")], "records")

    assert len(out.records or ()) == 1
    assert [(c.page, c.start, c.end) for c in out.citations] == [(1, 0, 10)]
    assert [out.body[c.body_start : c.body_end] for c in out.citations] == ["Fee: 4,200"]
    assert len(out.gaps) == 1


def test_a_records_quote_that_the_source_lacks_is_marked_in_the_table() -> None:
    made_up = {"facts": [{"fact": "a", "quote": "The Supplier owes a million", "page": 1}]}

    out = merged_by_code([answer(1, json.dumps(made_up), total=1)], "records")

    assert "The Supplier owes a million *(quote not found in the source)*" in out.body
    assert dict((out.records or ())[0].fields)["quote"] == "The Supplier owes a million"


def test_a_translation_is_not_searched_for_quotes() -> None:
    answers = [answer(1, "„Die Gebühr beträgt 4.200 Euro im Monat.“ “Nicht im Original so da”")]

    assert merged_by_code(answers, "concat").citations == ()


def test_what_could_not_be_read_is_a_flaw_and_what_was_mended_is_told() -> None:
    some = '```json\n{"facts": [{"fact": "a"},]}\n```'
    answers = [replace(answer(1, some, total=1), flaw="asked 2 times, the reply breaks off")]

    out = merged_by_code(answers, "records")

    assert [dict(record.fields) for record in out.records or ()] == [{"fact": "a"}]
    assert out.flaws == (
        "Part 1 of 1 (page 1) may lack records: asked 2 times, the reply breaks off.",
    )
    (told,) = out.repairs
    assert told.startswith("Part 1 of 1 (page 1): to read the reply, ")
    assert told.endswith("other text stood around it; its syntax is mended.")


def test_parts_that_say_nothing_are_counted_and_named() -> None:
    answers = [answer(1, "*NO RELEVANT INFORMATION.*"), answer(2, "A fee."), answer(3, None)]

    out = output(Merged(body="A fee."), answers)

    assert [(s.part, s.start, s.end, s.pages) for s in out.silent] == [("1 of 3", 0, 10, (1,))]
    assert len(out.covered) == 2


def test_records_that_are_an_empty_list_say_nothing_unless_one_of_the_answers_does() -> None:
    some = '{"facts": [{"fact": "a"}]}'
    answers = [
        answer(1, '{"facts": []}'),
        answer(2, '{"facts": []}', some),
        replace(answer(3, '{"facts": []}'), flaw="breaks off"),
    ]

    assert [s.part for s in merged_by_code(answers, "records").silent] == ["1 of 3"]


def test_each_quote_of_a_table_says_where_it_stands_in_it() -> None:
    facts = [
        {"fact": f"{n}", "quote": q} for n, q in enumerate(["Fee: 4,200", "a | b", "Due: May 1"])
    ]
    out = merged_by_code([answer(1, json.dumps({"facts": facts}), total=1)], "records")

    assert [out.body[c.body_start : c.body_end] for c in out.citations] == [
        "Fee: 4,200",
        "a \\| b",
        "Due: May 1",
    ]
