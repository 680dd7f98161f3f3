import hashlib
import logging
import os
from pathlib import Path

import pytest

from tasks.core.documents import Document
from tasks.core.errors import (
    DamagedError,
    EncryptedError,
    InputError,
    LimitError,
    NeedsOcrError,
    UnsupportedFormatError,
)
from tasks.extract import read, sandbox
from tasks.extract.answer import Answer
from tasks.extract.limits import MIB, ExtractionLimits
from tasks.extract.read import digest_of, document_of, extract
from tasks.extract.sandbox import Outcome
from tests.extract.pdf.files import locked_pdf, picture_pdf, text_pdf

LIMITS = ExtractionLimits()
DRAFT = Answer(document=Document(digest="0", text="so far"), draft=True)


def kept(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def ended(exit_code: int = 0, **more: object) -> Outcome:
    values = {"stdout": b"", "stderr": "@page 1\nnoise\n@page 41\n", "exit_code": exit_code}
    return Outcome(**(values | more))  # type: ignore[arg-type]  # a mix of types by keyword


async def test_reads_a_file_in_a_child(tmp_path: Path) -> None:
    path = kept(tmp_path, "two pages.pdf", text_pdf(["first", "second"]))
    document = await extract(path, LIMITS)

    assert [document.text_of(block) for block in document.blocks] == ["first", "second"]
    assert document.digest == digest_of(path) == hashlib.sha256(path.read_bytes()).hexdigest()


async def test_goes_by_content_when_the_name_lies(tmp_path: Path) -> None:
    document = await extract(kept(tmp_path, "really.docx", text_pdf(["a PDF"])), LIMITS)

    assert document.text == "a PDF"


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("locked.pdf", locked_pdf("secret", user_password="pw"), EncryptedError),
        ("scan.pdf", picture_pdf(), NeedsOcrError),
        ("broken.pdf", b"%PDF-1.7\nnothing of use", DamagedError),
        ("sheet.xlsx", b"PK\x03\x04 xl/workbook", UnsupportedFormatError),
        ("empty.txt", b"", DamagedError),
    ],
)
async def test_every_refusal_names_the_file(
    tmp_path: Path, name: str, data: bytes, error: type[InputError]
) -> None:
    with pytest.raises(error, match=rf"^{name}: ") as caught:
        await extract(kept(tmp_path, name, data), LIMITS)
    assert type(caught.value) is error


async def test_a_password_opens_a_locked_file(tmp_path: Path) -> None:
    path = kept(tmp_path, "locked.pdf", locked_pdf("secret", user_password="pw"))

    assert (await extract(path, LIMITS, password="pw")).text == "secret"


async def test_names_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.pdf: it cannot be opened"):
        await extract(tmp_path / "gone.pdf", LIMITS)
    with pytest.raises(InputError, match="it is not a file"):
        await extract(tmp_path, LIMITS)
    with pytest.raises(InputError, match=r"gone\.pdf: it cannot be opened"):
        digest_of(tmp_path / "gone.pdf")


async def test_a_reader_short_of_memory_is_a_limit(tmp_path: Path) -> None:
    path = kept(tmp_path, "large.txt", b"word")
    os.truncate(path, 480 * MIB)  # a hole in the file, not on the disk
    with pytest.raises(LimitError, match=r"large\.txt: .* memory"):
        await extract(path, ExtractionLimits(max_memory_bytes=448 * MIB))


async def test_a_reader_short_of_time_is_a_limit(tmp_path: Path) -> None:
    with pytest.raises(LimitError, match=r"note\.txt: reading it took longer than 0\.001 s"):
        await extract(kept(tmp_path, "note.txt", b"x"), ExtractionLimits(timeout_s=0.001))


@pytest.mark.parametrize(
    ("outcome", "error", "said"),
    [
        (ended(-9, timed_out=True), LimitError, r"longer than 120 s at page 41\. Split"),
        (ended(-24), LimitError, "longer than 120 s at page 41"),
        (ended(-9, said_too_much=True), LimitError, "more text than the limit"),
        (ended(-9), LimitError, r"the system ended its reader at page 41"),
        (ended(-11), DamagedError, r"crashed \(SIGSEGV\) at page 41"),
        (ended(3, stderr=""), DamagedError, r"crashed \(exit 3\)\."),
    ],
)
def test_a_child_that_dies_without_a_word_is_named_with_its_page(
    outcome: Outcome, error: type[InputError], said: str
) -> None:
    with pytest.raises(error, match=rf"^a\.pdf: .*{said}"):
        document_of(outcome, "a.pdf", LIMITS)


def test_a_killed_second_reader_loses_no_text_of_the_first() -> None:
    outcome = ended(-9, stdout=DRAFT.line() + b'{"document": {"dig', timed_out=True)

    document = document_of(outcome, "a.pdf", LIMITS)
    assert document.text == "so far"
    assert "second reader" in document.warnings[-1]


def test_an_unknown_error_of_a_child_is_damage() -> None:
    outcome = ended(stdout=Answer(error="SystemExit", message="odd").line())
    with pytest.raises(DamagedError, match=r"a\.pdf: odd"):
        document_of(outcome, "a.pdf", LIMITS)


async def test_says_once_where_the_network_cannot_be_cut(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def run(*_: object, **__: object) -> Outcome:
        return ended(stdout=DRAFT.line(), stderr="@network not cut\n")

    monkeypatch.setattr(sandbox, "run", run)
    read._warn_once.cache_clear()
    with caplog.at_level(logging.WARNING, logger="docmill.extract"):
        await extract(Path("a"), LIMITS)
        await extract(Path("b"), LIMITS)

    assert [record.name for record in caplog.records] == ["docmill.extract"]
