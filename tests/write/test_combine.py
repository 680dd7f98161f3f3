import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.core.documents import Document
from tasks.core.outputs import Citation, CitationStatus, Covered, Passage, Record, Silent
from tasks.core.reports import Characters
from tasks.write.combine import combined, named_apart, told_apart
from tasks.write.formats import FORMATS, render
from tasks.write.json import render_json
from tasks.write.tables.grid import records_grid
from tests.write.made import OUTPUT, a_source, an_output, placed
from tests.write.test_inert import MARKDOWN

RENT = Citation(quote="rent is due", status=CitationStatus.FOUND, cited_page=1, page=1)
TERM = Citation(quote="five years", status=CitationStatus.NOT_FOUND)
HIDDEN = Citation(quote="not shown", status=CitationStatus.FOUND)
BODIES = ("# A\n\nThe “rent is due” [p. 1].\n\n```\nopen", "B. It is “five years” long.\n")
FIRST = an_output(BODIES[0], citations=(*placed(BODIES[0], RENT), HIDDEN), records=None)
SECOND = an_output(BODIES[1], citations=placed(BODIES[1], TERM), records=None, flaws=("Odd.",))
SOURCES = a_source(), a_source(name="lease.pdf", identity="2", characters=Characters(read=10))
PARTS = named_apart(zip((FIRST, SECOND), SOURCES, strict=True))


def test_each_document_stands_under_a_name_of_its_own_after_an_index() -> None:
    output, source = combined(PARTS, identity="all")

    assert output.documents == ("lease.pdf", "lease.pdf (2)")
    assert output.body.startswith("| Document | Coverage | Citations | Output |\n")
    assert "# lease.pdf\n\n## A\n\n" in output.body
    assert "\n```\n\n# lease.pdf (2)\n\nB. It" in output.body
    assert (source.name, source.stem, source.characters.read) == (
        "2 documents",
        "all-documents",
        120,
    )


def test_what_was_mended_is_told_of_the_document_that_it_was_mended_in() -> None:
    mended = replace(PARTS[1], output=replace(SECOND, repairs=("Part 1: a comma.",)))
    output, _ = combined((PARTS[0], mended), identity="all")

    assert output.repairs == ("lease.pdf (2): Part 1: a comma.",)


def test_sums_stay_those_of_their_documents_and_all_votes_count() -> None:
    covered = tuple(Covered(start=n, end=n + 1, answer_key=f"k{n}") for n in range(3))
    record = Record(fields=(), agreement=0.5)
    few = replace(FIRST, totals=(("fee", "EUR 1.50"),), agreement=0.5, records=(record,))
    many = replace(SECOND, totals=(("fee", "EUR 2"),), agreement=0.9, covered=covered)
    parts = named_apart(zip((few, many, SECOND), (*SOURCES, SOURCES[0]), strict=True))

    output, source = combined(parts, identity="all")

    told = json.loads(render_json(output, source))
    assert told["totals"] == {"lease.pdf: fee": "EUR 1.50", "lease.pdf (2): fee": "EUR 2"}
    assert told["agreement"] == pytest.approx((0.5 + 3 * 0.9) / 4)
    assert combined(PARTS, identity="all")[0].agreement is None


def test_what_a_part_does_not_speak_of_is_told_of_its_document() -> None:
    silent = replace(
        PARTS[1], output=replace(SECOND, silent=(Silent(start=0, end=9, part="1 of 1"),))
    )
    output, _ = combined((PARTS[0], silent), identity="all")

    assert [(s.part, s.document) for s in output.silent] == [("1 of 1", "lease.pdf (2)")]


def test_a_number_makes_no_name_that_another_document_has() -> None:
    assert told_apart(["a", "a (2)", "a", "b"]) == ("a", "a (2)", "a (3)", "b")


@given(st.lists(st.sampled_from(["a", "a (2)", "a (3)", "a (2) (2)"]), max_size=9))
def test_no_two_documents_have_one_name(names: list[str]) -> None:
    assert len(set(told_apart(names))) == len(names)


def test_citations_keep_their_words_and_know_their_document() -> None:
    output, _ = combined(PARTS, identity="all")
    shown = [output.body[c.body_start : c.body_end] for c in output.citations if c.body_end]

    assert shown == ["“rent is due” [p. 1]", "“five years”"]
    assert [c.document for c in output.citations] == ["lease.pdf", "lease.pdf", "lease.pdf (2)"]
    assert {gap.document for gap in output.gaps} == set(output.documents)


def test_what_is_amiss_with_a_document_and_what_is_missing_is_said_first() -> None:
    output, _ = combined(PARTS, identity="all", missing=[("gone.pdf", "damaged")])

    assert output.flaws == ("gone.pdf is not in here: damaged", "lease.pdf (2): Odd.")


def test_records_of_all_are_one_table_with_their_document() -> None:
    record = Record(fields=(("name", "Rent"),), sources=(Passage(start=0, end=4, page=1),))
    parts = named_apart((replace(OUTPUT, records=(record,)), source) for source in SOURCES)
    grid = records_grid(combined(parts, identity="all")[0])

    assert grid.columns[:2] == ("Document", "Name")
    assert [row[:2] for row in grid.rows] == [("lease.pdf", "Rent"), ("lease.pdf (2)", "Rent")]


def test_every_format_can_show_it() -> None:
    output, source = combined(PARTS, identity="all")
    texts = {name: Document(digest="d", text="the rent is due") for name in output.documents}

    for fmt in FORMATS:
        assert render(output, replace(source, documents=texts), fmt)


@given(st.lists(MARKDOWN, min_size=1, max_size=3))
def test_any_bodies_can_be_combined(bodies: list[str]) -> None:
    parts = named_apart((an_output(body, citations=()), a_source()) for body in bodies)

    assert combined(parts, identity="x")[0].body.count("# lease.pdf") >= len(bodies)
