"""A filter in the kernel that refuses a reading child the calls that no reader needs.

No sockets, no other programs, no further processes (threads are fine), no eyes on those of others.
It takes no right to limit oneself, so this stands where containers refuse `unshare`. The numbers
are those of the kernel's tables for x86-64 and arm64 (`seccomp(2)`, `linux/audit.h`).
"""

import ctypes
import errno
import platform
import struct
from dataclasses import dataclass
from typing import NamedTuple

_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, _PR_SET_NO_NEW_PRIVS = 22, 2, 38
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _IF_BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER_AT, _ARCHITECTURE_AT, _FIRST_ARGUMENT_AT = 0, 4, 16  # in `struct seccomp_data`
_ALLOW, _REFUSE = 0x7FFF_0000, 0x0005_0000
_X32_BIT = 0x4000_0000  # a second table of numbers that x86-64 kernels may know
_CLONE_THREAD = 0x1_0000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Calls:
    """An architecture's mark, and its numbers of the calls that the filter is about."""

    architecture: int
    clone: int
    clone3: int = 435
    forbidden: tuple[int, ...]


# Forbidden: socket, socketpair, fork, vfork, execve, execveat, ptrace, process_vm_readv and
# _writev, io_uring_setup (it opens sockets, too), kill, tkill, pidfd_send_signal.
_CALLS = {
    "x86_64": _Calls(
        architecture=0xC000_003E,
        clone=56,
        forbidden=(41, 53, 57, 58, 59, 322, 101, 310, 311, 425, 62, 200, 424),
    ),
    "aarch64": _Calls(
        architecture=0xC000_00B7,
        clone=220,
        forbidden=(198, 199, 221, 281, 117, 270, 271, 425, 129, 130, 424),
    ),
}


class _Step(NamedTuple):
    """An instruction; a jump names the label that it goes to, or goes on to the next step."""

    code: int
    value: int
    then: str = ""
    unless: str = ""
    label: str = ""


class _Program(ctypes.Structure):
    """`struct sock_fprog`: a number of instructions, and where they are."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def forbid_calls() -> bool:
    """Put the filter in force for this process and all its threads; False where it cannot be."""
    calls = _CALLS.get(platform.machine())
    if calls is None:
        return False
    steps = _steps(calls)
    program = _Program(len(steps), _assembled(steps))
    try:
        prctl = ctypes.CDLL(None, use_errno=True).prctl
    except (OSError, AttributeError):
        return False
    if prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0)


def _steps(calls: _Calls) -> list[_Step]:
    """Write the filter. To `clone3`, whose flags it cannot see, it says that there is no such."""
    return [
        _Step(_LOAD, _ARCHITECTURE_AT),
        _Step(_IF_EQUAL, calls.architecture, unless="refuse"),
        _Step(_LOAD, _NUMBER_AT),
        _Step(_IF_AT_LEAST, _X32_BIT, then="refuse"),
        *(_Step(_IF_EQUAL, number, then="refuse") for number in calls.forbidden),
        _Step(_IF_EQUAL, calls.clone3, then="unknown"),
        _Step(_IF_EQUAL, calls.clone, unless="allow"),
        _Step(_LOAD, _FIRST_ARGUMENT_AT),
        _Step(_IF_BITS, _CLONE_THREAD, unless="refuse"),
        _Step(_RETURN, _ALLOW, label="allow"),
        _Step(_RETURN, _REFUSE | errno.EPERM, label="refuse"),
        _Step(_RETURN, _REFUSE | errno.ENOSYS, label="unknown"),
    ]


def _assembled(steps: list[_Step]) -> bytes:
    """Give the bytes of `struct sock_filter`s; a jump counts from the step after it."""
    at = {step.label: index for index, step in enumerate(steps) if step.label}
    return b"".join(
        struct.pack(
            "HBBI",
            step.code,
            at[step.then] - index - 1 if step.then else 0,
            at[step.unless] - index - 1 if step.unless else 0,
            step.value,
        )
        for index, step in enumerate(steps)
    )
