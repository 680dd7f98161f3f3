"""Reading web pages saved as one file (MHTML, RFC 2557): a message of the page and its pictures."""

from collections.abc import Iterator
from itertools import islice

from tasks.core.errors import DamagedError, LimitError
from tasks.extract.assemble import Facts, Piece, reader_of_pieces
from tasks.extract.html.reader import read_page
from tasks.extract.mail.eml import parsed_mail, pictures_told, text_of
from tasks.extract.reader import At, Request

_PAGES = {"text/html", "application/xhtml+xml"}
_MOST_PARTS = 5000


def read_web_archive(data: bytes, request: Request) -> Iterator[Piece | Facts | At]:
    """Read the page, then those in its frames; styles and scripts are no text of it.

    Raises `DamagedError` where there is no page, and `LimitError` for too many parts.
    """
    parts = list(islice(parsed_mail(data).walk(), _MOST_PARTS + 1))
    if len(parts) > _MOST_PARTS:
        raise LimitError(f"it has more than {_MOST_PARTS:,} parts. Save the page as PDF.")
    pages = [part for part in parts if part.get_content_type() in _PAGES]
    if not pages:
        raise DamagedError("it is no web page in one file: it holds none. Save the page again.")
    for page in pages:
        yield from read_page(text_of(page), request)
    yield from pictures_told(sum(part.get_content_maintype() == "image" for part in parts))


READER = reader_of_pieces(read_web_archive)
