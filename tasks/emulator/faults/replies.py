"""Spoil a reply on its way: cut it, garble it, split its characters."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tasks.emulator.faults.rules import Plan

_JUNK = b"\xff\xfe\x00\xc3\x28"  # valid in no encoding that JSON may have
_PROXY_PAGE = b"<html><head><title>502 Bad Gateway</title></head><body></body></html>"


@dataclass(frozen=True, slots=True)
class Spoilt:
    """The bytes of a reply, one piece a write."""

    pieces: Sequence[bytes]
    pause_s: float = 0.0
    abrupt: bool = False


def shape_body(body: dict[str, Any], plan: Plan) -> None:
    """Change a JSON body, before it becomes bytes, as the faults say."""
    if "shuffle" in plan and "data" in body:
        plan["shuffle"].random.shuffle(body["data"])
    if "errors_empty" in plan:
        body.setdefault("errors", [])


def spoil(whole: bytes, plan: Plan) -> Spoilt | None:
    """Give the bytes as the faults leave them; None when no fault befalls them."""
    if plan.keys().isdisjoint({"garble", "truncate", "split_utf8"}):
        return None
    if "garble" in plan:
        whole = _PROXY_PAGE if plan["garble"]["form"] == "html" else _garbled(whole)
    abrupt = False
    if "truncate" in plan:
        whole = whole[: int(len(whole) * plan["truncate"]["at"])]
        abrupt = plan["truncate"]["abrupt"]
    if "split_utf8" in plan:
        return Spoilt(split_characters(whole), plan["split_utf8"]["pauseSeconds"], abrupt)
    return Spoilt([whole], 0.0, abrupt)


def _garbled(whole: bytes) -> bytes:
    middle = len(whole) // 2
    return whole[:middle] + _JUNK + whole[middle + len(_JUNK) :]


def split_characters(whole: bytes) -> list[bytes]:
    """Cut bytes within their multi-byte characters; plain ASCII stays in one piece."""
    # A byte 0b10xxxxxx goes on with a character: a cut before it splits that character.
    cuts = [at for at, byte in enumerate(whole) if byte & 0xC0 == 0x80]
    edges = [0, *_spread(cuts, 64), len(whole)]
    return [whole[start:end] for start, end in pairwise(edges) if start < end]


def _spread(cuts: Sequence[int], most: int) -> Sequence[int]:
    """Give at most so many of the cuts, from all over: each write costs a pause."""
    step = max(1, -(-len(cuts) // most))
    return cuts[::step]
