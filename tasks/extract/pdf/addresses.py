"""Asking pdfium many small questions at little cost.

Its objects are passed as plain addresses: to make a pointer object for each takes longer than most
questions do, and a page may draw a hundred thousand objects. Python's lock is kept meanwhile.
"""

import ctypes
from collections.abc import Callable
from typing import Any

Address = int
"""Where one of pdfium's objects is; 0 for none."""


def by_address(function: Any) -> Callable[..., Any]:
    """Give a function of pdfium that takes and gives addresses in place of pointer objects.

    Where pdfium writes to, it takes `ctypes.byref`; for no address it gives None.
    """
    kinds = [_plain(kind) for kind in (function.restype, *function.argtypes)]
    return ctypes.PYFUNCTYPE(*kinds)(address_of(function))


def address_of(pointer: Any) -> Address:
    """Give the address that a pointer object holds."""
    return ctypes.cast(pointer, ctypes.c_void_p).value or 0


def _plain(kind: Any) -> Any:
    return ctypes.c_void_p if hasattr(kind, "contents") else kind
