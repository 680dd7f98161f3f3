"""The way in to this room: one source file to one document, whatever the file does."""

import asyncio
import hashlib
import logging
import signal
import stat
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

from tasks.core import errors
from tasks.core.documents import Document
from tasks.core.errors import DamagedError, InputError, LimitError
from tasks.extract.characters import clean
from tasks.extract.conversation import Answer, Errand, Work
from tasks.extract.limits import ExtractionLimits
from tasks.extract.options import ReadingOptions
from tasks.extract.pool import Pool, Said
from tasks.extract.reader import Request, Stopped
from tasks.extract.sources import INSIDE

_COUNTING_SHARE = 0.1
_READING_SHARE = 0.9
"""Of the time that a file may take, all of it together; the rest is for keeping what was read."""

_FEWEST_PAGES_APART = 32
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
        errand = _errand(path, inside, request)
        pages, counting_s = await self._count(errand)
        reading_s = self.limits.timeout_s * _READING_SHARE - counting_s
        said = await self._read(errand, pages, within_s=reading_s)
        if any(one.heard.opened and not one.heard.opened.shielded for one in said):
            _warn_once()
        answers = [answer_in(one) for one in said]
        answer = next((one for one in answers if one.error), answers[0])
        if answer.document is None and (answer.died or not answer.error):
            spent_s = counting_s + max(one.seconds for one in said)
            left_s = self.limits.timeout_s - spent_s
            answer = await self._built(errand, said, answer, within_s=left_s)
        return answer.document or _raise(answer, INSIDE.join((name, *inside)))

    async def _read(self, errand: Errand, pages: int, *, within_s: float) -> list[Said]:
        """Have a file read by one child, or the pages of a long one by as many as there are."""
        share = max(-(-pages // self._pool.size), _FEWEST_PAGES_APART)
        if share >= pages:
            return [await self._send(errand, within_s=within_s)]
        starts = range(1, pages + 1, share)
        requests = (
            replace(errand.request, pages=(start, min(start + share, pages + 1)))
            for start in starts
        )
        parts = (replace(errand, work=Work.PARTS, request=request) for request in requests)
        return await asyncio.gather(*(self._send(part, within_s=within_s) for part in parts))

    async def _count(self, errand: Errand) -> tuple[int, float]:
        """Count the pages of a file that may be worth sharing out, else 1; give the seconds too."""
        if self._pool.size == 1 or _size(errand.path) < _SMALL_BYTES:
            return 1, 0.0
        within_s = self.limits.timeout_s * _COUNTING_SHARE
        said = await self._send(replace(errand, work=Work.COUNT), within_s=within_s)
        return answer_in(said).pages or 1, said.seconds

    async def _built(
        self, errand: Errand, said: Sequence[Said], answer: Answer, *, within_s: float
    ) -> Answer:
        """Build a document of parts; a reader that died is forgiven if there is some text."""
        opened = said[0].heard.opened
        if opened is None or not any(one.heard.parts for one in said):
            return answer
        page = next((s.heard.page for s in said if s.heard.answer is None), said[-1].heard.page)
        stopped = Stopped(answer.message, page) if answer.died else None
        request = replace(errand.request, digest=opened.digest, stopped=stopped)
        building = replace(errand, work=Work.BUILD, format=opened.format, request=request)
        built = answer_in(await self._send(building, _taken(said), within_s=within_s))
        if stopped and not (built.document and built.document.text.strip()):
            return answer
        return built

    async def _send(self, errand: Errand, lines: bytes = b"", *, within_s: float) -> Said:
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


def _taken(said: Sequence[Said]) -> bytes:
    """Take the parts out of conversations: those of a long file are not kept twice."""
    parts = b"".join(one.heard.parts for one in said)
    for one in said:
        one.heard.parts.clear()
    return parts


def _errand(path: Path, inside: tuple[str, ...], request: Request) -> Errand:
    """Give the errand; the child runs in another folder, hence the absolute path."""
    whole = str(path.absolute())
    return Errand(work=Work.DOCUMENT, path=whole, request=request, inside=inside)


def _size(path: str) -> int:
    """Give a file's size, 0 for one that cannot be seen: its reader will say why."""
    try:
        return Path(path).stat().st_size
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
