from pathlib import Path

import pytest

from tasks.core.documents import BlockKind, Document
from tasks.extract.limits import ExtractionLimits
from tests.extract.documents import read_docx
from tests.extract.docx.building import W, docx, p, part, r, relationships, zipped

LIMITS = ExtractionLimits()
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read(body: str, *, parts: dict[str, str] | None = None, **links: str) -> Document:
    return read_docx(docx(body, parts=parts, **links), LIMITS)


def shape(document: Document) -> list[tuple[str, int | None, str]]:
    return [(b.kind.value, b.level, document.text_of(b)) for b in document.blocks]


def styles(inner: str) -> dict[str, str]:
    return {"word/styles.xml": part("w:styles", inner)}


def style(name: str, inner: str = "", *, shown_as: str = "", kind: str = "paragraph") -> str:
    return (
        f'<w:style w:type="{kind}" w:styleId="{name}">'
        f'<w:name w:val="{shown_as or name}"/>{inner}</w:style>'
    )


def of_style(name: str) -> str:
    return f'<w:pStyle w:val="{name}"/>'


def test_paragraphs_come_in_body_order_and_empty_ones_make_no_block() -> None:
    document = read(p("One") + p("") + p("  ") + p("Two"))

    assert document.text == "One\n\nTwo"
    assert shape(document) == [("paragraph", None, "One"), ("paragraph", None, "Two")]


def test_headings_are_known_by_style_name_outline_and_what_they_are_based_on() -> None:
    parts = styles(
        style("H2", shown_as="heading 2")
        + style("Ours", '<w:basedOn w:val="H2"/>')
        + style("Deep", '<w:pPr><w:outlineLvl w:val="4"/></w:pPr>')
        + style("TOC", '<w:basedOn w:val="H2"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr>')
        + style("Title")
    )
    body = "".join(p(name, of_style(name)) for name in ("H2", "Ours", "Deep", "TOC", "Title"))
    document = read(
        body + p("Direct", '<w:outlineLvl w:val="0"/>'), parts=parts, styles="styles.xml"
    )

    assert shape(document) == [
        ("heading", 2, "H2"),
        ("heading", 2, "Ours"),
        ("heading", 5, "Deep"),
        ("paragraph", None, "TOC"),
        ("heading", 1, "Title"),
        ("heading", 1, "Direct"),
    ]


def test_styles_based_on_each_other_end() -> None:
    parts = styles(style("A", '<w:basedOn w:val="B"/>') + style("B", '<w:basedOn w:val="A"/>'))

    assert read(p("text", of_style("A")), parts=parts, styles="styles.xml").text == "text"


def test_list_items_have_the_level_of_paragraph_style_or_numbering() -> None:
    numbers = '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
    parts = styles(
        style("ListBullet", numbers, shown_as="List Bullet")
        + style("ListBullet2", numbers, shown_as="List Bullet 2")
        + style("Clause", numbers)
    )
    level = '<w:lvl w:ilvl="2"><w:pStyle w:val="Clause"/></w:lvl>'
    parts["word/numbering.xml"] = part("w:numbering", f"<w:abstractNum>{level}</w:abstractNum>")
    direct = '<w:numPr><w:ilvl w:val="1"/><w:numId w:val="3"/></w:numPr>'
    body = p("direct", direct) + "".join(
        p(name, of_style(name)) for name in ("ListBullet", "ListBullet2", "Clause")
    )
    off = p("off", of_style("ListBullet") + '<w:numPr><w:numId w:val="0"/></w:numPr>')
    document = read(body + off, parts=parts, styles="styles.xml", numbering="numbering.xml")

    assert shape(document) == [
        ("list_item", 2, "direct"),
        ("list_item", 1, "ListBullet"),
        ("list_item", 2, "ListBullet2"),
        ("list_item", 3, "Clause"),
        ("paragraph", None, "off"),
    ]


def test_insertions_stay_and_deletions_go() -> None:
    changed = r("kept ") + f"<w:ins>{r('new ')}</w:ins>" + f"<w:moveTo>{r('moved')}</w:moveTo>"
    gone = f"<w:del><w:r><w:delText>old</w:delText></w:r></w:del><w:moveFrom>{r('x')}</w:moveFrom>"

    assert read(p(changed + gone)).text == "kept new moved"


def test_a_paragraph_whose_end_is_deleted_runs_on_into_the_next() -> None:
    deleted_end = "<w:rPr><w:del/></w:rPr>"

    assert read(p("One ", deleted_end) + p("two")).text == "One two"
    assert read(p("Last", deleted_end)).text == "Last"


def test_content_controls_are_looked_into_at_every_level() -> None:
    control = "<w:sdt><w:sdtPr><w:alias/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    inline = p(r("a ") + control.format(r("b")))

    assert read(control.format(inline + control.format(p("c")))).text == "a b\n\nc"


def test_an_equation_between_paragraphs_is_a_paragraph() -> None:
    equation = "<m:oMathPara><m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath></m:oMathPara>"

    assert read(p("before") + equation + p("after")).text == "before\n\nx=1\n\nafter"


def test_hidden_text_is_set_apart_from_the_paragraph_it_stands_in() -> None:
    parts = styles(style("Secret", "<w:rPr><w:vanish/></w:rPr>", kind="character"))
    runs = r("Open ") + r("ignore", "<w:vanish/>") + r("d", '<w:rStyle w:val="Secret"/>')
    shown = r("text", '<w:rStyle w:val="Secret"/><w:vanish w:val="0"/>')
    document = read(p(runs + shown + r(" here")), parts=parts, styles="styles.xml")

    assert [(document.text_of(b), b.set_apart) for b in document.blocks] == [
        ("Open text here", None),
        ("ignored", "hidden text"),
    ]


def test_text_boxes_follow_their_paragraph_and_come_once() -> None:
    box = f"<w:txbxContent>{p('in the box')}</w:txbxContent>"
    both = (
        f"<mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>{box}</wps:txbx>"
        f"</w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict>"
        "</mc:Fallback></mc:AlternateContent>"
    )
    document = read(p(r("around ") + f"<w:r>{both}</w:r>" + r("it")) + p("next"))

    assert document.text == "around it\n\nin the box\n\nnext"


def test_an_alternative_between_paragraphs_gives_one_of_its_forms() -> None:
    forms = f"<mc:Choice>{p('one')}</mc:Choice><mc:Fallback>{p('two')}</mc:Fallback>"

    assert read(f"<mc:AlternateContent>{forms}</mc:AlternateContent>").text == "one"
    assert read(f"<mc:AlternateContent/>{p('x')}").text == "x"


def test_metadata_comes_from_the_core_properties() -> None:
    core = (
        '<c:coreProperties xmlns:c="urn:c" xmlns:dc="urn:dc"><dc:title> Plan </dc:title>'
        "<dc:creator>A. Writer</dc:creator><dc:subject/></c:coreProperties>"
    )
    package = relationships(officeDocument="word/document.xml").replace(
        "</Relationships>",
        '<Relationship Id="c" Type="urn:x/metadata/core-properties" Target="docProps/core.xml"/>'
        "</Relationships>",
    )
    document = read(p("x"), parts={"_rels/.rels": package, "docProps/core.xml": core})

    assert document.metadata == (("title", "Plan"), ("author", "A. Writer"))


def test_what_is_not_read_is_said() -> None:
    document = read(p("x"), subDocument1="1.docx", subDocument2="2.docx")

    assert document.warnings == ("the text of 2 linked documents inside was not read",)


def test_a_broken_side_part_costs_a_warning_and_not_the_document() -> None:
    document = read(p("x"), parts={"word/styles.xml": "<broken"}, styles="styles.xml")

    assert document.text == "x"
    assert "word/styles.xml" in document.warnings[0]


def test_a_link_to_a_part_that_is_missing_costs_a_warning() -> None:
    document = read(p("x"), footnotes="footnotes.xml")

    assert document.text == "x"
    assert document.warnings == ("not read: its part word/footnotes.xml is missing",)
    assert not document.unread


def test_notes_that_are_there_and_cannot_be_read_are_named() -> None:
    document = read(p("x"), parts={"word/footnotes.xml": "<w:foot"}, footnotes="footnotes.xml")

    assert document.text == "x"
    (lack,) = document.unread
    assert lack.startswith("not read: its part word/footnotes.xml is not well-formed")


@pytest.mark.parametrize("kind", ["header", "comments", "chart", "aFChunk", "numbering"])
def test_a_damaged_part_with_text_makes_the_document_incomplete(kind: str) -> None:
    drawn = "<w:r><w:drawing><c:chart r:id='chart'/></w:drawing></w:r>"
    name = "other.docx" if kind == "aFChunk" else "other.xml"
    body = p("x") + p(drawn) + "<w:altChunk r:id='aFChunk'/>"
    document = read(body, parts={f"word/{name}": "<broken"}, **{kind: name})

    assert document.text == "x"
    assert [f"word/{name}" in lack for lack in document.unread] == [True]


def test_iso_strict_files_are_read() -> None:
    paragraph = p("Strict", '<w:outlineLvl w:val="1"/>')
    body = part("w:document", f"<w:body>{paragraph}</w:body>")
    strict = zipped(
        {
            "_rels/.rels": relationships(officeDocument="word/document.xml"),
            "word/document.xml": body.replace(
                W, "http://purl.oclc.org/ooxml/wordprocessingml/main"
            ),
        }
    )

    assert shape(read_docx(strict, LIMITS)) == [("heading", 2, "Strict")]


@pytest.mark.corpus
def test_a_real_strict_file_is_read(corpus: Path) -> None:
    assert read_docx((corpus / "docx" / "Strict.docx").read_bytes(), LIMITS).text


def test_of_several_bodies_none_is_lost() -> None:
    bodies = f"<w:body>{p(r('First.'))}</w:body><w:body>{p(r('Second.'))}</w:body>"
    data = docx("", parts={"word/document.xml": part("w:document", bodies)})

    assert read_docx(data).text == "First.\n\nSecond."


def test_the_deepest_nesting_that_the_parser_allows_is_read() -> None:
    cell = p("deep")
    for _ in range(60):
        cell = f"<w:tbl><w:tr><w:tc>{cell}</w:tc><w:tc>{p('side')}</w:tc></w:tr></w:tbl>"

    assert "deep" in read(cell).text


def test_blocks_and_spans_hold_for_many_paragraphs() -> None:
    document = read("".join(p(f"Paragraph {n}") for n in range(3000)))

    assert len(document.blocks) == 3000
    assert document.text_of(document.blocks[2999]) == "Paragraph 2999"
    assert {b.kind for b in document.blocks} == {BlockKind.PARAGRAPH}
