"""The second reader of PDFs: pypdf, which is slow and may hang, on a clock of its own.

It is asked for single pages that pdfium reads badly, and for a whole document only where pdfium
cannot open it. The clock stops pypdf between two of its own steps; what no clock stops, the
parent's kill does, and by then the first reader's text has been sent.
"""

import io
import logging
import re
import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

from tasks.core.errors import DamagedError, EncryptedError
from tasks.extract.pdf.lines.line import Line
from tasks.extract.reader import Inside

if TYPE_CHECKING:
    from pypdf import PdfReader

LOCKED = "it is locked with a password. Give the password, or remove it in a PDF program."

_ARRAY_ELEMENTS = 1_000_000  # its default, 100,000, refuses ordinary filings
_OBJECTS_TO_SEARCH = 10_000
_ALARM_AGAIN_S = 0.5
_GLYPH_NAME = re.compile(r"/[A-Za-z]{1,5}\d{1,5}(?!\d)")
_NAMED_SHARE = 0.2  # of what is visible


class _TimeIsUp(BaseException):
    """The second reader has had its time; no `except Exception` of its own may swallow this."""


def second_opinions(
    data: bytes, pages: Iterable[int], *, password: str | None, budget_s: float
) -> dict[int, tuple[Line, ...]]:
    """Read the pages of these numbers with pypdf; what it cannot read in time is left out."""
    found: dict[int, tuple[Line, ...]] = {}
    try:
        with _clock(budget_s):
            reader = _open(data, password)
            for number in pages:
                lines = _page(reader, number - 1)
                if lines:
                    found[number] = lines
    except (_TimeIsUp, Exception):  # noqa: BLE001 without a second opinion the first one stands
        return found
    return found


def read_alone(
    data: bytes, *, password: str | None, max_pages: int
) -> list[tuple[Line, ...] | None]:
    """Read a document that pdfium cannot open; the child's limits are the only clock.

    Raises `EncryptedError` and `DamagedError`.
    """
    try:
        reader = _open(data, password)
        count = len(reader.pages)
    except EncryptedError:
        raise
    except Exception as error:
        raise DamagedError(
            "it is broken beyond repair. Fetch it again or print it anew."
        ) from error
    return [_page(reader, index) for index in range(min(count, max_pages + 1))]


def files_alone(data: bytes, *, password: str | None) -> Iterator[Inside]:
    """Give the files inside a document that pdfium cannot open; of one that breaks, its name."""
    try:
        files = list(_open(data, password).attachment_list)
    except Exception:  # noqa: BLE001 there is nothing to be had
        return
    for file in files:
        try:
            content = bytes(file.content)
        except Exception:  # noqa: BLE001 one bad file does not lose the others
            content = b""
        yield Inside(str(file.name), content)


def _page(reader: "PdfReader", index: int) -> tuple[Line, ...] | None:
    """Read one page; None for a page that breaks its reader."""
    try:
        return _lines(without_glyph_names(reader.pages[index].extract_text()))
    except Exception:  # noqa: BLE001 one bad page does not lose the others
        return None


def without_glyph_names(text: str) -> str:
    """Replace the names of glyphs, as /g139, that pypdf writes where it knows no character."""
    names = sum(len(name[0]) for name in _GLYPH_NAME.finditer(text))
    if names < _NAMED_SHARE * sum(map(len, text.split())):
        return text  # a path, a date
    return _GLYPH_NAME.sub("\ufffd", text)


def _open(data: bytes, password: str | None) -> "PdfReader":
    import pypdf

    pypdf.overwrite_configuration(array_maximum_element_count=_ARRAY_ELEMENTS)
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    reader = pypdf.PdfReader(io.BytesIO(data), root_object_recovery_limit=_OBJECTS_TO_SEARCH)
    if reader.is_encrypted and not reader.decrypt(password or ""):
        raise EncryptedError(LOCKED)
    return reader


def _lines(text: str) -> tuple[Line, ...]:
    return tuple(Line(line) for line in text.splitlines() if line.strip())


@contextmanager
def _clock(budget_s: float) -> Iterator[None]:
    """Raise `_TimeIsUp` in the main thread when time is up, again and again until it is heard."""
    previous = signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, budget_s, _ALARM_AGAIN_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def _ring(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 the signal module's form
    raise _TimeIsUp
