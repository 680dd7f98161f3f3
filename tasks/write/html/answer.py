"""The answer's side of the reader: its body, with each citation as a link into the source."""

import re
from collections.abc import Sequence
from html import escape
from itertools import pairwise

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from tasks.core.outputs import Citation, CitationStatus, Output
from tasks.write.anchors import ANCHOR, BEGIN, CLOSE, OPEN, anchored
from tasks.write.clean import clean
from tasks.write.headings import lowered
from tasks.write.inner import is_safe_target, parse, parser
from tasks.write.references import unbroken

_UNCITED = "\ue002"
_PARTS = re.compile(f"({BEGIN}|{OPEN}[0-9]+{CLOSE})")
_REFERENCE = re.compile(
    rf"(?P<reference>\[(?P<words>[^\[\]<>]{{1,24}})\])?{OPEN}(?P<number>[0-9]+){CLOSE}"
)
_SENTENCE_END = re.compile(r"(?<!\[p)(?<!\[pp)[.!?。！？][\"\u201d\u2019\u00bb\u300d)\]]*(?=\s|$)")
_MARKS = {
    CitationStatus.FOUND: "",
    CitationStatus.APPROXIMATE: "\u2248 ",
    CitationStatus.NOT_FOUND: "\u2717 ",
}
_PROSE = {"paragraph_open"}
_LEADING = {"image", "link_open"}


def prefixes(output: Output) -> dict[str, str]:
    """Give for each document of an output what begins the names of its pages."""
    return {"": ""} | {name: f"d{n}" for n, name in enumerate(output.documents, start=1)}


def answer_html(output: Output) -> tuple[str, tuple[tuple[int, str, str], ...]]:
    """Give the body as HTML that only shows, and its headings as (level, id, text)."""
    body = output.body.replace(_UNCITED, "\ufffd")
    tokens = parse(clean(anchored(body, output.citations, begin=BEGIN)))
    lowered(tokens)
    headings = _name_headings(tokens)
    if output.citations:
        _mark_uncited(tokens)
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
            named.append((int(token.tag[1]), name, ANCHOR.sub("", text).replace(BEGIN, "")))
    return tuple(named)


def _mark_uncited(tokens: Sequence[Token]) -> None:
    """Put a mark behind each sentence of prose that has no citation."""
    for before, token in pairwise(tokens):
        if before.type not in _PROSE or not token.children:
            continue
        cited = within = False
        for child in token.children:
            if child.type == "text":
                child.content, cited, within = _marked(child.content, cited, within)


def _marked(text: str, cited: bool, within: bool) -> tuple[str, bool, bool]:  # noqa: FBT001 - states, handed on
    """Mark the sentences that end in a text, not those of a quotation.

    Say whether the one left open has a citation, and whether the text ends within a citation.
    """
    pieces = []
    for part, following in pairwise([*_PARTS.split(text), ""]):
        shown = part
        if part == BEGIN:
            within = True
        elif ANCHOR.fullmatch(part):
            cited, within = True, False
        elif not within:
            shown, cited = _ended(part, cited, cited_next=following == BEGIN)
        pieces.append(shown)
    return "".join(pieces), cited, within


def _ended(text: str, cited: bool, *, cited_next: bool) -> tuple[str, bool]:  # noqa: FBT001 - a state
    """Mark the sentences that end in a text without citations; one may follow the last of them."""
    pieces, at = [], 0
    for end in _SENTENCE_END.finditer(text):
        has = cited or (cited_next and not text[end.end() :].strip())
        pieces += [text[at : end.end()], "" if has else _UNCITED]
        at, cited = end.end(), False
    return "".join([*pieces, text[at:]]), cited


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
    return _REFERENCE.sub(link, html).replace(_UNCITED, uncited).replace(BEGIN, "")
