from tasks.core.documents import Document
from tasks.extract.guard import NOT_SHOWN
from tasks.extract.limits import ExtractionLimits
from tests.extract.documents import read_docx
from tests.extract.docx.building import docx, p, part, r, table

Found = list[tuple[str, str]]


def read(body: str, **stories: str) -> Document:
    """Read a body with stories; a story is named by its part, as in `footnotes` or `header1`."""
    roots = {
        name: {"h": "hdr", "f": "ftr"}[name[0]] if name[-1].isdigit() else name for name in stories
    }
    parts = {f"word/{n}.xml": part(f"w:{roots[n]}", inner) for n, inner in stories.items()}
    return read_docx(
        docx(body, parts=parts, **{n: f"{n}.xml" for n in stories}), ExtractionLimits()
    )


def found(document: Document) -> Found:
    return [(b.kind.value, document.text_of(b)) for b in document.blocks]


def refer(kind: str, number: int) -> str:
    return f'<w:r><w:{kind}Reference w:id="{number}"/></w:r>'


def test_a_note_follows_the_paragraph_that_refers_to_it() -> None:
    notes = f'<w:footnote w:id="1">{p("First.")}{p("Second.")}</w:footnote>'
    endnotes = f'<w:endnote w:id="1">{p("At the end.")}</w:endnote>'
    body = p(r("One") + refer("footnote", 1) + r(" two") + refer("endnote", 1)) + p("Three")

    assert found(read(body, footnotes=notes, endnotes=endnotes)) == [
        ("paragraph", "One two"),
        ("note", "First."),
        ("note", "Second."),
        ("note", "At the end."),
        ("paragraph", "Three"),
    ]


def test_a_note_comes_once_and_one_that_nothing_refers_to_comes_last() -> None:
    notes = "".join(f'<w:footnote w:id="{n}">{p(f"note {n}")}</w:footnote>' for n in (1, 2))
    body = p(r("a") + refer("footnote", 2) + refer("footnote", 2) + refer("footnote", 9)) + p("b")

    document = read(body, footnotes=notes)

    assert [(document.text_of(b), b.set_apart) for b in document.blocks] == [
        ("a", None), ("note 2", None), ("b", None), ("note 1", NOT_SHOWN),
    ]  # fmt: skip


def test_a_note_to_which_only_deleted_text_refers_is_not_shown() -> None:
    notes = f'<w:footnote w:id="1">{p("old")}</w:footnote>'
    notice = f'<w:footnote w:id="2" w:type="continuationNotice">{p("more")}</w:footnote>'
    body = p(r("a") + f"<w:del>{refer('footnote', 1)}</w:del>")
    document = read(body, footnotes=notes + notice)

    assert [(document.text_of(b), b.set_apart) for b in document.blocks] == [
        ("a", None), ("old", NOT_SHOWN), ("more", None),
    ]  # fmt: skip


def test_a_note_on_an_equation_follows_it() -> None:
    notes = f'<w:footnote w:id="1">{p("where x is odd")}</w:footnote>'
    equation = f"<m:oMath><m:r><m:t>x=1</m:t>{refer('footnote', 1)}</m:r></m:oMath>"

    assert found(read(p(equation) + p("b"), footnotes=notes)) == [
        ("paragraph", "x=1"),
        ("note", "where x is odd"),
        ("paragraph", "b"),
    ]


def test_a_comment_names_its_author_once() -> None:
    comment = (
        f'<w:comment w:id="0" w:author="J. Roe">{p("")}{p("Too high?")}{p("Ask.")}</w:comment>'
    )
    document = read(p(r("Fee") + refer("comment", 0)), comments=comment)

    assert found(document) == [
        ("paragraph", "Fee"),
        ("comment", "J. Roe: Too high?"),
        ("comment", "Ask."),
    ]


def test_notes_that_refer_to_each_other_end() -> None:
    notes = f'<w:footnote w:id="1">{p(r("self") + refer("footnote", 1))}</w:footnote>'

    assert read(p(r("a") + refer("footnote", 1)), footnotes=notes).text == "a\n\nself"


def test_running_heads_come_once_for_each_part_in_order_of_use_and_set_apart() -> None:
    used = '<w:footerReference r:id="footer1"/><w:headerReference r:id="header2"/>'
    section = f"<w:sectPr>{used}</w:sectPr>"
    heads = {"header1": p("unused"), "header2": table(["a", "b"]), "footer1": p("Page 1")}
    document = read(p("Body", section) + section, **heads)

    assert [(b.kind, document.text_of(b), b.set_apart) for b in document.blocks] == [
        ("paragraph", "Body", None),
        ("header_footer", "Page 1", "running head"),
        ("header_footer", "| a | b |\n| --- | --- |", "running head"),
        ("header_footer", "unused", "running head"),
    ]
