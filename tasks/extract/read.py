"""The way in to this room: one source file to one document, whatever the file does."""

import asyncio
import hashlib
import logging
import signal
import stat
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

from tasks.core import errors
from tasks.core.documents import Document
from tasks.core.errors import DamagedError, InputError, LimitError
from tasks.extract.conversation import Answer, Errand, Work
from tasks.extract.guard import clean
from tasks.extract.limits import ExtractionLimits
from tasks.extract.options import ReadingOptions
from tasks.extract.pool import Pool, Said
from tasks.extract.reader import Request, Stopped

READER_VERSION = "3"
"""Part of the store's key: raise it with every change that gives a source another text."""

_LOG = logging.getLogger("docmill.extract")


class Readers:
    """Reads files in child processes, up to `at_once` at a time; to be closed after use.

    Each file gets a process of its own that has a time, a memory and a network limit.
    """

    def __init__(self, limits: ExtractionLimits, *, at_once: int = 1) -> None:
        self.limits = limits
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
        password: str | None = None,
    ) -> Document:
        """Read one source file; raises the `InputError` that fits, naming the file.

        A reader that had to be stopped midway gives what it had read by then, with a warning.
        """
        name = clean(path.name)[0]
        request = Request(name=name, limits=self.limits, options=options, password=password)
        errand = _errand(path, request)
        said = await self._send(errand)
        if said.heard.opened and not said.heard.opened.shielded:
            _warn_once()
        answer = answer_in(said, self.limits)
        if answer.document is not None:
            return answer.document
        return await self._rescued(errand, said, answer) or _raise(answer, name)

    async def _send(self, errand: Errand, lines: bytes = b"") -> Said:
        return await self._pool.send(
            errand,
            lines,
            timeout_s=self.limits.timeout_s,
            max_bytes=self.limits.max_memory_bytes,
        )

    async def _rescued(self, errand: Errand, said: Said, answer: Answer) -> Document | None:
        """Make a document of the parts that came before a reader was stopped, if they hold text."""
        opened, parts = said.heard.opened, bytes(said.heard.parts)
        if not answer.died or opened is None or not parts:
            return None
        stopped = Stopped(answer.message, page=said.heard.page)
        request = replace(errand.request, digest=opened.digest, stopped=stopped)
        building = replace(errand, work=Work.BUILD, format=opened.format, request=request)
        built = answer_in(await self._send(building, parts), self.limits).document
        return built if built is not None and built.text.strip() else None


async def extract(
    path: Path,
    limits: ExtractionLimits,
    options: ReadingOptions = ReadingOptions(),  # noqa: B008 a frozen value
    *,
    password: str | None = None,
) -> Document:
    """Read one source file alone."""
    async with Readers(limits) as readers:
        return await readers.extract(path, options, password=password)


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


def _errand(path: Path, request: Request) -> Errand:
    """Give the errand; the child runs in another folder, hence the absolute path."""
    return Errand(work=Work.DOCUMENT, path=str(path.absolute()), request=request)


def answer_in(said: Said, limits: ExtractionLimits) -> Answer:
    """Give what a child answered, or an answer in its stead that says how it died."""
    if said.heard.answer is not None and not said.outcome.said_too_much:
        return said.heard.answer
    kind, message = _death(said, limits)
    where = f" at page {said.heard.page}" if said.heard.page else ""
    return Answer(error=kind.__name__, message=message.format(where=where), died=True)


def _death(said: Said, limits: ExtractionLimits) -> tuple[type[InputError], str]:
    """Say why a child ended without a word."""
    code = said.heard.ended.exit_code if said.heard.ended else said.outcome.exit_code or 0
    name = signal.Signals(-code).name if code < 0 else f"exit {code}"
    if said.outcome.timed_out or name == "SIGXCPU":
        took = f"reading it took longer than {limits.timeout_s:g} s{{where}}"
        return LimitError, f"{took}. Split it, or raise the time limit."
    if said.outcome.said_too_much:
        return LimitError, "it holds more text than the limit allows{where}. Split it."
    if name == "SIGKILL":  # not ours: the system's, short of memory
        return LimitError, "the system ended its reader{where}, likely short of memory."
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
