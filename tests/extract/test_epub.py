import pytest

from tasks.core.errors import DamagedError, EncryptedError
from tasks.extract.epub import READER
from tests.extract.documents import read_with
from tests.extract.docx.building import zipped

CONTAINER = '<container><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>'
BOOK = (
    '<package xmlns="http://www.idpf.org/2007/opf"><metadata '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Tides</dc:title></metadata><manifest>'
    '<item id="a" href="one%20a.xhtml"/><item id="b" href="../two.xhtml"/></manifest>'
    '<spine><itemref idref="b"/><itemref idref="a"/><itemref idref="none"/></spine></package>'
)
PAGES = {"OPS/one a.xhtml": "<html><body><h1>One</h1></body></html>", "two.xhtml": "<p>Two</p>"}


def book(**more: str) -> bytes:
    return zipped({"META-INF/container.xml": CONTAINER, "OPS/book.opf": BOOK} | PAGES | more)


def test_pages_come_in_the_order_of_the_spine() -> None:
    document = read_with(READER, book())

    assert document.text == "Two\n\nOne"
    assert document.metadata == (("title", "Tides"),)


def test_a_page_that_the_spine_names_again_and_again_comes_once() -> None:
    spine = '<itemref idref="b"/>'
    document = read_with(READER, book(**{"OPS/book.opf": BOOK.replace(spine, spine * 1000)}))

    assert document.text == "Two\n\nOne"


def test_a_book_without_one_of_its_pages_is_not_all_read() -> None:
    entries = {"META-INF/container.xml": CONTAINER, "OPS/book.opf": BOOK, "two.xhtml": "Two"}
    document = read_with(READER, zipped(entries))

    assert document.text == "Two"
    assert "OPS/one a.xhtml is missing" in "; ".join(document.unread)


def test_a_locked_book_is_encrypted_and_one_with_scrambled_fonts_is_not() -> None:
    def encryption(method: str) -> str:
        return f'<encryption><EncryptionMethod Algorithm="{method}"/></encryption>'

    locked = {"META-INF/encryption.xml": encryption("http://www.w3.org/2001/04/xmlenc#aes128-cbc")}
    fonts = {"META-INF/encryption.xml": encryption("http://www.idpf.org/2008/embedding")}
    with pytest.raises(EncryptedError, match="DRM"):
        read_with(READER, book(**locked))
    assert read_with(READER, book(**fonts)).text == "Two\n\nOne"


def test_a_zip_without_container_is_damaged() -> None:
    with pytest.raises(DamagedError, match="missing"):
        read_with(READER, zipped({"mimetype": "application/epub+zip"}))
