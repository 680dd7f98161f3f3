"""Reading Outlook's own messages (`.msg`), by python-oxmsg, as an e-mail is read."""

import io
from collections.abc import Iterator
from typing import Any

from oxmsg import Message
from oxmsg.domain.constants import PID_ATTACH_CONTENT_ID

from tasks.core.errors import DamagedError
from tasks.extract.assemble import Facts, Piece, reader_of_pieces
from tasks.extract.html.reader import read_page
from tasks.extract.inside import listed, named_apart
from tasks.extract.mail import head_pieces, pictures_told
from tasks.extract.reader import At, Inside, Request
from tasks.extract.text import paragraphs


def read_outlook(data: bytes, request: Request) -> Iterator[Piece | Facts | At]:
    """Read a message; what is attached to it is listed."""
    message = _loaded(data)
    to = "; ".join(f"{each.name} <{each.email_address}>" for each in message.recipients)
    date = message.sent_date.isoformat() if message.sent_date else ""
    files = list(_files(message))
    lines = [("From", message.sender or ""), ("To", to), ("Date", date)]
    yield from head_pieces(message.subject, lines, files)
    if message.html_body:
        yield from read_page(message.html_body, request)
    else:
        yield from (Piece(paragraph) for paragraph in paragraphs(message.body or ""))
    yield from listed(files)
    yield from pictures_told(sum(map(_is_picture_in_text, message.attachments)))


def unpack_outlook(data: bytes, _: Request) -> Iterator[Inside]:
    """Give what is attached to a message."""
    return _files(_loaded(data))


READER = reader_of_pieces(read_outlook, unpack_outlook)


def _loaded(data: bytes) -> Any:
    try:
        message = Message.load(io.BytesIO(data))
        _ = message.subject
    except Exception as error:  # the library raises what its reader of OLE files does
        raise DamagedError(f"it is no Outlook message that can be read ({error})") from error
    return message


def _files(message: Any) -> Iterator[Inside]:
    attached = [each for each in message.attachments if not _is_picture_in_text(each)]
    return named_apart(
        Inside(each.file_name or f"attachment {number}", each.file_bytes or b"")
        for number, each in enumerate(attached, start=1)
    )


def _is_picture_in_text(attachment: Any) -> bool:
    """Tell a picture that the text shows: Outlook gives it a name to be called by."""
    shown = attachment.properties.str_prop_value(PID_ATTACH_CONTENT_ID)
    return bool(shown) and str(attachment.mime_type).startswith("image/")
