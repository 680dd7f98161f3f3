"""Damage done to files, the same for the same seed: flipped, cut, filled, and zips stirred."""

import io
import random
import zipfile
from collections.abc import Callable

from tests.extract.pdf.mutations import PDFS

_MOST_FLIPS = 64


def mutated(data: bytes, seed: int) -> tuple[str, bytes]:
    """Give the kind of a mutation, and the bytes after it."""
    chance = random.Random(seed)
    kinds = dict(_ANY)
    if data.startswith(b"PK\x03\x04"):
        kinds |= _ZIPS
    if b"%PDF-" in data[:1024]:
        kinds |= PDFS
    kind = chance.choice(sorted(kinds))
    try:
        return kind, kinds[kind](data, chance)
    except (zipfile.BadZipFile, OSError, ValueError, IndexError):  # too damaged to be stirred
        return "flipped", _flipped(data, chance)


def _flipped(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, _MOST_FLIPS)):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _truncated(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def _beheaded(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randint(4, 64)] + data[chance.randrange(len(data)) :]


def _filled(data: bytes, chance: random.Random) -> bytes:
    """Overwrite a stretch with noise or with one byte."""
    start = chance.randrange(len(data))
    size = min(chance.randint(1, 4096), len(data) - start)
    filling = (
        chance.randbytes(size) if chance.random() < 0.5 else bytes([chance.randrange(256)]) * size
    )
    return data[:start] + filling + data[start + size :]


def _doubled(data: bytes, chance: random.Random) -> bytes:
    """Repeat a stretch."""
    start = chance.randrange(len(data))
    stretch = data[start : start + chance.randint(1, 1 << 16)]
    return data[:start] + stretch * chance.randint(2, 8) + data[start:]


def _swapped(data: bytes, chance: random.Random) -> bytes:
    """Give two entries of a zip each other's content."""
    entries = _entries(data)
    one, other = chance.sample(sorted(entries), 2)
    entries[one], entries[other] = entries[other], entries[one]
    return _zip(entries)


def _dropped(data: bytes, chance: random.Random) -> bytes:
    """Take an entry out of a zip."""
    entries = _entries(data)
    del entries[chance.choice(sorted(entries))]
    return _zip(entries)


def _inside(data: bytes, chance: random.Random) -> bytes:
    """Damage the content of one entry of a zip, whose container stays sound."""
    entries = _entries(data)
    name = chance.choice(sorted(name for name in entries if entries[name]))
    damage = chance.choice((_flipped, _truncated, _filled, _doubled))
    entries[name] = damage(entries[name], chance)
    return _zip(entries)


def _stirred(data: bytes, chance: random.Random) -> bytes:
    """Swap whole tags of an entry's XML, which stays text but makes little sense."""
    entries = _entries(data)
    name = chance.choice(sorted(name for name in entries if name.endswith(".xml")))
    tags = entries[name].split(b">")
    for _ in range(chance.randint(1, 20)):
        one, other = chance.randrange(len(tags)), chance.randrange(len(tags))
        tags[one], tags[other] = tags[other], tags[one]
    return _zip(entries | {name: b">".join(tags)})


def _entries(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _zip(entries: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return stream.getvalue()


_Mutation = Callable[[bytes, random.Random], bytes]
_ANY: dict[str, _Mutation] = {
    "flipped": _flipped,
    "truncated": _truncated,
    "beheaded": _beheaded,
    "filled": _filled,
    "doubled": _doubled,
}
_ZIPS: dict[str, _Mutation] = {
    "entries swapped": _swapped,
    "entry dropped": _dropped,
    "entry damaged": _inside,
    "tags stirred": _stirred,
}
