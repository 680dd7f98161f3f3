import hashlib
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tasks.core.documents import Document
from tasks.core.errors import LimitError
from tasks.extract import formats
from tasks.extract.assemble import Facts, Piece, reader_of_pieces
from tasks.extract.limits import ExtractionLimits
from tasks.extract.reader import At, Reader, Request, Stopped, line_of
from tasks.extract.sandbox import child
from tasks.extract.sandbox.conversation import Answer, Ended, Errand, Heard, Opened, Work, errand_in


def errand(path: Path, **limits: Any) -> Errand:
    request = Request(name=path.name, limits=ExtractionLimits(**limits))
    return Errand(work=Work.DOCUMENT, path=str(path), request=request)


def ask(path: Path, **limits: Any) -> Answer:
    return child.answer(errand(path, **limits), [], say=lambda _: None, shield=lambda: True)


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "note.txt"
    path.write_text("hello")
    return path


def three_pages(data: bytes, request: Request) -> Iterator[Piece | Facts | At]:
    yield At(1)
    yield Piece("one", turns=1)
    yield At(2)
    yield Piece("two", turns=1)
    yield At(3)
    yield Piece("three", turns=1)


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> Reader:
    reader = reader_of_pieces(three_pages)
    monkeypatch.setattr(formats.Format, "reader", lambda _: reader)
    return reader


def test_answers_with_the_document(note: Path) -> None:
    answer = ask(note)

    assert answer.document is not None
    assert answer.document.text == "hello"
    assert answer.document.digest == hashlib.sha256(b"hello").hexdigest()


def test_closes_the_door_before_it_reads(note: Path, pages: Reader) -> None:
    said: list[object] = []

    def shield() -> bool:
        said.append("shield")
        return True

    child.answer(errand(note), [], say=said.append, shield=shield)

    assert said[0] == "shield"
    assert isinstance(said[1], Opened)
    assert said[2:4] == [At(1), Piece("one", turns=1)]


def test_parts_that_came_before_a_death_make_a_document(note: Path, pages: Reader) -> None:
    said: list[object] = []
    child.answer(errand(note), [], say=said.append, shield=lambda: True)
    heard = Heard()
    for value in said[: said.index(At(3)) + 1]:
        assert not heard.hear(line_of(value).rstrip(b"\n"))
    heard.hear(line_of(Stopped("out of time", page=heard.page)).rstrip())
    assert heard.opened is not None
    building = Errand(work=Work.BUILD, path="", request=Request(), format=heard.opened.format)
    again, lines = errand_in(building.payload(heard.parts))
    answer = child.answer(again, lines, say=lambda _: None, shield=lambda: True)

    assert answer.document is not None
    assert answer.document.text == "one\n\ntwo"
    assert "at page 3 (out of time)" in "; ".join(answer.document.unread)


@pytest.mark.parametrize(
    ("error", "name", "message", "died"),
    [
        (MemoryError(), "LimitError", "bytes of memory", True),
        (RecursionError(), "LimitError", "nested too deeply", False),
        (LimitError("too long"), "LimitError", "too long", False),
        (ValueError("odd"), "DamagedError", "ValueError: odd", True),
    ],
)
def test_every_failure_of_a_reader_has_a_name(
    note: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    name: str,
    message: str,
    died: bool,  # noqa: FBT001 a column of the table
) -> None:
    def read(data: bytes, request: Request) -> Iterator[Piece | Facts | At]:
        yield Piece("so far")
        raise error

    monkeypatch.setattr(formats.Format, "reader", lambda _: reader_of_pieces(read))
    answer = ask(note)

    assert (answer.error, answer.died) == (name, died)
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


def test_a_document_comes_back_as_it_was_said() -> None:
    document = Document(digest="0", text="ä\n\u2028b")
    heard = heard_of(
        line_of(Piece("ä")) + line_of(Answer(document=document)) + b"\n" + line_of(Ended(0))
    )

    assert heard.answer == Answer(document=document)
    assert not heard.parts


def test_half_a_line_of_a_child_that_was_killed_is_not_taken_for_a_part() -> None:
    said = line_of(Piece("one")) + line_of(At(2)) + line_of(Piece("two"))
    heard = heard_of(said[:-9] + b"\n" + line_of(Ended(-9)))
    whole = heard_of(said + b"\n" + line_of(Ended(-9)))

    assert heard.parts == [line_of(Piece("one")).rstrip()]
    assert len(whole.parts) == 2
    assert heard.ended == whole.ended == Ended(-9)


def test_half_an_answer_is_none() -> None:
    answer = line_of(Answer(document=Document(digest="0", text="one")))
    heard = heard_of(line_of(Piece("one")) + answer[:-5] + b"\n" + line_of(Ended(-9)))

    assert heard.answer is None
    assert heard.parts == [line_of(Piece("one")).rstrip()]


def heard_of(said: bytes) -> Heard:
    """Hear what is said to its end."""
    heard = Heard()
    assert [heard.hear(line) for line in said.splitlines()][-1]
    return heard


forks = pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")


def mail_with(tmp_path: Path, name: str, data: bytes) -> Path:
    made = EmailMessage()
    made["Subject"] = "The lease"
    made.set_content("See attached.")
    made.add_attachment(data, "application", "octet-stream", filename=name)
    path = tmp_path / "a.eml"
    path.write_bytes(made.as_bytes())
    return path


@forks
def test_reads_a_file_inside_another_as_if_it_were_there_by_itself(tmp_path: Path) -> None:
    path = mail_with(tmp_path, "fee.txt", b"The fee is 9.")
    inside = replace(errand(path), inside=("fee.txt",))
    said: list[object] = []
    answer = child.answer(inside, [], say=said.append, shield=lambda: True)

    assert answer.document is not None
    assert answer.document.text == "The fee is 9."
    digest = hashlib.sha256(b"The fee is 9.").hexdigest()
    assert said[0] == Opened(format="plain text", digest=digest, shielded=True)


@forks
@pytest.mark.parametrize(
    ("name", "error"), [("none.txt", "InputError"), ("broken.pdf", "DamagedError")]
)
def test_a_file_inside_another_fails_by_an_error_of_its_own(
    name: str, error: str, tmp_path: Path
) -> None:
    path = mail_with(tmp_path, "broken.pdf", b"%PDF-1.7")
    inside = replace(errand(path), inside=(name,))

    told = child.answer(inside, [], say=lambda _: None, shield=lambda: True)

    assert (told.error, bool(told.message)) == (error, True)


@forks
def test_says_where_the_network_stayed_open_while_a_file_was_taken_out(tmp_path: Path) -> None:
    inside = replace(errand(mail_with(tmp_path, "a.txt", b"x")), inside=("a.txt",))
    said: list[object] = []
    child.answer(inside, [], say=said.append, shield=lambda: False)

    assert isinstance(said[0], Opened)
    assert said[0].shielded is False
