"""Reading e-mails (RFC 5322, MIME) and Outlook's messages: head, text, and what is attached."""

import email
import email.policy
import mimetypes
from collections.abc import Iterator
from email.message import EmailMessage, MIMEPart

from tasks.core.documents import BlockKind
from tasks.core.errors import DamagedError, LimitError
from tasks.extract.assemble import Facts, Piece, reader_of_pieces
from tasks.extract.html.reader import read_page
from tasks.extract.nested import read_attachment
from tasks.extract.reader import At, Request
from tasks.extract.text import decode, paragraphs

_HEADERS = ("From", "To", "Cc", "Bcc", "Reply-To", "Date")
_MOST_PARTS = 1000


def read_mail(data: bytes, request: Request) -> Iterator[Piece | Facts | At]:
    """Read an e-mail; of a text in several forms the richest, and each attachment as its kind."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    if not message.keys():
        raise DamagedError("it is no e-mail: it has no head. Save it again as .eml.")
    yield from _head(message)
    bodies, others = _parts(message)
    for part in bodies:
        yield from _body(part, request)
    for number, part in enumerate(others, start=1):
        yield from read_attachment(_name(part, number), _content(part), request)


READER = reader_of_pieces(read_mail)


def head_pieces(subject: str, lines: list[tuple[str, str]]) -> Iterator[Piece | Facts]:
    """Give the head of a message: its subject as a heading, the rest a line each."""
    if subject.strip():
        yield Piece(subject, BlockKind.HEADING, 1)
        yield Facts(metadata=(("title", subject.strip()),))
    yield Piece("\n".join(f"{name}: {value}" for name, value in lines if value.strip()))


def _head(message: EmailMessage) -> Iterator[Piece | Facts]:
    lines = [(name, str(value)) for name in _HEADERS for value in message.get_all(name, [])]
    yield from head_pieces(str(message.get("Subject", "")), lines)


def _parts(message: MIMEPart) -> tuple[list[MIMEPart], list[MIMEPart]]:
    """Part what is read as the message's own text from what is attached to it."""
    bodies: list[MIMEPart] = []
    others: list[MIMEPart] = []
    waiting = [message]
    seen = 0
    while waiting:
        part = waiting.pop(0)
        seen += 1
        if seen > _MOST_PARTS:
            raise LimitError(f"it has more than {_MOST_PARTS:,} parts")
        kind = part.get_content_type()
        inside = list(part.iter_parts()) if kind.startswith("multipart/") else []
        if kind == "multipart/alternative":
            waiting[:0] = _richest(inside)
        elif kind.startswith("multipart/"):
            waiting[:0] = inside
        elif part.get_content_disposition() != "attachment" and kind in {"text/plain", "text/html"}:
            bodies.append(part)
        else:
            others.append(part)
    return bodies, others


def _richest(forms: list[MIMEPart]) -> list[MIMEPart]:
    """Give the last form that is text, which RFC 2046 calls the best.

    With it what is none: some programs put their attachments among the forms.
    """
    texts = [form for form in forms if form.get_content_maintype() in {"text", "multipart"}]
    known = [form for form in texts if form.get_content_type() != "text/calendar"]
    return [*(known or texts)[-1:], *(form for form in forms if form not in texts)]


def _body(part: MIMEPart, request: Request) -> Iterator[Piece | Facts]:
    text = _text(part)
    if part.get_content_type() == "text/html":
        yield from read_page(text, request)
    else:
        yield from (Piece(paragraph) for paragraph in paragraphs(text))


def _text(part: MIMEPart) -> str:
    data = _content(part)
    charset = part.get_content_charset()
    try:
        return data.decode(charset) if charset else decode(data)[0]
    except (LookupError, UnicodeDecodeError):
        return decode(data)[0]


def _name(part: MIMEPart, number: int) -> str:
    """Give a part's own name, or one whose suffix tells its kind."""
    kind = part.get_content_type()
    suffix = ".eml" if kind == "message/rfc822" else mimetypes.guess_extension(kind)
    return part.get_filename() or f"part {number}{suffix or ''}"


def _content(part: MIMEPart) -> bytes:
    """Give the bytes of a part; a message inside is a file of its own."""
    if part.get_content_type() == "message/rfc822":
        return b"\n".join(inner.as_bytes() for inner in part.iter_parts())
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""
