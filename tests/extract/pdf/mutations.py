"""Damage done to PDFs where it hurts: numbers, references, names and the insides of streams."""

import random
import re
import zlib
from collections.abc import Callable

_NUMBER = re.compile(rb"(?<=[\s\[])-?\d+(?=[\s\]/>])")
_REFERENCE = re.compile(rb"\b(\d+)( \d+ R\b)")
_NAME = re.compile(rb"/[A-Za-z0-9]+")
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_WILD = (b"0", b"-1", b"2147483648", b"-99999999999", b"1e38", b"65536")
_MOST_CHANGES = 12

Mutation = Callable[[bytes, random.Random], bytes]


def _wild_numbers(data: bytes, chance: random.Random) -> bytes:
    """Put numbers that nobody expects in the place of others."""
    return _replaced(data, _NUMBER, chance, lambda _: chance.choice(_WILD))


def _turned_references(data: bytes, chance: random.Random) -> bytes:
    """Lead references to other objects, to themselves too: pages that hold themselves."""
    known = [match[1] for match in _REFERENCE.finditer(data)]
    return _replaced(data, _REFERENCE, chance, lambda m: chance.choice(known) + m[2])


def _swapped_names(data: bytes, chance: random.Random) -> bytes:
    known = _NAME.findall(data)
    return _replaced(data, _NAME, chance, lambda _: chance.choice(known))


def _damaged_stream(data: bytes, chance: random.Random) -> bytes:
    """Stir what a stream holds once it is unpacked: drawing, fonts, tables of objects."""
    packed = [match for match in _STREAM.finditer(data) if _unpacked(match[1])]
    match = chance.choice(packed)
    content = bytearray(_unpacked(match[1]))
    for _ in range(chance.randint(1, 200)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    return data[: match.start(1)] + zlib.compress(bytes(content)) + data[match.end(1) :]


def _unpacked(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""


def _replaced(
    data: bytes,
    pattern: re.Pattern[bytes],
    chance: random.Random,
    other: Callable[[re.Match[bytes]], bytes],
) -> bytes:
    """Replace a few matches, chosen by chance."""
    found = list(pattern.finditer(data))
    chosen = chance.sample(found, min(chance.randint(1, _MOST_CHANGES), len(found)))
    for match in sorted(chosen, key=lambda m: m.start(), reverse=True):
        data = data[: match.start()] + other(match) + data[match.end() :]
    return data


PDFS: dict[str, Mutation] = {
    "wild numbers": _wild_numbers,
    "turned references": _turned_references,
    "swapped names": _swapped_names,
    "damaged stream": _damaged_stream,
}
