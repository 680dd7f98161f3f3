"""Reading books (EPUB 2 and 3): the pages of the spine, in its order, each read as a web page."""

import posixpath
import zipfile
from collections.abc import Iterator
from urllib.parse import unquote

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from tasks.core.errors import DamagedError, EncryptedError, InputError
from tasks.extract.assemble import Facts, Piece, reader_of_pieces
from tasks.extract.html.reader import read_page
from tasks.extract.reader import At, Request
from tasks.extract.text import decode
from tasks.extract.xml import Element, parse_xml
from tasks.extract.zips import check_zip, read_entry

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_FONTS_ONLY = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_METADATA = {"title": "title", "creator": "author", "language": "language", "subject": "subject"}


def read_epub(data: bytes, request: Request) -> Iterator[Piece | Facts | At]:
    """Read a book; raises `EncryptedError` for one whose pages are locked (DRM)."""
    book = _Book(check_zip(data, request.limits), request)
    book.refuse_locked()
    package_name = book.package_name()
    package = book.xml(package_name)
    yield Facts(metadata=tuple(_metadata(package)))
    for name in dict.fromkeys(_spine(package, posixpath.dirname(package_name))):  # each comes once
        try:
            page, warnings = decode(book.entry(name))
            yield Facts(warnings=warnings)
            yield from read_page(page, request)
        except InputError as error:
            yield Facts(unread=(f"its part {name} was not read: {error}",))


READER = reader_of_pieces(read_epub)


class _Book:
    """The entries of a book, read within the limits."""

    def __init__(self, archive: zipfile.ZipFile, request: Request) -> None:
        self._zip = archive
        self._limits = request.limits

    def entry(self, name: str) -> bytes:
        try:
            return read_entry(self._zip, name, self._limits)
        except KeyError:
            raise DamagedError(f"its part {name} is missing") from None

    def xml(self, name: str) -> Element:
        return parse_xml(self.entry(name), name, self._limits)

    def package_name(self) -> str:
        for root in self.xml(_CONTAINER).iter("{*}rootfile"):
            if root.get("full-path"):
                return str(root.get("full-path"))
        raise DamagedError("it names no package of pages: it is no EPUB")

    def refuse_locked(self) -> None:
        if _ENCRYPTION not in self._zip.namelist():
            return
        methods = self.xml(_ENCRYPTION).iter("{*}EncryptionMethod")
        if any(method.get("Algorithm") not in _FONTS_ONLY for method in methods):
            raise EncryptedError("its pages are locked (DRM). Get the book without a lock.")


def _spine(package: Element, folder: str) -> Iterator[str]:
    items = {item.get("id"): item for item in package.iter("{*}item")}
    for reference in package.iter("{*}itemref"):
        item = items.get(reference.get("idref"))
        href = "" if item is None else item.get("href", "")
        if href:
            yield posixpath.normpath(posixpath.join(folder, unquote(href)))


def _metadata(package: Element) -> Iterator[tuple[str, str]]:
    for item in package.iterfind("{*}metadata/*"):
        if not isinstance(item.tag, str):
            continue
        key = _METADATA.get(etree.QName(item).localname)
        if key and (item.text or "").strip():
            yield key, item.text.strip()
