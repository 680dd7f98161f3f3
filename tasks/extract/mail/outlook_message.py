"""An Outlook message taken apart by python-oxmsg, with what is attached to it."""

import hashlib
import io
from contextlib import suppress
from dataclasses import dataclass
from email.header import Header
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from typing import Any

from oxmsg import Message
from oxmsg.domain import constants
from oxmsg.domain.model import MSG_HDR_OFFSET, RECIP_HDR_OFFSET
from oxmsg.properties import Properties

from tasks.core.errors import DamagedError
from tasks.extract.inside import named_apart
from tasks.extract.mail.rtf import rich_text
from tasks.extract.reader import Inside
from tasks.extract.text import decode

_BODIES = (constants.PID_BODY, constants.PID_BODY_HTML)
_EMBEDDED = "__substg1.0_3701000D"
_EMBEDDED_HEADER_BYTES = 24  # MS-OXMSG 2.4.1.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message: its head line by line, its text in its richest form, and what is attached.

    `pictures` counts those that its text shows.
    """

    subject: str
    head: tuple[tuple[str, str], ...]
    html: str = ""
    text: str = ""
    files: tuple[Inside, ...] = ()
    pictures: int = 0


class _Texts(Properties):
    """Properties whose texts are read even where they are in another encoding than they say.

    `within` is that of the message that they belong to, as those of a recipient do.
    """

    def __init__(self, storage: Any, header_bytes: int, within: str = "") -> None:
        super().__init__(storage, properties_header_offset=header_bytes)
        self._within = within

    def str_prop_value(self, pid: int) -> str | None:
        """Give a text, or None where there is none."""
        if self._get_property(pid, constants.PTYP_STRING8) is None:
            return super().str_prop_value(pid)
        data = self._storage.property_stream_bytes(pid, constants.PTYP_STRING8)
        return decoded_as(self.body_encoding if pid in _BODIES else self.encoding, data)

    @property
    def encoding(self) -> str:
        """Give the encoding of texts that are no bodies, as far as anything is said of it."""
        if self._cherry_pick_int_prop(constants.PID_MESSAGE_CODEPAGE) is None:
            return self._within or self.body_encoding
        return self._str_prop_encoding


class _Message(Message):
    """A message that is a file, or one that is attached to another: its properties begin there."""

    def __init__(self, storage: Any, *, header_bytes: int = MSG_HDR_OFFSET) -> None:
        super().__init__(storage)
        self._texts = _Texts(storage, header_bytes)

    @property
    def properties(self) -> _Texts:
        """Give the properties."""
        return self._texts


def letter_in(data: bytes) -> Letter:
    """Take a message apart; `DamagedError` for what is none."""
    try:
        return _letter(_Message(Message.load(io.BytesIO(data))._storage))
    except (DamagedError, MemoryError, RecursionError):
        raise
    except Exception as error:  # the library raises what its reader of OLE files does
        raise DamagedError(f"it is no Outlook message that can be read ({error})") from error


def _letter(message: Any) -> Letter:
    html, text = _html(message), message.body or ""
    rich = message.properties.binary_prop_value(constants.PID_RTF_COMPRESSED)
    if rich and not html and not text.strip():
        text = rich_text(rich)
    attached = [each for each in message.attachments if not _is_picture_in_text(each)]
    files = named_apart(_file(each, number) for number, each in enumerate(attached, start=1))
    to = "; ".join(_recipient(each, message.properties.encoding) for each in message.recipients)
    date = message.sent_date.isoformat() if message.sent_date else ""
    return Letter(
        subject=message.subject,
        head=(("From", message.sender or ""), ("To", to), ("Date", date)),
        html=html,
        text=text,
        files=tuple(files),
        pictures=len(message.attachments) - len(attached),
    )


def _recipient(recipient: Any, encoding: str) -> str:
    texts = _Texts(recipient._storage, RECIP_HDR_OFFSET, encoding)
    return f"{texts.str_prop_value(constants.PID_DISPLAY_NAME) or ''} <{recipient.email_address}>"


def _html(message: Any) -> str:
    html = message.properties.binary_prop_value(constants.PID_HTML)
    if html:
        return decoded_as(message.properties.body_encoding, html)
    return message.properties.str_prop_value(constants.PID_BODY_HTML) or ""


def decoded_as(said: str, data: bytes) -> str:
    """Decode a text that says its encoding: as UTF-8 if it is, as it says, or as it looks like."""
    for encoding in ("utf-8", said.replace("windows-", "cp")):  # as Python calls windows-950
        with suppress(LookupError, UnicodeDecodeError):
            return data.decode(encoding)
    return decode(data)[0]


def _is_picture_in_text(attachment: Any) -> bool:
    """Tell a picture that the text shows: Outlook gives it a name to be called by."""
    shown = attachment.properties.str_prop_value(constants.PID_ATTACH_CONTENT_ID)
    return bool(shown) and str(attachment.mime_type).startswith("image/")


def _file(attachment: Any, number: int) -> Inside:
    name = attachment.file_name or f"attachment {number}"
    inner = [s for s in attachment._storage.storages if s.name == _EMBEDDED]
    if not inner:
        return Inside(name, attachment.file_bytes or b"")
    letter = _letter(_Message(inner[0], header_bytes=_EMBEDDED_HEADER_BYTES))
    shown = attachment.properties.str_prop_value(constants.PID_DISPLAY_NAME)
    return Inside(f"{letter.subject or shown or name}.eml", as_mail(letter))


def as_mail(letter: Letter) -> bytes:
    """Write a message as an e-mail, as it has no file of its own; the same gives the same bytes."""
    parts = [MIMEText(letter.html or letter.text, "html" if letter.html else "plain", "utf-8")]
    told = repr((letter.subject, letter.head, letter.html, letter.text)).encode(errors="replace")
    digest = hashlib.sha256(told)
    for file in letter.files:
        digest.update(file.data)
    made = MIMEMultipart(boundary=f"=={digest.hexdigest()}==")
    for name, value in (("Subject", letter.subject), *letter.head):
        if value.strip():
            made[name] = Header(" ".join(value.split()), "utf-8").encode()
    for part in parts:
        made.attach(part)
    for file in letter.files:
        attached = MIMEApplication(file.data)
        attached.add_header("Content-Disposition", "attachment", filename=file.name)
        made.attach(attached)
    return made.as_bytes()
