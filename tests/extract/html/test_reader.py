import pytest

from tasks.core.documents import Document
from tasks.extract.guard import HIDDEN_TEXT, OFF_PAGE, TOO_SMALL, UNSEEN_COLOUR
from tasks.extract.html.reader import READER
from tests.extract.documents import read_with


def read(page: str) -> Document:
    return read_with(READER, page.encode())


def shape(document: Document) -> list[tuple[str, int | None, str]]:
    return [(b.kind.value, b.level, document.text_of(b)) for b in document.blocks]


def test_reads_headings_paragraphs_lists_and_what_was_typed() -> None:
    document = read(
        "<html><head><title>Lease</title><style>p{}</style><script>x()</script></head><body>"
        "<h1>The  Lease</h1>loose text<p>One<br>two <b>three</b></p><ol start='3'><li>c<ul><li>d"
        "</ul><li>e</ol><pre>a  b\n c</pre><form><input value='typed'><input type=checkbox checked>"
        "<select><option>yes</option></select></form><!-- unseen --><img alt='A map'>"
    )

    assert shape(document) == [
        ("heading", 1, "The Lease"),
        ("paragraph", None, "loose text"),
        ("paragraph", None, "One\ntwo three"),
        ("list_item", 1, "3. c"),
        ("list_item", 2, "• d"),
        ("list_item", 1, "4. e"),
        ("paragraph", None, "a  b\n c"),
        ("paragraph", None, "typed☒yes"),
        ("paragraph", None, "[Picture: A map]"),
    ]
    assert document.metadata == (("title", "Lease"),)


def test_tables_of_data_are_tables_and_those_of_layout_are_not() -> None:
    data = (
        "<table><caption>Fees</caption><thead><tr><th>Item<th>EUR</thead><tr><td rowspan=2>Setup"
        "<td>900<tr><td>1|0<tr><td colspan=2>wide</table>"
    )
    document = read(f"<table><tr><td>{data}</td></tr></table>")

    assert shape(document) == [
        ("paragraph", None, "Fees"),
        (
            "table",
            None,
            "| Item | EUR |\n| --- | --- |\n| Setup | 900 |\n|  | 1\\|0 |\n| wide |  |",
        ),
    ]


def test_links_say_where_they_lead() -> None:
    document = read("<p>See <a href='https://a.example/?q=1'>our <b>site</b></a>.<a href=x></a>")

    assert [(document.text_of(k), k.target) for k in document.links] == [
        ("our site", "https://a.example/?q=1")
    ]


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("<span style='display:none'>odd</span>", HIDDEN_TEXT),
        ("<span style='visibility: hidden !important'>odd</span>", HIDDEN_TEXT),
        ("<span style='opacity:0.0'>odd</span>", HIDDEN_TEXT),
        ("<div hidden><p>odd</p></div>", HIDDEN_TEXT),
        ("<span aria-hidden=true>odd</span>", HIDDEN_TEXT),
        ("<template>odd</template>", HIDDEN_TEXT),
        ("<p class='note gone'>odd</p>", HIDDEN_TEXT),
        ("<p id=secret>odd</p>", HIDDEN_TEXT),
        ("<span style='font-size:0'>odd</span>", TOO_SMALL),
        ("<span style='font-size:1px'>odd</span>", TOO_SMALL),
        ("<div style='height:0;overflow:hidden'>odd</div>", TOO_SMALL),
        ("<p style='color:#fff'>odd</p>", UNSEEN_COLOUR),
        ("<p style='color: white; background: rgb(254,254,254)'>odd</p>", UNSEEN_COLOUR),
        ("<div style='background:#000'><p style='color:black'>odd</p></div>", UNSEEN_COLOUR),
        ("<p style='position:absolute;left:-9999px'>odd</p>", OFF_PAGE),
        ("<p style='text-indent:-9999px'>odd</p>", OFF_PAGE),
        ("<font color='#FFFFFF'>odd</font>", UNSEEN_COLOUR),
        ("<p style='color:white;background:#123456'>odd</p>", None),
        ("<div bgcolor='#123456'><font color=white>odd</font></div>", None),
        ("<div background=x.png><font color=white>odd</font></div>", None),
        ("<p style='color:white;background:url(x.png)'>odd</p>", None),
        ("<p style='opacity:0.5;font-size:9pt'>odd</p>", None),
        ("<p class='print'>odd</p>", None),
    ],
)
def test_what_nobody_sees_is_set_apart_and_says_why(markup: str, reason: str | None) -> None:
    style = ".gone, #secret {display:none} @media print { .print {display:none} } p > i {color:red}"
    document = read(f"<style>{style}</style><p>seen</p>{markup}<p>seen</p>")

    assert [(document.text_of(b), b.set_apart) for b in document.blocks] == [
        ("seen", None),
        ("odd", reason),
        ("seen", None),
    ]


def test_the_encoding_is_the_one_that_the_page_names_or_has() -> None:
    named = "<meta charset='iso-8859-2'><p>Łódź".encode("iso-8859-2")
    lying = "<meta charset='ascii'><p>Łódź".encode()

    assert read_with(READER, named).text == read_with(READER, lying).text == "Łódź"


def test_marks_of_ours_cannot_be_brought_along() -> None:
    document = read("<p>a&#14;0&#14;b&#15; <a href=u>c</a>")

    assert [(document.text_of(k), k.target) for k in document.links] == [("c", "u")]


def test_entities_of_a_page_do_not_reach_out() -> None:
    document = read('<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><p>a &x; b</p>')

    assert "root:" not in document.text


def test_what_comes_after_a_picture_of_many_megabytes_is_read() -> None:
    document = read(f"<p>before</p><img src='data:image/png,{'A' * 11_000_000}'><p>after</p>")

    assert document.text == "before\n\nafter"
    assert not document.unread


@pytest.mark.parametrize("tags", ["<div>", "<b>", "<table><tr><td>", "<blockquote>", "<ul><li>"])
def test_a_page_that_is_nested_deep_is_read(tags: str) -> None:
    document = read(f"<p>before</p>{tags * 600}deep<p>after</p>")

    assert [word in document.text for word in ("before", "deep", "after")] == [True] * 3


def test_where_nesting_stops_the_parser_the_document_is_incomplete() -> None:
    document = read(f"<p>before</p>\n{'<div>' * 3000}deep<p>after</p>")

    assert document.text == "before"
    (lack,) = document.unread
    assert "what comes after line 2 of the page was not read" in lack
