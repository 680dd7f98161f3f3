"""Zips that keep to limits: what one claims is not believed, what it does is bounded."""

import io
import zipfile

from tasks.core.errors import DamagedError, InputError, LimitError
from tasks.extract.limits import ExtractionLimits

_DIRECTORY_ENTRY = b"PK\x01\x02"


def check_zip(data: bytes, limits: ExtractionLimits) -> zipfile.ZipFile:
    """Open a zip whose directory keeps the limits; nothing is decompressed.

    Raises `LimitError` for too many entries, too many bytes, too high a ratio; `DamagedError` for
    what is no zip or names an entry twice. The sizes are the zip's own claims: read its entries
    with `read_entry` alone, which trusts none of them.
    """
    _check_entry_count(data, limits)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise DamagedError(f"the zip container is broken ({error})") from error
    entries = archive.infolist()
    _check_names(entries)
    _check_sizes(entries, limits)
    return archive


def entry_names(data: bytes) -> tuple[str, ...]:
    """Give the names in a zip's directory; none of one that is broken, or has too many."""
    try:
        return tuple(check_zip(data, ExtractionLimits()).namelist())
    except InputError:
        return ()


def read_entry(archive: zipfile.ZipFile, name: str, limits: ExtractionLimits) -> bytes:
    """Decompress one entry, at most `max_zip_entry_bytes` of it, whatever its header claims.

    Raises `KeyError` for a name that is not there, `LimitError` and `DamagedError` otherwise.
    """
    info = archive.getinfo(name)
    try:
        with archive.open(info) as stream:
            content = stream.read(limits.max_zip_entry_bytes + 1)
    except RuntimeError as error:  # what zipfile says of an encrypted entry
        raise DamagedError(f"the zip entry {name} cannot be opened ({error})") from error
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError) as error:
        raise DamagedError(f"the zip entry {name} is broken ({error})") from error
    except Exception as error:  # zlib.error and lzma's have no common parent
        if type(error).__module__ not in {"zlib", "_lzma", "lzma"}:
            raise
        raise DamagedError(f"the zip entry {name} is broken ({error})") from error
    if len(content) > limits.max_zip_entry_bytes:
        raise LimitError(f"the zip entry {name} is larger than {limits.max_zip_entry_bytes:,} B")
    return content


def _check_entry_count(data: bytes, limits: ExtractionLimits) -> None:
    """Count the entries before `zipfile` builds an object for each of them."""
    found = data.count(_DIRECTORY_ENTRY)
    if found > 2 * limits.max_zip_entries:  # embedded zips may add some of their own
        raise LimitError(f"the zip has {found:,} entries (limit {limits.max_zip_entries:,})")


def _check_names(entries: list[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    for entry in entries:
        if entry.filename in seen:
            raise DamagedError(f"the zip holds {entry.filename} twice: which one is meant?")
        seen.add(entry.filename)


def _check_sizes(entries: list[zipfile.ZipInfo], limits: ExtractionLimits) -> None:
    if len(entries) > limits.max_zip_entries:
        raise LimitError(f"the zip has {len(entries):,} entries (limit {limits.max_zip_entries:,})")
    total = sum(entry.file_size for entry in entries)
    if total > limits.max_zip_bytes:
        raise LimitError(f"the zip unpacks to {total:,} B (limit {limits.max_zip_bytes:,} B)")
    for entry in entries:
        _check_entry(entry, limits)


def _check_entry(entry: zipfile.ZipInfo, limits: ExtractionLimits) -> None:
    size, packed = entry.file_size, max(entry.compress_size, 1)
    if size > limits.max_zip_entry_bytes:
        raise LimitError(
            f"the zip entry {entry.filename} unpacks to {size:,} B "
            f"(limit {limits.max_zip_entry_bytes:,} B)"
        )
    if size > limits.zip_ratio_floor_bytes and size / packed > limits.max_zip_ratio:
        raise LimitError(
            f"the zip entry {entry.filename} is packed {size // packed:,} : 1, like a zip bomb "
            f"(limit {limits.max_zip_ratio:g} : 1)"
        )
