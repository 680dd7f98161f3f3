"""The way in to this room: one source file to one document, whatever the file does."""

import asyncio
import hashlib
import logging
import signal
import stat
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

from tasks.core import errors
from tasks.core.documents import Document
from tasks.core.errors import DamagedError, InputError, LimitError
from tasks.extract.characters import clean
from tasks.extract.limits import ExtractionLimits
from tasks.extract.options import ReadingOptions
from tasks.extract.reader import Request, Stopped, line_of
from tasks.extract.sandbox.conversation import Answer, Errand, Heard, Work
from tasks.extract.sandbox.pool import Pool, Said
from tasks.extract.sources import INSIDE

_READING_SHARE = 0.9
"""Of the time that a file may take; the rest is for keeping what was read."""

_SMALL_BYTES = 256 * 1024

_LOG = logging.getLogger("docmill.extract")


class Readers:
    """Reads files in child processes, up to `at_once` at a time; to be closed after use.

    Each file gets a process of its own that has a time, a memory and a network limit.
    """

    def __init__(
        self, limits: ExtractionLimits, *, at_once: int = 1, password: str | None = None
    ) -> None:
        self.limits = limits
        self._password = password
        self._pool = Pool(at_once)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await asyncio.shield(self._pool.close())

    async def extract(
        self,
        path: Path,
        options: ReadingOptions = ReadingOptions(),  # noqa: B008 a frozen value
        *,
        inside: tuple[str, ...] = (),
    ) -> Document:
        """Read a file, or a source inside it; raises the `InputError` that fits, naming it.

        `inside` is the way there, as in `Source`. What lies in the source is listed, not read.
        A reader that had to be stopped midway gives what it had read by then, and says so in
        `Document.unread`.
        """
        name = clean(path.name)[0]
        request = Request(name=name, limits=self.limits, options=options, password=self._password)
        errand = self._errand(path, inside, request)
        said = await self._send(errand, within_s=self.limits.timeout_s * _READING_SHARE)
        if said.heard.opened and not said.heard.opened.shielded:
            _warn_once()
        answer = answer_in(said)
        if answer.died:
            left_s = self.limits.timeout_s - said.seconds
            answer = await self._built(errand, said.heard, answer, within_s=left_s)
        return answer.document or _raise(answer, INSIDE.join((name, *inside)))

    def _errand(self, path: Path, inside: tuple[str, ...], request: Request) -> Errand:
        """Give the errand; the child runs in another folder, hence the absolute path."""
        whole = str(path.absolute())
        helpers = self._pool.size - 1 if _size(path) >= _SMALL_BYTES else 0
        return Errand(
            work=Work.DOCUMENT, path=whole, request=request, inside=inside, helpers=helpers
        )

    async def _built(
        self, errand: Errand, heard: Heard, answer: Answer, *, within_s: float
    ) -> Answer:
        """Build a document of the parts of a reader that died, which some text forgives."""
        if heard.opened is None or not heard.parts:
            return answer
        lines = [*heard.parts, line_of(Stopped(answer.message, heard.page)).rstrip()]
        request = replace(errand.request, digest=heard.opened.digest)
        building = replace(
            errand, work=Work.BUILD, format=heard.opened.format, request=request, helpers=0
        )
        built = answer_in(await self._send(building, lines, within_s=within_s))
        return built if built.document and built.document.text.strip() else answer

    async def _send(self, errand: Errand, lines: Iterable[bytes] = (), *, within_s: float) -> Said:
        return await self._pool.send(
            errand, lines, timeout_s=within_s, max_bytes=self.limits.max_memory_bytes
        )


async def extract(
    path: Path,
    limits: ExtractionLimits,
    options: ReadingOptions = ReadingOptions(),  # noqa: B008 a frozen value
    *,
    password: str | None = None,
) -> Document:
    """Read one file alone."""
    async with Readers(limits, password=password) as readers:
        return await readers.extract(path, options)


def digest_of(path: Path) -> str:
    """Give the SHA-256 of a file's bytes, as `Document.digest` has it, or raise `InputError`."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # opening a pipe would wait for ever
            raise InputError(
                f"{path.name}: it is no file; docmill reads files, and follows no links to folders"
            )
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise InputError(
            f"{path.name}: it cannot be opened ({error.strerror}). Check path and rights."
        ) from error


def _size(path: Path) -> int:
    """Give a file's size, 0 for one that cannot be seen: its reader will say why."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def answer_in(said: Said) -> Answer:
    """Give what a child answered, or an answer in its stead that says how it died."""
    if said.heard.answer is not None and not said.outcome.said_too_much:
        return said.heard.answer
    kind, message = _death(said)
    where = f" at page {said.heard.page}" if said.heard.page else ""
    return Answer(error=kind.__name__, message=message.format(where=where), died=True)


def _death(said: Said) -> tuple[type[InputError], str]:
    """Say why a child ended without a word."""
    code = said.heard.ended.exit_code if said.heard.ended else said.outcome.exit_code or 0
    name = signal.Signals(-code).name if code < 0 else f"exit {code}"
    if said.outcome.timed_out or name == "SIGXCPU":
        took = f"reading it took longer than {said.allowed_s:g} s{{where}}"
        return LimitError, f"{took}. Split it, or raise the time limit."
    if said.outcome.said_too_much:
        return LimitError, "it holds more text than the limit allows{where}. Split it."
    if name == "SIGKILL":  # not ours: the system's, short of memory
        return LimitError, "the system ended its reader{where}, likely short of memory."
    if name == "SIGABRT":  # what pdfium does where it gets no more memory
        advice = "Split it, raise the memory limit, or print it anew."
        return LimitError, f"its reader gave up{{where}}, likely short of memory. {advice}"
    advice = "Open it in the program it is from and save it again."
    return DamagedError, f"its reader crashed ({name}){{where}}. {advice}"


def _raise(answer: Answer, name: str) -> Document:
    """Raise the error that an answer names."""
    kind = getattr(errors, answer.error or "", DamagedError)
    known = isinstance(kind, type) and issubclass(kind, InputError)
    raise (kind if known else DamagedError)(f"{name}: {answer.message}")


@cache
def _warn_once() -> None:
    _LOG.warning(
        "This system does not let readers be cut off from the network (unshare and seccomp are "
        "refused); they run with limits of time and memory alone."
    )
