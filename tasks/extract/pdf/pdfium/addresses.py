"""Asking pdfium many small questions at little cost.

Its objects are passed as plain addresses: to make a pointer object for each takes longer than most
questions do, and a page may draw a hundred thousand objects. Where the same is asked of many, the
answers go to one piece of memory. Python's lock is kept meanwhile.
"""

import ctypes
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from struct import Struct, calcsize
from typing import Any

_WHOLE = {ctypes.c_int, ctypes.c_uint, ctypes.c_long, ctypes.c_ulong, ctypes.c_size_t}

Address = int
"""Where one of pdfium's objects is; 0 for none."""


def by_address(function: Any) -> Callable[..., Any]:
    """Give a function of pdfium that takes and gives addresses in place of pointer objects.

    Where pdfium writes to, it takes `ctypes.byref` or an address; for no address it gives None.
    """
    given = ctypes.c_void_p if _is_pointer(function.restype) else function.restype
    taken = [ctypes.c_void_p if _is_whole(kind) else kind for kind in function.argtypes]
    return ctypes.PYFUNCTYPE(given, *taken)(address_of(function))


def address_of(pointer: Any) -> Address:
    """Give the address that a pointer object holds."""
    return ctypes.cast(pointer, ctypes.c_void_p).value or 0


def answers(
    function: Callable[..., Any],
    count: int,
    *questions: Iterable[int],
    written: Sequence[str],
    unless: Sequence[float] = (),
) -> list[tuple[Any, ...]]:
    """Ask the same `count` times and give what pdfium writes, a tuple for each time.

    `written` is what its last parameters point to, as `struct` spells it; `unless` is the answer
    where it writes none, zeros by default.
    """
    if not count:
        return []
    record = Struct("".join(written))
    memory = bytearray(record.pack(*unless) if unless else record.size) * count
    start = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    offsets = accumulate(map(calcsize, written[:-1]), initial=start)
    places = (range(at, at + record.size * count, record.size) for at in offsets)
    deque(map(function, *questions, *places), maxlen=0)
    return list(record.iter_unpack(memory))


def _is_pointer(kind: Any) -> bool:
    return hasattr(kind, "contents")


def _is_whole(kind: Any) -> bool:
    """Tell a pointer or a whole number; both go in one register, and one is quicker to convert."""
    return _is_pointer(kind) or kind in _WHOLE
