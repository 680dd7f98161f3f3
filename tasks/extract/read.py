"""The way in to this room: one source file to one document, whatever the file does."""

import hashlib
import logging
import re
import stat
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

from tasks.core import errors
from tasks.core.codec import to_json
from tasks.core.documents import Document
from tasks.core.errors import DamagedError, InputError, LimitError
from tasks.extract import sandbox
from tasks.extract.answer import Answer, Request, last_answer
from tasks.extract.child import NO_SHIELD_MARK, PAGE_MARK
from tasks.extract.guard import clean
from tasks.extract.limits import ExtractionLimits
from tasks.extract.options import ReadingOptions

READER_VERSION = "2"
"""Part of the store's key: raise it with every change that gives a source another text."""

_LOG = logging.getLogger("docmill.extract")


async def extract(
    path: Path,
    limits: ExtractionLimits,
    *,
    options: ReadingOptions = ReadingOptions(),  # noqa: B008 a frozen value
    password: str | None = None,
) -> Document:
    """Read one source file in a child process that has a time, a memory and a network limit.

    Raises the `InputError` that fits, naming the file.
    """
    outcome = await sandbox.run(
        _command(path),
        to_json(Request(password=password, limits=limits, options=options)),
        timeout_s=limits.timeout_s,
        max_answer_bytes=limits.max_memory_bytes,
    )
    if NO_SHIELD_MARK in outcome.stderr:
        _warn_once()
    return document_of(outcome, clean(path.name)[0], limits)


def _command(path: Path) -> tuple[str, ...]:
    """Give the child's command; it runs in another folder, hence the absolute path."""
    return (sys.executable, "-m", "tasks.extract.child", str(path.absolute()))


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


def document_of(outcome: sandbox.Outcome, name: str, limits: ExtractionLimits) -> Document:
    """Make of what became of a child the document, or raise the error that fits."""
    answer = last_answer(outcome.stdout)
    if answer is None or (answer.draft and outcome.said_too_much):
        raise _death(outcome, name, limits)
    if answer.document is None:
        raise _told(answer, name)
    if answer.draft:
        warnings = (*answer.document.warnings, "the second reader did not come back and was ended")
        return replace(answer.document, warnings=warnings)
    return answer.document


def _told(answer: Answer, name: str) -> InputError:
    """Give the error that the child named."""
    kind = getattr(errors, answer.error or "", DamagedError)
    known = isinstance(kind, type) and issubclass(kind, InputError)
    return (kind if known else DamagedError)(f"{name}: {answer.message}")


def _death(outcome: sandbox.Outcome, name: str, limits: ExtractionLimits) -> InputError:
    """Give the error for a child that ended without a word, with the page where it was."""
    where = _place(outcome.stderr)
    if outcome.timed_out or outcome.signal_name == "SIGXCPU":
        return LimitError(
            f"{name}: reading it took longer than {limits.timeout_s:g} s{where}. "
            "Split it, or raise the time limit."
        )
    if outcome.said_too_much:
        return LimitError(f"{name}: it holds more text than the limit allows. Split it.")
    if outcome.signal_name == "SIGKILL":  # not ours: the system's, short of memory
        return LimitError(f"{name}: the system ended its reader{where}, likely short of memory.")
    how = outcome.signal_name or f"exit {outcome.exit_code}"
    return DamagedError(
        f"{name}: its reader crashed ({how}){where}. "
        "Open it in the program it is from and save it again."
    )


def _place(stderr: str) -> str:
    pages = re.findall(rf"^{PAGE_MARK}(\d+)$", stderr, re.MULTILINE)
    return f" at page {pages[-1]}" if pages else ""


@cache
def _warn_once() -> None:
    _LOG.warning(
        "This system does not let readers be cut off from the network (unshare is refused); "
        "they run with limits of time and memory alone."
    )
