"""Formats that LibreOffice reads for us: with it, without it, and when it misbehaves."""

import asyncio
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from tasks.core.errors import DamagedError, InputError, LimitError, UnsupportedFormatError
from tasks.extract.limits import ExtractionLimits
from tasks.extract.office.libreoffice import to_docx
from tasks.extract.office.old_word import NOTE
from tasks.extract.read import Readers, extract
from tasks.extract.reader import Request
from tasks.extract.sandbox.child import answer
from tasks.extract.sandbox.conversation import Errand, Work
from tests.extract.documents import read_docx
from tests.extract.docx.building import docx, p

RTF = (
    b"{\\rtf1\\ansi The {\\b fee} is \\u8364? 9.{\\footnote Every year.}\\par "
    b"\\trowd\\cellx900\\cellx1800 North\\cell 4\\cell\\row\\pard It is due.\\par}"
)
LIMITS = ExtractionLimits()
OUT = 'for last; do :; done\nout=$(dirname "$last")/out; mkdir -p "$out"\n'


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Give what puts a script in the place of LibreOffice."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))

    def put(script: str) -> Path:
        folder = tmp_path / "bin"
        folder.mkdir()
        for name in ("soffice", "soffice.bin"):
            path = folder / name
            path.write_text(f"#!/bin/sh\n{script}", encoding="utf-8")
            path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return folder

    return put


def test_without_libreoffice_a_file_is_refused_by_name_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(UnsupportedFormatError, match="apt-get install libreoffice-writer"):
        to_docx(RTF, ".rtf", LIMITS)


def test_it_is_started_anew_where_its_profile_was(
    program: Callable[[str], Path], tmp_path: Path
) -> None:
    ready, made = tmp_path / "ready", tmp_path / "made.docx"
    made.write_bytes(docx(p("The fee.")))
    program(
        f'{OUT}[ -e {ready} ] || {{ : > {ready}; exit 81; }}\n/bin/cp {made} "$out/source.docx"'
    )

    assert read_docx(to_docx(RTF, ".rtf", LIMITS)).text == "The fee."


def test_it_sees_nothing_of_our_environment(
    program: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNWARE_API_KEY", "secret")
    program(f'{OUT}/usr/bin/env > "$out/source.docx"')

    said = to_docx(RTF, ".rtf", LIMITS)

    assert b"HOME=" in said
    assert b"secret" not in said


def test_one_that_makes_nothing_is_told_with_what_it_said(program: Callable[[str], Path]) -> None:
    program("echo source file could not be loaded >&2")

    with pytest.raises(DamagedError, match=r"could not be loaded.*save it as \.docx"):
        to_docx(RTF, ".rtf", LIMITS)


def test_one_that_hangs_is_killed(program: Callable[[str], Path], tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    program(f"echo $$ > {pid}\nwhile :; do :; done")

    with pytest.raises(LimitError, match=r"LibreOffice took longer than 0\.8 s"):
        to_docx(RTF, ".rtf", ExtractionLimits(timeout_s=1))
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text(encoding="utf-8")), 0)


def test_it_runs_before_the_child_is_shut_in(
    program: Callable[[str], Path], tmp_path: Path
) -> None:
    source, trace = tmp_path / "a.rtf", tmp_path / "trace"
    source.write_bytes(RTF)
    program(f"echo convert >> {trace}")

    def shield() -> bool:
        with trace.open("a", encoding="utf-8") as stream:
            stream.write("shield\n")
        return True

    errand = Errand(work=Work.DOCUMENT, path=str(source), request=Request(name="a.rtf"))
    told = answer(errand, [], say=lambda _: None, shield=shield)

    assert told.error == "DamagedError"
    assert trace.read_text(encoding="utf-8") == "convert\n"


@pytest.mark.full
async def test_rich_text_is_read_with_its_notes_and_tables(tmp_path: Path) -> None:
    source = tmp_path / "a.rtf"
    source.write_bytes(RTF)
    document = await extract(source, LIMITS)

    told = [(block.kind.value, document.text_of(block)) for block in document.blocks]
    assert [text for kind, text in told if kind == "paragraph"] == ["The fee is € 9.", "It is due."]
    assert [text for kind, text in told if kind == "note"] == ["Every year."]
    assert [text for kind, text in told if kind == "table"] == ["| North | 4 |\n| --- | --- |"]
    assert NOTE in document.warnings


@pytest.mark.full
@pytest.mark.parametrize("filter_", ["doc:MS Word 97", "odt"])
async def test_a_word_file_has_the_same_text_by_way_of_older_formats(
    filter_: str, tmp_path: Path
) -> None:
    sample = Path(__file__).parents[2] / "samples" / "annual-report.docx"
    (made,) = await older(sample, filter_, tmp_path)
    document = await extract(made, LIMITS)

    assert words(document.text) == words(read_docx(sample.read_bytes()).text)


def words(text: str) -> list[str]:
    """Give the words without bare numbers: writing .doc, LibreOffice itself starts lists anew."""
    return [word for word in text.split() if not word.rstrip(".").isdecimal()]


async def older(source: Path, filter_: str, folder: Path) -> list[Path]:
    """Have LibreOffice write a file in another format, as a person does."""
    process = await asyncio.create_subprocess_exec(
        "soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless",
        "--convert-to", filter_, "--outdir", str(folder / "older"), str(source),
    )  # fmt: skip
    await process.wait()
    return list((folder / "older").iterdir())


@pytest.mark.full
async def test_hostile_bytes_end_in_an_error_with_a_name(tmp_path: Path) -> None:
    ends: list[str] = []
    async with Readers(LIMITS) as readers:
        for number, data in enumerate((RTF[:40] * 999, b"{\\rtf1" + b"{" * 99_999, b"{\\rtf")):
            path = tmp_path / f"{number}.rtf"
            path.write_bytes(data)
            try:
                said = (await readers.extract(path)).text
            except InputError as error:
                said = str(error)
            ends.append(said)
    assert len(ends) == 3
