"""Reading web pages: libxml2's forgiving parser, then our walk; nothing outside is ever fetched."""

import re
import sys
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
_FRAMES = 20_000  # as many of Python's as the deepest page takes that libxml2 reads
_STOPPED = (
    "its elements are nested too deeply: what comes after line {line} of the page was not read. "
    "Save it again, or as PDF"
)
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
    root, unread = _parse(text)
    if root is None:
        return
    yield Facts(metadata=tuple(_metadata(root)), unread=unread)
    yield from pieces_of(root)


def pieces_of(root: Element) -> list[Piece]:
    """Give the pieces of a page's tree; names must be those of HTML, without name spaces."""
    sys.setrecursionlimit(max(sys.getrecursionlimit(), _FRAMES))
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


def _parse(text: str) -> tuple[Element | None, tuple[str, ...]]:
    """Give the root of a page, and what of it the parser did not come to.

    Pages carry pictures of more than 10 MB in one attribute, and mails that answer mails go deep,
    so only the larger guards of libxml2 hold; where one stops it, it says so in its log alone.
    """
    parser = etree.HTMLParser(
        no_network=True, huge_tree=True, remove_comments=True, remove_pis=True, encoding="utf-8"
    )
    try:
        data = text.encode("utf-8", errors="replace")
        root = etree.fromstring(data, parser) if text.strip() else None
    except etree.XMLSyntaxError as error:
        raise DamagedError(f"it is no web page that can be read ({error.msg})") from error
    limits = [e for e in parser.error_log if e.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT]
    return root, tuple(_STOPPED.format(line=limit.line) for limit in limits[:1])


def _metadata(root: Element) -> Iterator[tuple[str, str]]:
    for title in root.iter("title"):
        if (title.text or "").strip():
            yield "title", " ".join(title.text.split())
            break
    for meta in root.iter("meta"):
        name = _META.get((meta.get("name") or "").lower())
        if name and meta.get("content"):
            yield name, meta.get("content")
