"""Reading web pages: libxml2's forgiving parser, then our walk; nothing outside is ever fetched."""

import re
from collections.abc import Iterator

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from tasks.core.errors import DamagedError, LimitError
from tasks.extract.assemble import Facts, Piece, reader_of_pieces
from tasks.extract.html.css import Element, Sheet
from tasks.extract.html.walk import Walk
from tasks.extract.links import Links
from tasks.extract.reader import At, Request
from tasks.extract.text import decode

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{2,40})""", re.IGNORECASE)
_HEAD_BYTES = 4096
_META = {"author": "author", "description": "description", "keywords": "keywords"}


def read_html(data: bytes, request: Request) -> Iterator[Piece | Facts | At]:
    """Read a web page, by the encoding that it names or that its bytes tell."""
    text, warnings = _decoded(data)
    yield from read_page(text, request)
    yield Facts(warnings=warnings)


READER = reader_of_pieces(read_html)


def read_page(text: str, request: Request) -> Iterator[Piece | Facts]:
    """Read a web page that has been decoded; for e-mails, too."""
    if len(text) > request.limits.max_output_chars:
        raise LimitError(f"it holds more than {request.limits.max_output_chars:,} characters")
    root = _parse(text)
    if root is None:
        return
    yield Facts(metadata=tuple(_metadata(root)))
    yield from pieces_of(root)


def pieces_of(root: Element) -> list[Piece]:
    """Give the pieces of a page's tree; names must be those of HTML, without name spaces."""
    links = Links()
    sheet = Sheet(style.text or "" for style in root.iter("style"))
    return [links.resolved(piece) for piece in Walk(sheet, links).read(root)]


def _decoded(data: bytes) -> tuple[str, tuple[str, ...]]:
    named = _CHARSET.search(data[:_HEAD_BYTES])
    if named and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode(named[1].decode()), ()
        except (LookupError, UnicodeDecodeError):
            pass  # it names another encoding than it has
    return decode(data)


def _parse(text: str) -> Element | None:
    parser = etree.HTMLParser(
        no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8"
    )
    try:
        data = text.encode("utf-8", errors="replace")
        return etree.fromstring(data, parser) if text.strip() else None
    except etree.XMLSyntaxError as error:
        raise DamagedError(f"it is no web page that can be read ({error.msg})") from error


def _metadata(root: Element) -> Iterator[tuple[str, str]]:
    for title in root.iter("title"):
        if (title.text or "").strip():
            yield "title", " ".join(title.text.split())
            break
    for meta in root.iter("meta"):
        name = _META.get((meta.get("name") or "").lower())
        if name and meta.get("content"):
            yield name, meta.get("content")
