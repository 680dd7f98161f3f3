from tasks.core.documents import BlockKind, Document
from tasks.extract.limits import ExtractionLimits
from tests.extract.documents import read_docx
from tests.extract.docx.building import docx, p, part, r, row, table, tc


def read(body: str, **notes: str) -> Document:
    parts = {f"word/{kind}.xml": part(f"w:{kind}", inner) for kind, inner in notes.items()}
    links = {kind: f"{kind}.xml" for kind in notes}
    return read_docx(docx(body, parts=parts, **links), ExtractionLimits())


def test_a_table_is_one_block_with_its_first_row_as_header() -> None:
    document = read(p("Before") + table(["Item", "Fee"], ["Setup", "€ 900"]) + p("After"))

    assert [b.kind for b in document.blocks] == ["paragraph", "table", "paragraph"]
    assert document.text_of(document.blocks[1]) == (
        "| Item | Fee |\n| --- | --- |\n| Setup | € 900 |"
    )


def test_bars_are_escaped_and_lines_of_a_cell_joined() -> None:
    cell = p("a|b") + p("<w:r><w:t>c</w:t><w:br/><w:t>d</w:t></w:r>")

    assert read(table([cell, "x"])).text == "| a\\|b c d | x |\n| --- | --- |"


def test_merged_cells_come_once() -> None:
    body = (
        "<w:tbl>"
        + row(tc("wide", '<w:gridSpan w:val="2"/>'), tc("tall", '<w:vMerge w:val="restart"/>'))
        + row("a", "b", tc("<w:p/>", "<w:vMerge/>"))
        + "</w:tbl>"
    )

    assert read(body).text == "| wide |  | tall |\n| --- | --- | --- |\n| a | b |  |"


def test_a_row_that_starts_late_keeps_its_columns() -> None:
    late = '<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>' + tc("b") + "</w:tr>"

    assert read(f"<w:tbl>{row('1', '2')}{late}</w:tbl>").text.endswith("\n|  | b |")


def test_a_huge_span_is_cut_to_what_word_allows() -> None:
    wide = tc("x", '<w:gridSpan w:val="999999999"/>')

    assert read(f"<w:tbl>{row(wide, 'y')}</w:tbl>").text.count("---") == 64


def test_a_nested_table_stands_on_one_line_of_its_cell() -> None:
    nested = table(["n1", "n2"], ["n3", "n4"])

    assert read(table(["a", nested + "<w:p/>"])).text == (
        "| a | n1 \\| n2; n3 \\| n4 |\n| --- | --- |"
    )


def test_what_stands_in_no_cell_follows_its_table() -> None:
    stray = f"<w:tr>{p('between cells')}{tc('a')}{tc('b')}</w:tr>{p('between rows')}"

    assert read(f"<w:tbl>{stray}</w:tbl>").text == (
        "| a | b |\n| --- | --- |\n\nbetween cells\n\nbetween rows"
    )


def test_a_frame_of_one_cell_is_no_table() -> None:
    document = read(table([p("Title", '<w:outlineLvl w:val="0"/>') + table(["a", "b"])]))

    assert [b.kind for b in document.blocks] == [BlockKind.HEADING, BlockKind.TABLE]


def test_rows_and_cells_in_content_controls_count_and_deleted_ones_do_not() -> None:
    control = "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>"
    deleted = f"<w:tr><w:trPr><w:del/></w:trPr>{tc('gone')}</w:tr>"
    rows = control.format(f"<w:tr>{tc('a')}{control.format(tc('b'))}</w:tr>")

    assert read(f"<w:tbl>{rows}{deleted}</w:tbl>").text == "| a | b |\n| --- | --- |"


def test_rows_in_alternatives_come_once() -> None:
    forms = f"<mc:Choice>{row('a', 'b')}</mc:Choice><mc:Fallback>{row('a', 'b')}</mc:Fallback>"
    body = f"<w:tbl><mc:AlternateContent>{forms}</mc:AlternateContent></w:tbl>"

    assert read(body).text == "| a | b |\n| --- | --- |"


def test_an_empty_table_makes_no_block() -> None:
    assert read(p("x") + table(["", ""], ["", ""])).text == "x"


def test_hidden_text_and_notes_of_cells_stand_after_the_table() -> None:
    secret = p(r("open") + r("secret", "<w:vanish/>"))
    noted = p(r("noted") + '<w:r><w:footnoteReference w:id="7"/></w:r>')
    note = f'<w:footnote w:id="7">{p("the note")}</w:footnote>'
    document = read(table([secret, noted]) + p("next"), footnotes=note)

    assert [(document.text_of(b), b.kind, b.set_apart) for b in document.blocks] == [
        ("| open | noted |\n| --- | --- |", "table", None),
        ("secret", "paragraph", "hidden text"),
        ("the note", "note", None),
        ("next", "paragraph", None),
    ]
