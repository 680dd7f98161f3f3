import csv
import io

import pytest

from tasks.core.outputs import Citation, CitationStatus, Conflict, Passage, Record, Variant
from tasks.write.tables.csv import inert, render_csv
from tests.write.made import SOURCE, an_output


def lines(**changes: object) -> list[list[str]]:
    data = render_csv(an_output("text", **changes), SOURCE)
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_records_are_rows_with_their_fields_in_the_order_of_the_first() -> None:
    found = (
        Record(fields=(("name", 'The "Rent"'), ("sum", 12.5), ("paid", False)), pages=(1, 2)),
        Record(fields=(("note", "a\nb"), ("name", "Fee"))),
    )

    assert lines(records=found) == [
        ["Name", "Sum", "Paid", "Note", "Pages", "Sources", "Conflicts"],
        ['The "Rent"', "12.5", "false", "", "1, 2", "", ""],
        ["Fee", "", "", "a\nb", "", "", ""],
    ]


def test_where_there_are_no_pages_the_paragraphs_of_a_record_are_named() -> None:
    sources = tuple(
        Passage(start=n, end=n + 9, paragraph=n, quote=f"quote {n}", document="a.md")
        for n in (12, 4, 12)
    )
    conflict = Conflict(field="sum", variants=(Variant(value=1, sources=sources), Variant(value=2)))
    found = Record(fields=(("sum", 1),), sources=sources[:2], conflicts=(conflict,))

    assert lines(records=(found,))[1] == [
        "1", "¶ 4, ¶ 12", "a.md, ¶ 12: “quote 12”\na.md, ¶ 4: “quote 4”",
        "Sum: 1 (¶ 4, ¶ 12) / 2",
    ]  # fmt: skip


def test_without_records_the_citations_are_the_rows() -> None:
    citation = Citation(quote="due", status=CitationStatus.FOUND, cited_page=2, page=2)

    assert lines(records=None, citations=(citation,))[1] == [
        "1", "found", "lease.pdf", "2", "2", "due", "",
    ]  # fmt: skip


def test_columns_of_one_name_are_told_apart() -> None:
    (head, _) = lines(records=(Record(fields=(("a_b", 1), ("a b", 2), ("pages", 3))),))

    assert head[:4] == ["A b", "A b (2)", "Pages", "Pages (2)"]


@pytest.mark.parametrize(
    "text", ["=1", "+1", "-1+2", "@A1", "\t=1", "  =1", "\n=1", "\uff1d1", "\r=1"]
)
def test_what_a_spreadsheet_would_run_is_text(text: str) -> None:
    assert inert(text) == f"'{text}"


def test_figures_stay_figures() -> None:
    assert [inert(value) for value in (-5, -1.5, None, True)] == [-5, -1.5, None, "true"]
