"""Reading Outlook's own messages (`.msg`), by python-oxmsg, as an e-mail is read."""

import io
from collections.abc import Iterator

from oxmsg import Message

from tasks.core.errors import DamagedError
from tasks.extract.assemble import Facts, Piece, reader_of_pieces
from tasks.extract.html.reader import read_page
from tasks.extract.mail import head_pieces
from tasks.extract.nested import read_attachment
from tasks.extract.reader import At, Request
from tasks.extract.text import paragraphs


def read_outlook(data: bytes, request: Request) -> Iterator[Piece | Facts | At]:
    """Read a message with all that is attached to it."""
    try:
        message = Message.load(io.BytesIO(data))
        subject = message.subject
    except Exception as error:  # the library raises what its reader of OLE files does
        raise DamagedError(f"it is no Outlook message that can be read ({error})") from error
    to = "; ".join(f"{each.name} <{each.email_address}>" for each in message.recipients)
    date = message.sent_date.isoformat() if message.sent_date else ""
    yield from head_pieces(subject, [("From", message.sender or ""), ("To", to), ("Date", date)])
    if message.html_body:
        yield from read_page(message.html_body, request)
    else:
        yield from (Piece(paragraph) for paragraph in paragraphs(message.body or ""))
    for number, attachment in enumerate(message.attachments, start=1):
        name = attachment.file_name or f"attachment {number}"
        yield from read_attachment(name, attachment.file_bytes or b"", request)


READER = reader_of_pieces(read_outlook)
