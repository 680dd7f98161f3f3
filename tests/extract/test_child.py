from pathlib import Path
from typing import Any

import pytest

from tasks.core.documents import Document
from tasks.core.errors import LimitError
from tasks.extract import child, formats
from tasks.extract.answer import Answer, Request, Telling, last_answer
from tasks.extract.limits import ExtractionLimits


def ask(path: Path, **limits: Any) -> Answer:
    request = Request(password=None, limits=ExtractionLimits(**limits))
    return child.answer(path, request, telling=Telling(), shield=lambda: None)


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "note.txt"
    path.write_text("hello")
    return path


def with_reader(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def reader(data: bytes, limits: ExtractionLimits) -> Document:
        raise error

    monkeypatch.setattr(formats.Format, "reader", lambda _: reader)


def test_answers_with_the_document(note: Path) -> None:
    answer = ask(note)

    assert answer.document is not None
    assert answer.document.text == "hello"


def test_closes_the_door_before_it_reads(note: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    monkeypatch.setattr(formats.Format, "reader", lambda _: lambda *_: steps.append("read"))
    child.answer(
        note,
        Request(password=None, limits=ExtractionLimits()),
        telling=Telling(),
        shield=lambda: steps.append("shield"),
    )

    assert steps == ["shield", "read"]


@pytest.mark.parametrize(
    ("error", "name", "message"),
    [
        (MemoryError(), "LimitError", "bytes of memory"),
        (RecursionError(), "LimitError", "nested too deeply"),
        (LimitError("too long"), "LimitError", "too long"),
        (ValueError("odd"), "DamagedError", "ValueError: odd"),
    ],
)
def test_every_failure_of_a_reader_has_a_name(
    note: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, name: str, message: str
) -> None:
    with_reader(monkeypatch, error)
    answer = ask(note)

    assert answer.error == name
    assert message in answer.message


def test_names_what_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "empty.pdf").touch()

    assert ask(tmp_path / "gone.pdf").error == "InputError"
    assert "No such file" in ask(tmp_path / "gone.pdf").message
    assert "not a file" in ask(tmp_path).message
    assert ask(tmp_path / "empty.pdf").error == "DamagedError"
    assert "0 bytes" in ask(tmp_path / "empty.pdf").message


def test_refuses_a_source_that_is_too_large(note: Path) -> None:
    answer = ask(note, max_source_bytes=4)

    assert answer.error == "LimitError"
    assert "5 bytes (limit 4)" in answer.message


def test_the_last_whole_line_is_the_answer() -> None:
    draft, final = Answer(draft=True, message="draft"), Answer(message="final")

    assert last_answer(draft.line() + final.line()) == final
    assert last_answer(draft.line() + final.line()[:-5]) == draft
    assert last_answer(final.line()[:-1]) is None
    assert last_answer(b"") is None
