import io
from datetime import datetime
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from tasks.core.documents import Document
from tasks.core.outputs import Citation, CitationStatus, Conflict, Output, Passage, Record, Variant
from tasks.write.tables.xlsx import render_xlsx
from tests.write.made import SOURCE, a_source, an_output

RENT = Record(
    fields=(("party", "Acme"), ("sum_due", 1250.5), ("due", "2024-05-01"), ("signed", True)),
    pages=(2, 4),
    sources=(Passage(start=0, end=9, page=2, quote="Acme  pays"), Passage(start=10, end=20)),
    conflicts=(
        Conflict(
            field="sum_due",
            variants=(
                Variant(value=1250.5, sources=(Passage(start=0, end=9, page=2),)),
                Variant(value=1300, sources=(Passage(start=30, end=39, page=4),)),
            ),
        ),
    ),
    agreement=0.75,
)
ACTING = ("=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x","y")', "https://x.y")


def opened(output: Output) -> Workbook:
    return load_workbook(io.BytesIO(render_xlsx(output, SOURCE)))


def rows(book: Workbook, name: str) -> list[tuple[object, ...]]:
    return [tuple(cell.value for cell in row) for row in book[name].iter_rows()]


def records(*values: Record) -> Output:
    return an_output("text", records=tuple(values))


def test_a_record_is_a_row_with_typed_cells_and_its_evidence() -> None:
    book = opened(an_output("text", records=(RENT,)))

    assert rows(book, "Records") == [
        ("Party", "Sum due", "Due", "Signed", "Pages", "Sources", "Conflicts", "Agreement"),
        (
            "Acme",
            1250.5,
            datetime(2024, 5, 1),  # noqa: DTZ001 - cells have no zone
            True,
            "2, 4",
            "p. 2: “Acme pays”\ncharacters 10–20",
            "Sum due: 1250.5 (p. 2) / 1300 (p. 4)",
            0.75,
        ),
    ]
    assert rows(book, "Conflicts")[1:] == [
        (1, "Sum due", 1250.5, "shown", "p. 2: characters 0–9"),
        (1, "Sum due", 1300, None, "p. 4: characters 30–39"),
    ]


def test_the_header_is_frozen_and_repeats_on_paper() -> None:
    sheet = opened(an_output("text", records=(RENT,)))["Records"]

    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:H2"
    assert sheet.print_title_rows == "$1:$1"


def test_text_is_never_a_formula_or_a_link() -> None:
    output = an_output(
        "text", title="=1+1", records=(Record(fields=tuple(zip("abcdefg", ACTING, strict=True))),)
    )
    data = render_xlsx(output, a_source(name="=2+2"))
    cells = [
        c for sheet in load_workbook(io.BytesIO(data)) for row in sheet.iter_rows() for c in row
    ]

    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert not [cell for cell in cells if cell.hyperlink]
    assert all(
        c.quotePrefix for c in cells if str(c.value).lstrip().startswith(("=", "+", "-", "@"))
    )
    with ZipFile(io.BytesIO(data)) as package:
        assert not any(
            b"<f>" in package.read(n) or b"External" in package.read(n) for n in package.namelist()
        )


def test_an_output_of_text_gives_the_table_of_its_citations() -> None:
    citations = (
        Citation(
            quote="due monthly",
            status=CitationStatus.APPROXIMATE,
            cited_page=3,
            page=2,
            start=4,
            end=13,
        ),
        Citation(quote="never said", status=CitationStatus.NOT_FOUND),
    )
    source = a_source(documents={"": Document(digest="d", text="The rent  is due.")})
    output = an_output("text", records=None, citations=citations)
    book = load_workbook(io.BytesIO(render_xlsx(output, source)))

    assert book.sheetnames == ["Citations", "About"]
    assert rows(book, "Citations")[1:] == [
        (1, "approximate", "lease.pdf", 3, 2, "due monthly", "rent  is "),
        (2, "not found", "lease.pdf", None, None, "never said", None),
    ]


def test_what_is_amiss_stands_on_the_sheet_about_the_output() -> None:
    told = rows(opened(an_output("text", flaws=("Page 3 is missing.",))), "About")

    assert ("Title", "Summary of the lease") in told
    assert ("Not covered", "Pages 3–4: the provider refused it") in told
    assert ("Note", "Page 3 is missing.") in told


@pytest.mark.parametrize("value", [10**20, float("inf"), float("nan"), "x" * 40_000, "2024-13-45"])
def test_what_a_cell_cannot_hold_is_text(value: object) -> None:
    (_, (shown, *_)) = rows(opened(records(Record(fields=(("a", value),)))), "Records")  # type: ignore[arg-type]

    assert isinstance(shown, str)
    assert shown.startswith(str(value)[:20])
    assert shown.endswith(("whole]", "45", "inf", "nan", "0"))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)


@settings(max_examples=60)
@given(st.lists(st.dictionaries(st.text(max_size=8), JSON, max_size=4), max_size=4))
def test_any_records_give_a_workbook_that_opens(fields: list[dict[str, object]]) -> None:
    found = tuple(Record(fields=(*each.items(), ("id", 1))) for each in fields)  # type: ignore[arg-type]

    assert len(rows(opened(records(*found)), "Records")) == len(fields) + 1
