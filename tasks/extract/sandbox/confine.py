"""What a reading child does to itself before it touches hostile bytes; Linux gives all of it."""

import contextlib
import ctypes
import math
import os
import resource
import signal

from tasks.extract.limits import ExtractionLimits
from tasks.extract.sandbox import seccomp

_PR_SET_PDEATHSIG = 1
_CLONE_NEWUSER = 0x1000_0000
_CLONE_NEWNET = 0x4000_0000
_CPU_GRACE_S = 2


def leave_no_core() -> None:
    """Leave no core dump of somebody's contract or password."""
    _bound(resource.RLIMIT_CORE, 0)


def bound_resources(limits: ExtractionLimits) -> None:
    """Bound memory and processor time."""
    leave_no_core()
    _bound(resource.RLIMIT_AS, limits.max_memory_bytes)
    _bound(resource.RLIMIT_CPU, math.ceil(limits.timeout_s) + _CPU_GRACE_S)


def shut_in() -> bool:
    """Close the doors before the first hostile byte is parsed; False if the network stays open."""
    cut = cut_network()
    forbid_writing()
    return seccomp.forbid_calls() or cut


def forbid_writing() -> None:
    """Let no file grow; pipes are none. Call it when all modules are imported."""
    _bound(resource.RLIMIT_FSIZE, 0)


def die_with_parent() -> None:
    """Have the kernel kill this process when its parent dies, however that happens."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def cut_network() -> bool:
    """Move this process to a network name space without a way out; False where that is refused.

    The process must have one thread, and must have read all that it needs: in its new user name
    space it may open fewer files than before.
    """
    try:
        unshare = ctypes.CDLL(None, use_errno=True).unshare
    except (OSError, AttributeError):
        return False
    return bool(unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0)


def _bound(which: int, bound: int) -> None:
    """Set a limit, unless a stricter one stands already or the system knows none."""
    hard = resource.getrlimit(which)[1]
    if hard != resource.RLIM_INFINITY:
        bound = min(bound, hard)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(which, (bound, bound))


def own_output() -> int:
    """Keep stdout for the answer: what a C library prints goes to stderr from now on."""
    answer = os.dup(1)
    os.dup2(2, 1)
    return answer
