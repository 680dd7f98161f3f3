"""What a forked child does with one errand: it shuts itself in, reads, and says what it found."""

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from tasks.core.errors import DamagedError, DocmillError, InputError, LimitError
from tasks.extract import confine
from tasks.extract.apart import apart
from tasks.extract.conversation import Answer, Errand, Opened, Work
from tasks.extract.formats import format_of, recognise
from tasks.extract.inside import unpacked
from tasks.extract.limits import ExtractionLimits
from tasks.extract.reader import At, Reader, line_of

_BUFFER_BYTES = 1 << 16

Say = Callable[[object], None]


def serve(errand: Errand, lines: Iterable[bytes], output: int) -> None:
    """Do an errand within its limits and write what there is to say to a file descriptor."""
    confine.bound_resources(errand.request.limits)
    voice = Voice(output)
    voice.say(answer(errand, lines, say=voice.say, shield=confine.shut_in))
    voice.flush()


def answer(
    errand: Errand, lines: Iterable[bytes], *, say: Say, shield: Callable[[], bool]
) -> Answer:
    """Do an errand; every failure becomes an answer with its name."""
    try:
        if errand.work is Work.BUILD:
            return _build(errand, lines, shield)
        return _read(errand, say, shield)
    except DocmillError as error:
        return Answer(error=type(error).__name__, message=str(error))
    except MemoryError:
        return _no_memory(errand.request.limits)
    except RecursionError:
        return Answer(
            error=LimitError.__name__,
            message="it is nested too deeply. Save it again with the program it is from.",
        )
    except Exception as error:  # noqa: BLE001 the edge: whatever a library raises means the file
        return Answer(
            error=DamagedError.__name__,
            message=f"it cannot be read ({type(error).__name__}: {error}). "
            "Open it in the program it is from and save it again.",
            died=True,
        )


class Voice:
    """Writes lines to a pipe, many at once, but for news of pages, which must not be late."""

    def __init__(self, output: int) -> None:
        self._output = output
        self._unsaid = bytearray()

    def say(self, value: object) -> None:
        """Say a part, news, or the answer."""
        self._unsaid += line_of(value)
        if isinstance(value, At) or len(self._unsaid) > _BUFFER_BYTES:
            self.flush()

    def flush(self) -> None:
        """Write what is still unsaid."""
        write(self._output, self._unsaid)
        self._unsaid = bytearray()


def write(output: int, content: bytes | bytearray) -> None:
    """Write all of it, however much the pipe takes at once."""
    left = memoryview(content)
    while left:
        left = left[os.write(output, left) :]


def _read(errand: Errand, say: Say, shield: Callable[[], bool]) -> Answer:
    data, unshielded = _bytes_of(errand, shield)
    name = errand.inside[-1] if errand.inside else errand.request.name
    known = recognise(data, name)
    reader = known.reader()
    request = replace(errand.request, name=name, digest=hashlib.sha256(data).hexdigest())
    if reader.convert:
        data = reader.convert(data, request)
    shielded = shield() and not unshielded
    say(Opened(format=known.name, digest=request.digest, shielded=shielded))
    if errand.work is Work.COUNT:
        return Answer(pages=reader.count(data, request) if reader.count else 1)
    parts = _told(reader.read(data, request), say)
    if errand.work is Work.PARTS:
        for _ in parts:
            pass
        return Answer()
    return Answer(document=reader.build(parts, request))


def _bytes_of(errand: Errand, shield: Callable[[], bool]) -> tuple[bytes, bool]:
    """Give the bytes of the source, and whether the network was open when they were taken out."""
    data = _read_bytes(Path(errand.path), errand.request.limits)
    if not errand.inside:
        return data, False
    recognise(data, errand.request.name).reader()  # imported while files can be opened

    def take_out() -> bytes:
        inner, name = data, errand.request.name
        for inside in errand.inside:
            reader = recognise(inner, name).reader()
            inner = unpacked(reader, inner, inside, replace(errand.request, name=name))
            name = inside
        return inner

    taken, shielded = apart(take_out, shield)
    return taken, not shielded


def _build(errand: Errand, lines: Iterable[bytes], shield: Callable[[], bool]) -> Answer:
    reader: Reader = format_of(errand.format).reader()
    shield()
    return Answer(document=reader.build(reader.parts_in(lines), errand.request))


def _told(parts: Iterator[object], say: Say) -> Iterator[object]:
    """Pass parts on, and tell the parent of each."""
    for part in parts:
        say(part)
        yield part


def _read_bytes(path: Path, limits: ExtractionLimits) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise InputError("it is not a file. Give a file, a folder or a glob.")
        if status.st_size > limits.max_source_bytes:
            raise LimitError(
                f"it has {status.st_size:,} bytes (limit {limits.max_source_bytes:,}). Split it."
            )
        data = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"it cannot be opened ({error.strerror}). Check path and rights."
        ) from error
    if not data:
        raise DamagedError("it is empty (0 bytes). Fetch or save it again.")
    return data


def _no_memory(limits: ExtractionLimits) -> Answer:
    return Answer(
        error=LimitError.__name__,
        message=f"reading it needs more than {limits.max_memory_bytes:,} bytes of memory. "
        "Split it, or raise the limit.",
        died=True,
    )
