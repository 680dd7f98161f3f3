"""Work on hostile bytes in a process of its own that gives back bytes, and nothing else.

A file inside another has to be taken out before anybody knows its format, and with that whether
another program must be started for it. The child that reads may start one as long as it is not shut
in, so until then it must not parse anything itself.
"""

import os
from collections.abc import Callable

from tasks.core import errors
from tasks.core.errors import DamagedError, InputError, LimitError
from tasks.extract.sandbox import confine

_DEEP = "it is nested too deeply. Take out what lies in it by hand."
_LARGE = "it takes more memory than it may. Take out what lies in it by hand."


def apart(work: Callable[[], bytes], shield: Callable[[], bool]) -> tuple[bytes, bool]:
    """Do work in a forked and shut-in process; give its bytes, and whether the network was cut.

    Raises the `InputError` that it raised, or `DamagedError` where it ended without a word.
    """
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(reading)
        _be_child(work, shield, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        word = stream.readline().rstrip(b"\n").decode()
        content = stream.read()
    os.waitpid(pid, 0)
    if word in _WORDS:
        return content, _WORDS[word]
    kind = getattr(errors, word, DamagedError)
    known = isinstance(kind, type) and issubclass(kind, InputError)
    raise (kind if known else DamagedError)(content.decode() or "its reader crashed")


_WORDS = {"shielded": True, "unshielded": False}


def _be_child(work: Callable[[], bytes], shield: Callable[[], bool], output: int) -> None:
    """Do the work in the forked process, which never comes back from here."""
    try:
        confine.die_with_parent()
        word, content = _done(work, shield)
        with os.fdopen(output, "wb") as stream:
            stream.write(word.encode() + b"\n")
            stream.write(content)
    finally:
        os._exit(0)


def _done(work: Callable[[], bytes], shield: Callable[[], bool]) -> tuple[str, bytes]:
    try:
        shielded = shield()
        return "shielded" if shielded else "unshielded", work()
    except InputError as error:
        return type(error).__name__, str(error).encode()
    except (MemoryError, RecursionError) as error:
        told = _LARGE if isinstance(error, MemoryError) else _DEEP
        return LimitError.__name__, told.encode()
    except Exception as error:  # noqa: BLE001 the edge: whatever a library raises means the file
        return DamagedError.__name__, f"it cannot be opened ({error})".encode()
