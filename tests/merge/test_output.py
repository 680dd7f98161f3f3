import json
from typing import Any

from tasks.core.documents import Answer, Document, Output, Page
from tasks.merge.output import (
    NOTHING_FOUND,
    Merged,
    build_output,
    fitting,
    merge_by_code,
    merge_of_tree,
    unmerged,
)
from tasks.merge.reduce import partials
from tests.merge.building import answer, document, recipe

SOURCE = document("Fee: 4,200", "Due: May 1", "Ends: 2027")


def output(
    merged: Merged, answers: list[Answer], merge: str = "reduce", source: Document = SOURCE
) -> Output:
    return build_output(
        merged, answers, document=source, recipe=recipe(merge), title="t", model="m"
    )


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


def test_a_tree_that_cannot_be_finished_makes_no_claim_about_the_whole() -> None:
    answers = [answer(1, "a", total=2), answer(2, "b", total=2)]

    merged = merge_of_tree(partials(answers), answers)

    assert merged.flaw is not None
    assert merged == unmerged(answers, "the answers are too long to be merged within the window")
    assert output(merged, answers).flaws == (merged.flaw,)


def test_nothing_relevant_anywhere_is_said_by_code() -> None:
    answers = [answer(1, "NO RELEVANT INFORMATION", total=1)]

    assert merge_of_tree(partials(answers), answers).body == NOTHING_FOUND


def test_a_reply_that_does_not_fit_the_schema_is_a_failed_part() -> None:
    good: dict[str, Any] = {"facts": [{"fact": "Fee: 4,200", "quote": "Fee: 4,200", "page": 1}]}
    answers = fitting([answer(1, json.dumps(good)), answer(2, "Sorry.")], recipe("records"))

    merged = merge_by_code(answers, recipe("records"))
    out = output(merged, list(answers), "records")

    assert answers[1].failure is not None
    assert answers[1].result is not None  # paid for all the same
    assert len(out.records or ()) == 1
    assert [citation.page for citation in out.citations] == [1]
    assert len(out.gaps) == 1


def test_a_records_quote_that_the_source_lacks_is_marked_in_the_table() -> None:
    made_up = {"facts": [{"fact": "a", "quote": "The Supplier owes a million", "page": 1}]}
    answers = [answer(1, json.dumps(made_up), total=1)]

    out = output(merge_by_code(answers, recipe("records")), answers, "records")

    assert "The Supplier owes a million *(quote not found in the source)*" in out.body
    assert dict((out.records or ())[0].fields)["quote"] == "The Supplier owes a million"


def test_a_translation_is_not_searched_for_quotes() -> None:
    answers = [answer(1, "„Die Gebühr beträgt 4.200 Euro im Monat.“ “Nicht im Original so da”")]

    assert output(merge_by_code(answers, recipe("concat")), answers, "concat").citations == ()
