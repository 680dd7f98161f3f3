"""The answer's side of the reader: its body, with each citation as a link into the source."""

import re
from collections.abc import Sequence
from html import escape
from itertools import pairwise

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from tasks.core.documents import Citation, CitationStatus, Output
from tasks.write.anchors import ANCHOR, CLOSE, OPEN, anchored
from tasks.write.clean import clean
from tasks.write.headings import fitted
from tasks.write.inner import is_safe_target, parse, parser

_UNCITED = "\ue002"
_SENTENCE_END = re.compile(
    rf"(?<!\[p)(?<!\[pp)[.!?。！？][\"\u201d\u2019\u00bb\u300d)\]]*(?:\s*{OPEN}[0-9]+{CLOSE})*(?=\s|$)"
)
_MARKS = {
    CitationStatus.FOUND: "",
    CitationStatus.APPROXIMATE: "\u2248 ",
    CitationStatus.NOT_FOUND: "\u2717 ",
}
_PROSE = {"paragraph_open"}


def answer_html(output: Output) -> tuple[str, tuple[tuple[int, str, str], ...]]:
    """Give the body as HTML that only shows, and its headings as (level, id, text)."""
    tokens = parse(
        fitted(anchored(clean(output.body).replace(_UNCITED, "\ufffd"), output.citations))
    )
    headings = _name_headings(tokens)
    if output.citations:
        _mark_uncited(tokens)
    for token in tokens:
        token.children = _made_safe(token.children) if token.children else token.children
        token.info = ""  # the name of a language would become a class
    renderer = RendererHTML()
    options: OptionsDict = parser(with_html=False).options
    return _with_links(renderer.render(tokens, options, {}), output.citations), headings


def citation_link(number: int, citation: Citation) -> str:
    """Give the link from a citation to the passage, or to its page, or to what was looked up."""
    status = citation.status
    where = "not found" if status is CitationStatus.NOT_FOUND else _page(citation)
    title = f"Citation {number}: {'quote' if citation.quote else 'page'} {_said(status)}"
    return (
        f'<a class="cite {status}" href="#{_goal(number, citation)}" data-cite="{number}" '
        f'title="{title}">{_MARKS[status]}{where}</a>'
    )


def _page(citation: Citation) -> str:
    page = citation.page or citation.cited_page
    return f"p.\u00a0{page}" if page else "source"


def _goal(number: int, citation: Citation) -> str:
    if citation.start is not None and citation.status is not CitationStatus.NOT_FOUND:
        return f"s{number}"
    if citation.page and citation.status is not CitationStatus.NOT_FOUND:
        return f"p{citation.page}"
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


def _mark_uncited(tokens: Sequence[Token]) -> None:
    """Put a mark behind each sentence of prose that has no citation."""
    for before, token in pairwise(tokens):
        if before.type not in _PROSE or not token.children:
            continue
        cited = False
        for child in token.children:
            if child.type == "text":
                child.content, cited = _marked(child.content, cited)


def _marked(text: str, cited: bool) -> tuple[str, bool]:  # noqa: FBT001 - a state, handed on
    """Mark the sentences that end in a text; say whether the one left open has a citation."""
    pieces, at = [], 0
    for end in _SENTENCE_END.finditer(text):
        sentence = text[at : end.end()]
        has = cited or bool(ANCHOR.search(sentence))
        pieces.append(sentence if has else sentence + _UNCITED)
        at, cited = end.end(), False
    return "".join([*pieces, text[at:]]), cited or bool(ANCHOR.search(text[at:]))


def _made_safe(children: Sequence[Token]) -> list[Token]:
    """Turn pictures and odd links into text; the others open without telling where from."""
    safe: list[Token] = []
    dropped: list[bool] = []
    for child in children:
        if child.type == "image":
            safe.append(Token("text", "", 0, content=clean(child.content)))
            continue
        if child.type == "link_open":
            target = str(child.attrs.get("href", ""))
            dropped.append(not is_safe_target(target))
            child.attrs = {"href": target, "rel": "noopener noreferrer nofollow"}
        drop = child.type in {"link_open", "link_close"} and bool(dropped) and dropped[-1]
        if child.type == "link_close" and dropped:
            dropped.pop()
        if not drop:
            child.content = clean(child.content)
            safe.append(child)
    return safe


def _with_links(html: str, citations: Sequence[Citation]) -> str:
    """Put the links in the place of the anchors."""

    def link(found: re.Match[str]) -> str:
        number = int(found[1])
        known = 1 <= number <= len(citations)
        return citation_link(number, citations[number - 1]) if known else escape(found[0])

    uncited = '<span class="uncited" title="No citation in this sentence">\u25cb</span>'
    return ANCHOR.sub(link, html).replace(_UNCITED, uncited)
