"""Reading e-mails (RFC 5322, MIME): head, text, and a list of what is attached."""

import email
import email.policy
import mimetypes
from collections.abc import Iterator, Sequence
from email.message import EmailMessage, MIMEPart

from tasks.core.documents import BlockKind
from tasks.core.errors import DamagedError, EncryptedError, LimitError
from tasks.extract.assemble import Facts, Piece, reader_of_pieces
from tasks.extract.html.reader import read_page
from tasks.extract.inside import listed, named_apart
from tasks.extract.reader import At, Inside, Request
from tasks.extract.text import decode, paragraphs

_HEADERS = ("From", "To", "Cc", "Bcc", "Reply-To", "Date")
_MOST_PARTS = 1000
_LOCKED = {"application/pkcs7-mime", "application/x-pkcs7-mime", "multipart/encrypted"}


def read_mail(data: bytes, request: Request) -> Iterator[Piece | Facts | At]:
    """Read an e-mail; of a text in several forms the richest. What is attached is listed."""
    message = parsed_mail(data)
    bodies, others = _parts(message)
    files = list(_files(others))
    lines = [(name, str(value)) for name in _HEADERS for value in message.get_all(name, [])]
    yield from head_pieces(str(message.get("Subject", "")), lines, files)
    for part in bodies:
        yield from _body(part, request)
    yield from listed(files)
    yield from pictures_told(sum(map(_is_picture_in_text, others)))


def unpack_mail(data: bytes, _: Request) -> Iterator[Inside]:
    """Give what is attached to an e-mail."""
    return _files(_parts(parsed_mail(data))[1])


READER = reader_of_pieces(read_mail, unpack_mail)


def head_pieces(
    subject: str, lines: Sequence[tuple[str, str]], files: Sequence[Inside]
) -> Iterator[Piece | Facts]:
    """Give the head of a message: its subject as a heading, the rest a line each."""
    if subject.strip():
        yield Piece(subject, BlockKind.HEADING, 1)
        yield Facts(metadata=(("title", subject.strip()),))
    attached = ("Attachments", ", ".join(file.name for file in files))
    told = (f"{name}: {value}" for name, value in (*lines, attached) if value.strip())
    yield Piece("\n".join(told))


def pictures_told(count: int) -> Iterator[Facts]:
    """Say how many pictures stand in the text of a message; they are no documents."""
    if count:
        what = "1 picture in its text was" if count == 1 else f"{count} pictures in its text were"
        yield Facts(warnings=(f"{what} not read",))


def parsed_mail(data: bytes) -> EmailMessage:
    """Take a message apart; raises `DamagedError` and `EncryptedError`."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    if not message.keys():
        raise DamagedError("it is no e-mail: it has no head. Save it again as .eml.")
    if message.get_content_type() in _LOCKED:
        raise EncryptedError(
            "it is encrypted, or sealed as a whole (S/MIME, OpenPGP). Save it from a mail program "
            "that opens it."
        )
    return message


def _files(parts: Sequence[MIMEPart]) -> Iterator[Inside]:
    """Give the parts that are files of their own, each by a name of its own."""
    attached = [part for part in parts if not _is_picture_in_text(part)]
    files = (Inside(_name(p, number), _content(p)) for number, p in enumerate(attached, start=1))
    return named_apart(files)


def _is_picture_in_text(part: MIMEPart) -> bool:
    """Tell a picture that the text shows, as a logo, from one that somebody attached."""
    shown = part.get_content_disposition() != "attachment" or part["Content-ID"] is not None
    return part.get_content_maintype() == "image" and shown


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
        elif _is_body(part):
            bodies.append(part)
        else:
            others.append(part)
    return bodies, others


def _is_body(part: MIMEPart) -> bool:
    """Tell text of the message from a file; reports on delivery are text, too."""
    kind = part.get_content_type()
    if part.get_content_disposition() == "attachment":
        return False
    unnamed = part.get_content_maintype() == "text" and not part.get_filename()
    return unnamed or kind in {"text/plain", "text/html", "message/delivery-status"}


def _richest(forms: list[MIMEPart]) -> list[MIMEPart]:
    """Give the last form that is text, which RFC 2046 calls the best.

    With it what is none: some programs put their attachments among the forms.
    """
    texts = [form for form in forms if form.get_content_maintype() in {"text", "multipart"}]
    known = [form for form in texts if form.get_content_type() != "text/calendar"]
    return [*(known or texts)[-1:], *(form for form in forms if form not in texts)]


def _body(part: MIMEPart, request: Request) -> Iterator[Piece | Facts]:
    text = text_of(part)
    if part.get_content_type() == "text/html":
        yield from read_page(text, request)
    else:
        yield from (Piece(paragraph) for paragraph in paragraphs(text))


def text_of(part: MIMEPart) -> str:
    """Decode a part of a message by the encoding that it names, or that its bytes tell."""
    data = _content(part)
    charset = part.get_content_charset()
    try:
        return data.decode(charset) if charset else decode(data)[0]
    except (LookupError, UnicodeDecodeError):
        return decode(data)[0]


def _name(part: MIMEPart, number: int) -> str:
    """Give a part's own name, or one whose suffix tells its kind."""
    kind = part.get_content_type()
    if part.get_filename():
        return str(part.get_filename())
    if kind == "message/rfc822":
        subjects = (str(inner.get("Subject", "")) for inner in part.iter_parts())
        return f"{next(filter(None, subjects), f'message {number}')}.eml"
    return f"part {number}{mimetypes.guess_extension(kind) or ''}"


def _content(part: MIMEPart) -> bytes:
    """Give the bytes of a part; a message inside is a file of its own."""
    if part.get_content_type() in {"message/rfc822", "message/delivery-status"}:
        return b"\n".join(inner.as_bytes() for inner in part.iter_parts())
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""
