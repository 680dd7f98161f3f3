"""What Word marks in a text: links, comments, tracked changes, pictures."""

from tasks.core.documents import Document
from tasks.extract.options import ReadingOptions
from tests.extract.documents import LIMITS, read_docx
from tests.extract.docx.building import docx, p, part, r, relationships, table

RELATIONSHIPS = "word/_rels/document.xml.rels"


def with_link(body: str, target: str) -> bytes:
    link = f'<Relationship Id="x" Type="t/hyperlink" Target="{target}" TargetMode="External"/>'
    listing = relationships().replace("</Relationships>", f"{link}</Relationships>")
    return docx(body, parts={RELATIONSHIPS: listing})


def links(document: Document) -> list[tuple[str, str]]:
    return [(document.text_of(link), link.target) for link in document.links]


def field(code: str, result: str) -> str:
    def char(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    instruction = f"<w:r><w:instrText>{code}</w:instrText></w:r>"
    return char("begin") + instruction + char("separate") + result + char("end")


def test_links_say_where_they_lead() -> None:
    body = (
        p(r("see ") + f'<w:hyperlink r:id="x">{r("our site")}</w:hyperlink>' + r(" and "))
        + p(f'<w:hyperlink w:anchor="terms">{r("the terms")}</w:hyperlink>')
        + p(field('HYPERLINK "https://b.example/" \\o "tip"', r("by field")))
        + p(field('HYPERLINK \\l "part2"', r("inside")))
        + p(f"<w:fldSimple w:instr='HYPERLINK \"https://c.example/\"'>{r('simple')}</w:fldSimple>")
        + p('<w:hyperlink r:id="x"/>' + field("PAGEREF x", r("7")))
        + table(["a", p(f'<w:hyperlink r:id="x">{r("in a cell")}</w:hyperlink>')])
    )
    document = read_docx(with_link(body, "https://a.example/"))

    assert links(document) == [
        ("our site", "https://a.example/"),
        ("the terms", "#terms"),
        ("by field", "https://b.example/"),
        ("inside", "#part2"),
        ("simple", "https://c.example/"),
        ("in a cell", "https://a.example/"),
    ]
    assert "\x0e" not in document.text


def test_a_link_across_a_page_turn_ends_with_the_page() -> None:
    broken = r("one ") + '<w:r><w:br w:type="page"/></w:r>' + r("two")
    document = read_docx(with_link(p(f'<w:hyperlink r:id="x">{broken}</w:hyperlink>'), "u:"))

    assert links(document) == [("one", "u:")]


def test_a_comment_says_what_it_is_about() -> None:
    def mark(name: str) -> str:
        return f'<w:commentRange{name} w:id="3"/>'

    comment = f'<w:comment w:id="3" w:author="J. Roe">{p("Too high?")}</w:comment>'
    refer = '<w:r><w:commentReference w:id="3"/></w:r>'
    inside = p(r("The ") + mark("Start") + r("fee") + mark("End") + refer + r(" is due."))
    across = p(r("The ") + mark("Start") + r("fee")) + p(r("is due.") + mark("End") + refer)
    parts = {"word/comments.xml": part("w:comments", comment)}

    for body, about in ((inside, "fee"), (across, "fee is due.")):
        document = read_docx(docx(body, parts=parts, comments="comments.xml"))
        assert f"J. Roe on “{about}”: Too high?" in document.text


def test_all_changes_are_shown_as_such_where_they_are_asked_for() -> None:
    body = (
        p(
            r("due in ")
            + '<w:del w:author="A"><w:r><w:delText>30</w:delText></w:r></w:del>'
            + f"<w:ins>{r('60')}</w:ins>"
            + r(" days")
        )
        + p("One", "<w:rPr><w:del/></w:rPr>")
        + p("two")
        + f"<w:tbl><w:tr><w:tc>{p('a')}</w:tc><w:tc>{p('b')}</w:tc></w:tr>"
        f"<w:tr><w:trPr><w:del/></w:trPr><w:tc>{p('c')}</w:tc><w:tc>{p('')}</w:tc></w:tr></w:tbl>"
    )
    accepted = read_docx(docx(body)).text
    every = read_docx(docx(body), LIMITS, ReadingOptions(all_changes=True)).text

    assert accepted == "due in 60 days\n\nOnetwo\n\n| a | b |\n| --- | --- |"
    assert every == (
        "due in {--30--}{++60++} days\n\nOne\n\ntwo\n\n| a | b |\n| --- | --- |\n| {--c--} |  |"
    )


def test_alternative_text_stands_where_the_picture_does_and_once() -> None:
    wp = 'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    pic = 'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
    drawing = (
        f'<w:r><w:drawing><wp:inline {wp}><wp:docPr id="1" name="Picture 1" descr="A bridge"/>'
        f'<pic:cNvPr {pic} descr="A bridge"/></wp:inline></w:drawing></w:r>'
    )
    vml = '<w:r><w:pict><v:shape alt="A tower"/></w:pict></w:r>'
    art = '<w:r><w:pict><v:shape><v:textpath string="DRAFT"/></v:shape></w:pict></w:r>'

    assert read_docx(docx(p(r("See ") + drawing) + p(vml) + p(art))).text == (
        "See [Picture: A bridge]\n\n[Picture: A tower]\n\nDRAFT"
    )


def test_a_form_shows_what_was_chosen() -> None:
    choices = '<w:ddList><w:result w:val="1"/><w:listEntry w:val="no"/><w:listEntry w:val="yes"/>'
    form = (
        f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{choices}</w:ddList></w:ffData>'
        '</w:fldChar></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )

    assert read_docx(docx(p(r("Agreed: ") + form))).text == "Agreed: yes"
