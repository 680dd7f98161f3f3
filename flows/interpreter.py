"""How Python runs while answers come in: nothing is to hold up the loop that takes them.

A whole collection of garbage walks through every module and every document that there is: with
Prefect loaded 0.4 s, in which no answer is taken and no call begun. And a thread that writes an
output lets the loop have its turn only after the switch interval, time and again.
"""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

SWITCH_S = 0.001
"""Python's own is five times that."""


@contextmanager
def importing() -> Iterator[None]:
    """Import without collections, now and later: of what is imported, nothing is garbage."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


@contextmanager
def answering() -> Iterator[None]:
    """Leave what is there now out of collections, and give the loop its turn sooner."""
    switch_s = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_S)
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        sys.setswitchinterval(switch_s)
