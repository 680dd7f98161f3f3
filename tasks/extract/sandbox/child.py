"""What a forked child does with one errand: it shuts itself in, reads, and says what it found."""

import hashlib
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from tasks.core.errors import DamagedError, DocmillError, InputError, LimitError
from tasks.extract.formats import format_of, recognise
from tasks.extract.inside import unpacked
from tasks.extract.limits import ExtractionLimits
from tasks.extract.reader import Reader
from tasks.extract.sandbox import confine
from tasks.extract.sandbox.apart import apart
from tasks.extract.sandbox.conversation import Answer, Ended, Errand, Opened, Work
from tasks.extract.sandbox.team import Helper, Leader
from tasks.extract.sandbox.voice import Voice

Say = Callable[[object], None]
Shield = Callable[[], bool]


def serve(errand: Errand, lines: Iterable[bytes], output: int, leader: Leader | None) -> None:
    """Do an errand within its limits and write what there is to say to a file descriptor."""
    confine.bound_resources(errand.request.limits)
    voice = Voice(output)
    voice.end(answer(errand, lines, say=voice.say, shield=confine.shut_in, leader=leader))


def help_out(errand: Errand, helper: Helper) -> None:
    """Read pages within the same limits, as long as there are some, and do what the leader asks."""
    confine.bound_resources(errand.request.limits)
    voice = Voice(helper.wire)
    work = partial(_help, errand, voice.say, confine.shut_in, helper)
    voice.say(_answered(work, errand.request.limits))
    voice.end(Ended(0))


def answer(
    errand: Errand,
    lines: Iterable[bytes],
    *,
    say: Say,
    shield: Shield,
    leader: Leader | None = None,
) -> Answer:
    """Do an errand; every failure becomes an answer with its name."""
    if errand.work is Work.BUILD:
        work = partial(_build, errand, lines, shield)
    else:
        work = partial(_read, errand, say, shield, leader)
    return _answered(work, errand.request.limits)


def _answered(work: Callable[[], Answer], limits: ExtractionLimits) -> Answer:
    try:
        return work()
    except DocmillError as error:
        return Answer(error=type(error).__name__, message=str(error))
    except MemoryError:
        return _no_memory(limits)
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


def _read(errand: Errand, say: Say, shield: Shield, leader: Leader | None) -> Answer:
    data, unshielded = _bytes_of(errand, shield)
    known = recognise(data, errand.name)
    reader = known.reader()
    digest = hashlib.sha256(data).hexdigest()
    request = replace(errand.request, name=errand.name, digest=digest)
    if reader.convert:
        data = reader.convert(data, request)
    shielded = shield() and not unshielded
    say(Opened(format=known.name, digest=digest, shielded=shielded))
    if leader is None or reader.read_some is None:
        parts = _told(reader.read(data, request), say)
    else:
        own = _told(reader.read_some(data, request, leader.pages), say)
        parts = leader.with_helpers(own, reader, say)
    return Answer(document=reader.build(parts, request))


def _help(errand: Errand, say: Say, shield: Shield, helper: Helper) -> Answer:
    """Read pages, then say so, and answer questions; only a failure is an answer after that."""
    data, _ = _bytes_of(errand, shield)
    reader = recognise(data, errand.name).reader()
    if reader.read_some is not None:
        shield()
        request = replace(errand.request, name=errand.name)
        for part in reader.read_some(data, request, helper.pages):
            say(part)
        say(Answer())
        say(Ended(0))
        if reader.help is not None:
            for question in helper.asked():
                say(reader.help(question) + b"\n")
    return Answer()


def _bytes_of(errand: Errand, shield: Shield) -> tuple[bytes, bool]:
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


def _build(errand: Errand, lines: Iterable[bytes], shield: Shield) -> Answer:
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
