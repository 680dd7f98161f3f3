"""The answer's side of the reader: its body, with each citation as a link into the source."""

import re
from collections.abc import Iterator, Sequence
from html import escape

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from tasks.core.outputs import Citation, CitationStatus, Output
from tasks.core.sentences import sentences
from tasks.write.anchors import ANCHOR, CLOSE, OPEN, anchored
from tasks.write.clean import clean
from tasks.write.headings import lowered
from tasks.write.inner import is_safe_target, parse, parser
from tasks.write.references import unbroken

_UNCITED = "\ue002"
_REFERENCE = re.compile(
    rf"(?P<reference>\[(?P<words>[^\[\]<>]{{1,24}})\])?{OPEN}(?P<number>[0-9]+){CLOSE}"
)
_MARKS = {
    CitationStatus.FOUND: "",
    CitationStatus.APPROXIMATE: "\u2248 ",
    CitationStatus.NOT_FOUND: "\u2717 ",
}
_LEADING = {"image", "link_open"}


def prefixes(output: Output) -> dict[str, str]:
    """Give for each document of an output what begins the names of its pages."""
    return {"": ""} | {name: f"d{n}" for n, name in enumerate(output.documents, start=1)}


def answer_html(output: Output) -> tuple[str, tuple[tuple[int, str, str], ...]]:
    """Give the body as HTML that only shows, and its headings as (level, id, text)."""
    body = output.body.replace(_UNCITED, "\ufffd")
    tokens = parse(clean(anchored(body, output.citations, marks=_uncited(output))))
    lowered(tokens)
    headings = _name_headings(tokens)
    for token in tokens:
        if any(child.type in _LEADING for child in token.children or ()):
            token.children = _made_safe(token.children or ())
        token.info = ""  # the name of a language would become a class
    renderer = RendererHTML()
    options: OptionsDict = parser(with_html=False).options
    html = clean(
        renderer.render(tokens, options, {})
    )  # an entity may bring what was cleaned before
    return _with_links(html, output), headings


def citation_link(number: int, citation: Citation, prefix: str) -> str:
    """Give the link from a citation to the passage, or to its page, or to what was looked up."""
    status = citation.status
    where = "not found" if status is CitationStatus.NOT_FOUND else _place(citation)
    title = f"Citation {number}: {'quote' if citation.quote else 'reference'} {_said(status)}"
    return (
        f'<a class="cite {status}" href="#{_goal(number, citation, prefix)}" data-cite="{number}" '
        f'title="{title}">{_MARKS[status]}{where}</a>'
    )


def _place(citation: Citation) -> str:
    return unbroken(citation.place or citation.cited_place) or "source"


def _goal(number: int, citation: Citation, prefix: str) -> str:
    if citation.start is not None and citation.status is not CitationStatus.NOT_FOUND:
        return f"s{number}"
    if citation.page and citation.status is not CitationStatus.NOT_FOUND:
        return f"{prefix}p{citation.page}"
    return f"c{number}"


def _said(status: CitationStatus) -> str:
    return str(status).replace("_", " ")


def _name_headings(tokens: Sequence[Token]) -> tuple[tuple[int, str, str], ...]:
    """Give each heading a name, for the table of contents."""
    named: list[tuple[int, str, str]] = []
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            name = f"h{len(named) + 1}"
            token.attrSet("id", name)
            text = "".join(child.content for child in tokens[at + 1].children or ())
            named.append((int(token.tag[1]), name, ANCHOR.sub("", text)))
    return tuple(named)


def _uncited(output: Output) -> Iterator[tuple[int, str]]:
    """Give the places behind the sentences that have no citation, where there is any to be had."""
    if not (output.sentences and output.citations):
        return
    for sentence in sentences(output.body, output.citations):
        if not sentence.citations:
            said = output.body[sentence.start : sentence.end]
            yield sentence.start + len(said.rstrip("*_")), _UNCITED  # within what is emphasised


def _made_safe(children: Sequence[Token]) -> list[Token]:
    """Turn pictures and odd links into text; the others open without telling where from."""
    safe: list[Token] = []
    dropped: list[bool] = []
    for child in children:
        if child.type == "image":
            safe.append(Token("text", "", 0, content=child.content))
            continue
        if child.type == "link_open":
            target = str(child.attrs.get("href", ""))
            dropped.append(not is_safe_target(target))
            child.attrs = {"href": target, "rel": "noopener noreferrer nofollow"}
        drop = child.type in {"link_open", "link_close"} and bool(dropped) and dropped[-1]
        if child.type == "link_close" and dropped:
            dropped.pop()
        if not drop:
            safe.append(child)
    return safe


def _with_links(html: str, output: Output) -> str:
    """Put the links in the place of the anchors, and of references that say no more than these."""
    begins = prefixes(output)

    def link(found: re.Match[str]) -> str:
        number = int(found["number"])
        if not 1 <= number <= len(output.citations):
            return escape(found[0])
        citation = output.citations[number - 1]
        shown = citation_link(number, citation, begins.get(citation.document, ""))
        says_no_more = found["words"] == (citation.place or citation.cited_place)
        if citation.status is not CitationStatus.NOT_FOUND and says_no_more:
            return shown
        return (found["reference"] or "") + shown

    uncited = '<span class="uncited" title="No citation in this sentence">\u25cb</span>'
    return _REFERENCE.sub(link, html).replace(_UNCITED, uncited)
