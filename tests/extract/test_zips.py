import io
import time
import zipfile

import pytest

from tasks.core.errors import DamagedError, LimitError
from tasks.extract.limits import MIB, ExtractionLimits
from tasks.extract.zips import check_zip, read_entry

LIMITS = ExtractionLimits()


def packed(entries: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_opens_a_sound_zip() -> None:
    archive = check_zip(packed({"a.xml": b"<a/>"}), LIMITS)

    assert read_entry(archive, "a.xml", LIMITS) == b"<a/>"


def test_refuses_a_bomb_by_its_ratio_without_unpacking_it() -> None:
    bomb = packed({"a.xml": bytes(64 * MIB)})
    start = time.process_time()
    with pytest.raises(LimitError, match=r"a\.xml is packed"):
        check_zip(bomb, LIMITS)
    assert time.process_time() - start < 1


def test_lets_small_repetitive_entries_pass() -> None:
    check_zip(packed({"a.xml": bytes(2 * MIB)}), LIMITS)


@pytest.mark.parametrize(
    ("limits", "complaint"),
    [
        (ExtractionLimits(max_zip_entries=2), "3 entries"),
        (ExtractionLimits(max_zip_bytes=250), "unpacks to 300 B"),
        (ExtractionLimits(max_zip_entry_bytes=99), "entry 0 unpacks to 100 B"),
    ],
)
def test_refuses_what_passes_a_limit(limits: ExtractionLimits, complaint: str) -> None:
    data = packed({str(n): b"x" * 100 for n in range(3)})
    with pytest.raises(LimitError, match=complaint):
        check_zip(data, limits)


def test_refuses_a_directory_of_a_million_entries_before_reading_it() -> None:
    data = b"PK\x01\x02" * (3 * LIMITS.max_zip_entries)
    with pytest.raises(LimitError, match="entries"):
        check_zip(data, LIMITS)


def test_refuses_an_entry_named_twice() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a", b"1")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a", b"2")
    with pytest.raises(DamagedError, match="a twice"):
        check_zip(buffer.getvalue(), LIMITS)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"no zip at all"])
def test_names_what_is_no_zip(data: bytes) -> None:
    with pytest.raises(DamagedError, match="zip container"):
        check_zip(data, LIMITS)


def test_names_an_entry_whose_bytes_are_broken() -> None:
    data = bytearray(packed({"a": bytes(range(256)) * 40}))
    data[40:60] = bytes(20)
    with pytest.raises(DamagedError, match="entry a is broken"):
        read_entry(check_zip(bytes(data), LIMITS), "a", LIMITS)


def test_does_not_trust_the_size_that_an_entry_claims() -> None:
    data = packed({"a": b"x" * 1000})
    archive = check_zip(data, LIMITS)
    with pytest.raises(LimitError, match="larger than 100 B"):
        read_entry(archive, "a", ExtractionLimits(max_zip_entry_bytes=100))


def test_asking_for_a_missing_entry_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        read_entry(check_zip(packed({"a": b""}), LIMITS), "b", LIMITS)
