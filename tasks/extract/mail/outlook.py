"""Reading Outlook's own messages (`.msg`) as an e-mail is read."""

from collections.abc import Iterator

from tasks.extract.assemble import Facts, Piece, reader_of_pieces
from tasks.extract.html.reader import read_page
from tasks.extract.inside import listed
from tasks.extract.mail.eml import head_pieces, pictures_told
from tasks.extract.mail.outlook_message import letter_in
from tasks.extract.reader import At, Inside, Request
from tasks.extract.text import paragraphs


def read_outlook(data: bytes, request: Request) -> Iterator[Piece | Facts | At]:
    """Read a message; what is attached to it is listed."""
    letter = letter_in(data)
    yield from head_pieces(letter.subject, letter.head, letter.files)
    if letter.html:
        yield from read_page(letter.html, request)
    else:
        yield from (Piece(paragraph) for paragraph in paragraphs(letter.text))
    yield from listed(letter.files)
    yield from pictures_told(letter.pictures)


def unpack_outlook(data: bytes, _: Request) -> tuple[Inside, ...]:
    """Give what is attached to a message."""
    return letter_in(data).files


READER = reader_of_pieces(read_outlook, unpack_outlook)
