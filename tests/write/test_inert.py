from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tasks.write.clean import clean
from tasks.write.escape import escaped
from tasks.write.headings import fitted
from tasks.write.inert import inert

PIECES = st.sampled_from(
    [
        "<script>", "</script>", "<!--", "-->", "<![CDATA[", "]]>", "<?php", "<a href='x'>",
        "<https://a.b>", "<javascript:alert(1)>", "[x](javascript:alert(1))", "[x](https://a.b)",
        "[x]: javascript:alert(1)", "[x]", "[y][x]", "![z](http://a.b/c.png)", "](", "(", ")", "!",
        "&#106;avascript:", "data:text/html,x", "`", "``", "```", "~~~", "\\", "\n", "\n\n", "> ",
        "- ", "1. ", "    ", "# ", "===", "---", "| ", "|---|", "*", "_", "text", " ", "\t", "&lt;",
    ]
)  # fmt: skip
MARKDOWN = st.one_of(st.text(), st.lists(PIECES, max_size=25).map("".join))


class Permissive(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 - the name is the library's
        return True


def acting(markdown: str) -> list[str]:
    """Give what would act in a viewer that allows everything."""
    tokens = Permissive("commonmark", {"maxNesting": 200}).enable("table").parse(markdown)
    found = []
    for token in chain(tokens, *(t.children or () for t in tokens)):
        href = str(token.attrs.get("href", "https://"))
        if token.type in {"html_block", "html_inline", "image"}:
            found.append(token.content)
        elif not href.lower().startswith(("https://", "http://", "mailto:", "#")):
            found.append(href)
    return found


@given(MARKDOWN)
def test_nothing_acts_in_a_viewer_that_allows_everything(markdown: str) -> None:
    assert acting(inert(clean(markdown))) == []


@pytest.mark.parametrize(
    "markdown",
    [
        "a < b and <3, 1<2",
        "`<script>` and ``a ` <b>``",
        "```\n<script>\n[x](javascript:a)\n```",
        "    <indented>\n",
        "<https://example.org/?a=b> <a@example.org>",
        "[x](https://example.org) [y](mailto:a@example.org) [z](#part-2)",
        "[x][1]\n\n[1]: https://example.org 'title'",
        "| a | `<b>` |\n|---|---|\n| `c` | d |",
        "\\<script>",
        "&lt;script&gt; stays",
    ],
)
def test_what_does_nothing_is_left_as_it_is(markdown: str) -> None:
    assert inert(markdown) == markdown


@pytest.mark.parametrize(
    ("markdown", "safe"),
    [
        ("a <b>c</b>", "a &lt;b>c&lt;/b>"),
        ("<div>\n\n*x*", "&lt;div>\n\n*x*"),
        ("[x](javascript:a)", "[x]\\(javascript:a)"),
        ("[x](<javascript:a>)", "[x]\\(&lt;javascript:a>)"),
        ("[x](&#106;avascript:a)", "[x]\\(&#106;avascript:a)"),
        ("[x](//host/share)", "[x]\\(//host/share)"),
        ("&#x202E;gpj&#8238; &#228;", "\ufffdgpj\ufffd &#228;"),
        ("[x]: vbscript:a", "[x]\\: vbscript:a"),
        ("![x](https://t.example/?q=secret)", "\\![x](https://t.example/?q=secret)"),
        ("| ` | <b> | ` |\n|---|---|---|", "| ` | &lt;b> | ` |\n|---|---|---|"),
    ],
)
def test_what_acts_is_written_as_text(markdown: str, safe: str) -> None:
    assert inert(markdown) == safe


def test_text_nested_beyond_measure_is_still_inert() -> None:
    assert "<script" not in inert(">" * 500 + " <script>")


@given(MARKDOWN)
def test_escaped_text_reads_as_it_is(text: str) -> None:
    shown = " ".join(clean(text).split())
    for form in (escaped(text), f"| h |\n|---|\n| {escaped(text)} |"):
        tokens = MarkdownIt("commonmark").enable("table").parse(form)
        inline = [t for t in tokens if t.type == "inline"][-1:]
        children = [c for t in inline for c in t.children or ()]
        if shown:
            assert "".join(c.content for c in children) == shown
        assert {c.type for c in children} <= {"text"}


@given(MARKDOWN)
def test_a_fitted_body_leaves_the_first_level_to_the_title(markdown: str) -> None:
    tokens = MarkdownIt("commonmark").enable("table").parse(fitted(inert(clean(markdown))))

    assert all(t.tag != "h1" for t in tokens if t.type == "heading_open" and t.level == 0)


@given(MARKDOWN)
def test_what_follows_a_fitted_body_is_not_swallowed(markdown: str) -> None:
    body = fitted(inert(clean(markdown)))

    tokens = MarkdownIt("commonmark").enable("table").parse(f"{body}\n\n---\n\n## After")

    assert [t.type for t in tokens[-4:]] == ["hr", "heading_open", "inline", "heading_close"]


@pytest.mark.parametrize(
    ("body", "lowered"),
    [
        ("# A\n\n## B\n\ntext", "## A\n\n### B\n\ntext"),
        ("## A\n\n### B", "## A\n\n### B"),
        ("A\n===\n\nB\n---", "A\n---\n\n### B"),
        ("# A\n\ntwo\nlines #\n---", "## A\n\n### two lines # #"),
        ("# A\n\n###### F", "## A\n\n###### F"),
        ("# A\n\n```\n# code\n```", "## A\n\n```\n# code\n```"),
        ("- # A", "- ## A"),
        ("```\nopen", "```\nopen\n```"),
        ("~~~~\nopen\n```", "~~~~\nopen\n```\n~~~~"),
    ],
)
def test_headings_are_lowered_and_code_is_closed(body: str, lowered: str) -> None:
    assert fitted(body) == lowered
