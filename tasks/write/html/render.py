"""Write an output as a reader: one HTML file with the answer beside its source.

It asks nothing of the network: style and script stand in it, and its policy allows these two by
their hash and nothing else. Without the script all is still there, and links still lead to places.
"""

import base64
import hashlib
from collections.abc import Iterator
from functools import cache
from html import escape
from pathlib import Path

from tasks.core.outputs import Output
from tasks.write.about import ABOUT_TITLE, NOT_COVERED, about_facts, gap_lines, warnings_of
from tasks.write.clean import one_line
from tasks.write.html.answer import answer_html, citation_link, prefixes
from tasks.write.html.passages import source_html
from tasks.write.language import language_of
from tasks.write.source import SourceInfo

_FEWEST_HEADINGS = 3
"""A table of contents for fewer would only push the answer down."""


_LEGEND = (
    '<p class="legend"><span class="cite found">p.</span> found in the source '
    '<span class="cite approximate">\u2248 p.</span> approximate '
    '<span class="cite not_found">\u2717 not found</span> '
    '<span class="uncited">\u25cb</span> sentence without a citation</p>'
)


def render_html(output: Output, source: SourceInfo) -> bytes:
    """Give the output as one HTML file; the source stands beside it where it is known."""
    style, script = _asset("reader.css"), _asset("reader.js")
    title = escape(one_line(output.title))
    language = language_of(output.body)
    direction = ' dir="rtl"' if language.runs_from_right else ""
    page = (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(style, script)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        f"<title>{title}</title><style>{style}</style></head><body>\n"
        f'{_bar()}<main lang="{language.main}"{direction} tabindex=-1>'
        f"{''.join(_answer(output, source, title))}</main>\n"
        f"{_source(output, source)}<script>{script}</script></body></html>\n"
    )
    return page.encode(errors="replace")


def _answer(output: Output, source: SourceInfo, title: str) -> Iterator[str]:
    """Give the parts of the answer's side."""
    body, headings = answer_html(output)
    yield f"<h1>{title}</h1>"
    yield from (f'<p class="warning">{escape(one_line(w))}</p>' for w in warnings_of(output))
    if len(headings) >= _FEWEST_HEADINGS:
        items = (f'<li class="l{lv}"><a href="#{i}">{escape(t)}</a></li>' for lv, i, t in headings)
        yield f"<details open><summary>Contents</summary><ul>{''.join(items)}</ul></details>"
    if output.citations:
        yield _LEGEND
    yield f"<article>{body}</article>"
    yield from _citations(output)
    facts = (
        f"<dt>{escape(k)}</dt><dd>{escape(one_line(v))}</dd>"
        for k, v in about_facts(output, source)
    )
    yield f"<h2>{ABOUT_TITLE}</h2><dl>{''.join(facts)}</dl>"
    if output.gaps:
        gaps = "".join(f"<li>{escape(one_line(line))}</li>" for line in gap_lines(output))
        yield f"<h3>{NOT_COVERED}</h3><ul>{gaps}</ul>"


def _citations(output: Output) -> Iterator[str]:
    """List what was looked up, in the order of the answer."""
    if not output.citations:
        return
    begins = prefixes(output)
    yield '<h2>Citations</h2><ol class="citations">'
    for number, citation in enumerate(output.citations, start=1):
        quote = f"\u201c{escape(one_line(citation.quote))}\u201d " if citation.quote else "page "
        status = str(citation.status).replace("_", " ")
        link = citation_link(number, citation, begins.get(citation.document, ""))
        yield f'<li id="c{number}">{quote}{link} <small>{status}</small>'
    yield "</ol>"


def _source(output: Output, source: SourceInfo) -> str:
    """Give the source's side."""
    numbered = list(enumerate(output.citations, start=1))
    begins = prefixes(output)
    parts = [
        f"<h2>{escape(one_line(key or source.name))}</h2>"
        + source_html(
            document, [n for n in numbered if n[1].document == key], prefix=begins.get(key, "")
        )
        for key, document in source.documents.items()
    ]
    return f'<aside tabindex=-1 aria-label="Source">{"".join(parts)}</aside>' if parts else ""


def _bar() -> str:
    """Give the bar with the search and a word on the keys."""
    return (
        '<header><input type="search" placeholder="Search ( / )" aria-label="Search">'
        '<output></output><span class="keys">'
        "<kbd>/</kbd> search <kbd>j</kbd> <kbd>k</kbd> next, previous citation "
        "<kbd>d</kbd> next doubtful one <kbd>Esc</kbd> clear</span></header>\n"
    )


@cache
def _asset(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """Allow this style and this script, and nothing else at all."""
    return (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
