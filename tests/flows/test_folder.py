"""Of a scheduled folder only what is new, changed, or failed in passing is done."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from flows.folder import SCHEDULED, Taken, holds_nothing, narrowed, take
from flows.job import Job, prepare
from flows.request import Request
from flows.watch.wishes import canonical
from tasks.core.errors import InputError
from tasks.core.settings import Provider, load_settings
from tasks.ledger import intake
from tasks.ledger.books import open_books
from tasks.ledger.engine import now_of
from tasks.ledger.heartbeats import beat
from tasks.ledger.intake import Outcome

DONE = Outcome(done=True)


@dataclass
class Nightly:
    """A scheduled folder, of which a run takes what is to be done and ends it as it is told."""

    folder: Path
    out: Path
    engine: Engine
    runs: int = 0

    def put(self, name: str, text: str) -> Path:
        file = self.folder / name
        file.write_text(text, encoding="utf-8")
        return file

    def job(self, **fields: object) -> tuple[Job, str]:
        told = {"sources": (str(self.folder),), "to": self.out, "provider": Provider.OFFLINE}
        request = Request.model_validate({**told, **fields})
        return prepare(request, load_settings()), canonical(request)

    def take(self, **fields: object) -> list[str]:
        """Begin a run and give the names that it takes."""
        self.runs += 1
        job, wanted = self.job(**fields)
        taken = take(self.engine, job, wanted=wanted, batch=f"run-{self.runs}")
        return sorted(Path(source).name for source in taken.all)

    def end(self, **outcomes: Outcome) -> None:
        """End the last run, each document as named by its stem, else as done."""
        batch = f"run-{self.runs}"
        with self.engine.begin() as connection:
            rows = intake.rows_of_batch(connection, batch)
            settled = {row.id: outcomes.get(Path(row.path).stem, DONE) for row in rows}
            intake.settle(connection, batch, settled, now=now_of(connection))


@pytest.fixture
def nightly(tmp_path: Path) -> Iterator[Nightly]:
    folder = tmp_path / "in"
    folder.mkdir()
    with open_books(f"sqlite:///{tmp_path / 'ledger.db'}", create=True) as engine:
        yield Nightly(folder, tmp_path / "out", engine)


def test_only_what_is_new_or_changed_is_taken(nightly: Nightly) -> None:
    nightly.put("a.md", "a")
    changed = nightly.put("b.md", "b")
    assert nightly.take() == ["a.md", "b.md"]
    nightly.end()
    assert nightly.take() == []

    changed.write_text("other", encoding="utf-8")
    nightly.put("c.md", "c")

    assert nightly.take() == ["b.md", "c.md"]


def test_another_recipe_or_wish_is_another_thing_to_do(nightly: Nightly) -> None:
    nightly.put("a.md", "a")
    nightly.take()
    nightly.end()

    assert nightly.take(recipe="key-facts") == ["a.md"]
    assert nightly.take(formats=("md",)) == ["a.md"]
    assert nightly.take() == []


def test_a_recipe_that_was_edited_is_asked_again(nightly: Nightly) -> None:
    nightly.put("a.md", "a")
    nightly.take()
    nightly.end()
    job, wanted = nightly.job()
    edited = replace(job, recipe=replace(job.recipe, version="edited"))

    assert take(nightly.engine, job, wanted=wanted, batch="r").all == ()
    assert len(take(nightly.engine, edited, wanted=wanted, batch="r").all) == 1


def test_what_failed_is_taken_again_if_the_reason_may_pass(nightly: Nightly) -> None:
    nightly.put("damaged.md", "a")
    nightly.put("unlucky.md", "b")
    nightly.take()
    nightly.end(
        damaged=Outcome(done=False, reason="damaged"),
        unlucky=Outcome(done=False, reason="503", may_pass=True),
    )

    assert nightly.take() == ["unlucky.md"]


def test_what_another_run_is_at_work_on_is_left_to_it_while_it_lives(nightly: Nightly) -> None:
    nightly.put("a.md", "a")
    nightly.take()
    with nightly.engine.begin() as connection:
        beat(connection, "run-1", now=now_of(connection) - 20)
    assert nightly.take() == []

    with nightly.engine.begin() as connection:
        beat(connection, "run-1", now=now_of(connection) - 90)

    assert nightly.take() == ["a.md"]


def test_a_run_that_begins_anew_takes_what_it_had(nightly: Nightly) -> None:
    """As after it was suspended for a person's answer."""
    nightly.put("a.md", "a")
    nightly.take()
    nightly.runs -= 1

    assert nightly.take() == ["a.md"]


def test_what_looks_as_it_did_is_not_read_again(
    nightly: Nightly, monkeypatch: pytest.MonkeyPatch
) -> None:
    nightly.put("a.md", "a")
    nightly.take()
    nightly.end()

    def unread(path: Path) -> str:
        raise AssertionError(path)

    monkeypatch.setattr("flows.folder.digest_of", unread)

    assert nightly.take() == []


def test_a_file_that_was_only_touched_is_not_done_again(nightly: Nightly) -> None:
    file = nightly.put("a.md", "a")
    nightly.take()
    nightly.end()

    os.utime(file, (1, 1))

    assert nightly.take() == []


def test_a_file_that_cannot_be_opened_is_left_to_the_report(
    nightly: Nightly, monkeypatch: pytest.MonkeyPatch
) -> None:
    nightly.put("a.md", "a")

    def closed(path: Path) -> str:
        raise InputError(f"{path.name}: it cannot be opened (Permission denied)")

    monkeypatch.setattr("flows.folder.digest_of", closed)
    job, wanted = nightly.job()

    taken = take(nightly.engine, job, wanted=wanted, batch="r")

    assert (len(taken.all), taken.rows) == (1, {})
    with nightly.engine.begin() as connection:
        assert intake.rows_of(connection, SCHEDULED) == []


def test_a_name_that_the_intake_cannot_hold_stops_no_other(nightly: Nightly) -> None:
    nightly.put("a.md", "a")
    nightly.put("\udcff.md", "b")
    job, wanted = nightly.job()

    taken = take(nightly.engine, job, wanted=wanted, batch="r")

    assert (len(taken.rows), len(taken.closed)) == (1, 1)


@pytest.mark.parametrize(
    ("fields", "sources"),
    [
        ({}, ("in/new.md",)),
        ({"combine": "all"}, ("in",)),
        ({"combine": "both"}, ("in",)),
        ({"together": True}, ("in",)),
    ],
)
def test_an_output_of_several_documents_has_those_of_earlier_runs_in_it_too(
    fields: dict[str, object], sources: tuple[str, ...]
) -> None:
    request = Request.model_validate({"sources": ("in",), **fields})

    assert narrowed(request, Taken({}, ("in/new.md",))).sources == sources


def test_a_folder_without_a_file_holds_nothing(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    assert holds_nothing([str(tmp_path)])

    (tmp_path / "deep" / "a.md").touch()
    assert not holds_nothing([str(tmp_path)])
    assert not holds_nothing([str(tmp_path / "absent")])
