import asyncio
import hashlib
import logging
import os
import re
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

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
from tasks.extract import read
from tasks.extract.assemble import Piece, build_of_pieces, reader_of_pieces
from tasks.extract.limits import MIB, ExtractionLimits
from tasks.extract.read import Readers, answer_in, digest_of, extract
from tasks.extract.reader import At, line_of
from tasks.extract.sandbox.conversation import Answer, Ended, Errand, Heard, Opened, Work, errand_in
from tasks.extract.sandbox.pool import Pool, Said
from tasks.extract.sandbox.process import Child, Outcome
from tests.benchmarks.long_file import long_pdf
from tests.extract.pdf.files import locked_pdf, picture_pdf, text_pdf

LIMITS = ExtractionLimits()


def kept(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


async def test_reads_a_file_in_a_child(tmp_path: Path) -> None:
    path = kept(tmp_path, "two pages.pdf", text_pdf(["first", "second"]))
    document = await extract(path, LIMITS)

    assert [document.text_of(block) for block in document.blocks] == ["first", "second"]
    assert document.digest == digest_of(path) == hashlib.sha256(path.read_bytes()).hexdigest()


async def test_reads_a_file_whose_name_is_not_utf_8(tmp_path: Path) -> None:
    document = await extract(kept(tmp_path, os.fsdecode(b"f\xff%41.md"), b"The fee"), LIMITS)

    assert document.text == "The fee"


async def test_goes_by_content_when_the_name_lies(tmp_path: Path) -> None:
    document = await extract(kept(tmp_path, "really.docx", text_pdf(["a PDF"])), LIMITS)

    assert document.text == "a PDF"


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("locked.pdf", locked_pdf("secret", user_password="pw"), EncryptedError),
        ("scan.pdf", picture_pdf(), NeedsOcrError),
        ("broken.pdf", b"%PDF-1.7\nnothing of use", DamagedError),
        ("sheet.ods", b"PK\x03\x04 opendocument", UnsupportedFormatError),
        ("sheet.xlsx", b"PK\x03\x04 xl/workbook", DamagedError),
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


async def test_one_process_reads_file_after_file_and_goes_on_after_a_kill(tmp_path: Path) -> None:
    limits = ExtractionLimits(timeout_s=20, max_memory_bytes=448 * MIB)
    large = kept(tmp_path, "large.txt", b"word")
    os.truncate(large, 480 * MIB)
    small = [kept(tmp_path, f"{n}.txt", b"text %d" % n) for n in range(3)]
    async with Readers(limits) as readers:
        texts = [(await readers.extract(path)).text for path in small]
        with pytest.raises(LimitError):
            await readers.extract(large)
        again = await readers.extract(small[0])

    assert [*texts, again.text] == ["text 0", "text 1", "text 2", "text 0"]


async def test_what_was_read_before_a_kill_is_kept_and_the_page_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = [At(1), Piece("one", turns=1), At(2), Piece("two", turns=1), At(3)]
    killed = Heard(opened=Opened(format="plain text", digest="d", shielded=True))
    for value in said:
        killed.hear(line_of(value).rstrip(b"\n"))

    async def send(_: Pool, errand: Errand, lines: Sequence[bytes] = (), **__: object) -> Said:
        if errand.work is Work.DOCUMENT:
            return Said(heard=killed, outcome=Outcome(timed_out=True), seconds=6, allowed_s=6.3)
        parts = reader_of_pieces(lambda *_: iter(())).parts_in(lines)
        document = build_of_pieces(parts, errand.request)
        return Said(heard=Heard(answer=Answer(document=document)), outcome=Outcome())

    monkeypatch.setattr(Pool, "send", send)
    document = await extract(tmp_path / "a.pdf", ExtractionLimits(timeout_s=7))

    assert (document.text, document.digest) == ("one\n\ntwo", "d")
    assert re.search(r"at page 3 \(.*took longer than 6.3 s", "; ".join(document.unread))


async def test_all_steps_of_a_file_share_its_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed: dict[Work, float] = {}
    opened = Opened(format="PDF", digest="d", shielded=True)

    async def send(_: Pool, errand: Errand, *__: object, timeout_s: float, **___: object) -> Said:
        allowed[errand.work] = timeout_s
        heard = {
            Work.DOCUMENT: Heard(opened=opened, parts=[b"x"], ended=Ended(-9)),
            Work.BUILD: Heard(answer=Answer(document=Document(digest="d", text="x"))),
        }[errand.work]
        return Said(heard=heard, outcome=Outcome(), seconds=timeout_s, allowed_s=timeout_s)

    monkeypatch.setattr(Pool, "send", send)
    async with Readers(ExtractionLimits(timeout_s=30)) as readers:
        await readers.extract(kept(tmp_path, "long.pdf", b"%PDF"))

    assert allowed == pytest.approx({Work.DOCUMENT: 27, Work.BUILD: 3})


async def test_the_pages_of_a_long_file_are_read_by_all_processes_that_are_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[int] = []

    async def ask(_: Child, payload: bytes, *__: object, **___: object) -> Outcome:
        sent.append(errand_in(payload)[0].helpers)
        return Outcome(said_too_much=True)

    monkeypatch.setattr(Child, "ask", ask)
    monkeypatch.setattr(read, "_SMALL_BYTES", 100)
    long = kept(tmp_path, "long.pdf", b"%PDF" * 100)
    short = kept(tmp_path, "short.pdf", b"%PDF")
    async with Readers(LIMITS, at_once=3) as readers:
        for files in ([short], [long], [long] * 3):
            await asyncio.gather(*map(readers.extract, files), return_exceptions=True)

    assert sent[:3] == [0, 2, 0]


async def test_a_document_is_the_same_however_many_processes_read_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read, "_SMALL_BYTES", 0)
    path = kept(tmp_path, "long.pdf", long_pdf(70))
    documents = []
    for at_once in (1, 3):
        async with Readers(LIMITS, at_once=at_once) as readers:
            documents.append(await readers.extract(path))

    assert documents[0] == documents[1]
    assert len(documents[0].pages) == 70


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
    with pytest.raises(LimitError, match=r"note\.txt: reading it took longer than 0\.0009 s"):
        await extract(kept(tmp_path, "note.txt", b"x"), ExtractionLimits(timeout_s=0.001))


@pytest.mark.parametrize(
    ("ending", "error", "said"),
    [
        (
            {"outcome": Outcome(timed_out=True)},
            "LimitError",
            r"longer than 120 s at page 41\. Split",
        ),
        ({"ended": Ended(-24)}, "LimitError", "longer than 120 s at page 41"),
        ({"outcome": Outcome(said_too_much=True)}, "LimitError", "more text than the limit"),
        ({"ended": Ended(-9)}, "LimitError", r"the system ended its reader at page 41"),
        ({"ended": Ended(-11)}, "DamagedError", r"crashed \(SIGSEGV\) at page 41"),
        ({"ended": Ended(-6)}, "LimitError", "gave up at page 41, likely short of memory"),
        ({"outcome": Outcome(exit_code=3), "page": None}, "DamagedError", r"crashed \(exit 3\)\."),
    ],
)
def test_a_child_that_dies_without_a_word_is_named_with_its_page(
    ending: dict[str, Any], error: str, said: str
) -> None:
    heard = Heard(page=ending.get("page", 41), ended=ending.get("ended"))
    outcome = ending.get("outcome", Outcome())
    answer = answer_in(Said(heard=heard, outcome=outcome, allowed_s=120))

    assert (answer.error, answer.died) == (error, True)
    assert re.search(said, answer.message)


async def test_an_unknown_error_of_a_child_is_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = Heard(answer=Answer(error="SystemExit", message="odd"))
    monkeypatch.setattr(Pool, "send", saying(heard))
    with pytest.raises(DamagedError, match=r"a\.pdf: odd"):
        await extract(tmp_path / "a.pdf", LIMITS)


def saying(heard: Heard) -> Callable[..., Awaitable[Said]]:
    async def send(*_: object, **__: object) -> Said:
        return Said(heard=heard, outcome=Outcome())

    return send


async def test_says_once_where_the_network_cannot_be_cut(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    opened = Opened(format="plain text", digest="0", shielded=False)
    heard = Heard(opened=opened, answer=Answer(document=Document(digest="0", text="x")))
    monkeypatch.setattr(Pool, "send", saying(heard))
    read._warn_once.cache_clear()
    with caplog.at_level(logging.WARNING, logger="docmill.extract"):
        await extract(Path("a"), LIMITS)
        await extract(Path("b"), LIMITS)

    assert [record.name for record in caplog.records] == ["docmill.extract"]
