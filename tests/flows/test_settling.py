"""Rows of the intake hear from a run what became of their files, each as it ends."""

from pathlib import Path

import pytest

from flows.progress import LoggedProgress
from flows.request import Request
from flows.settling import Settling, outcome_of, process_rows
from tasks.core.errors import BudgetError, RefusedError
from tasks.core.reports import DocumentReport, Status
from tasks.ledger import intake
from tasks.ledger.books import open_books
from tasks.ledger.engine import open_engine
from tasks.ledger.intake import Arrival, Outcome, Row, State
from tasks.ledger.writer import Writer

CASES = [
    (Status.DONE, "", False, Outcome(done=True, outputs=("/o/a.docx",))),
    (Status.FAILED, "damaged", False, Outcome(done=False, reason="damaged")),
    (Status.FAILED, "disk full", True, Outcome(done=False, reason="disk full", may_pass=True)),
    (Status.PARTIAL, "p. 3", False, Outcome(done=False, reason="partial: p. 3")),
    (Status.SKIPPED, "budget", False, Outcome(done=False, reason="budget", may_pass=True)),
]


def entry(source: str, status: Status, reason: str = "", **more: object) -> DocumentReport:
    fields = {"source": source, "recipe": "summarize", "status": status, "reason": reason, **more}
    return DocumentReport(**fields)  # type: ignore[arg-type] # as its fields are


def arrival(path: str) -> Arrival:
    return Arrival(
        inbox="/in", path=path, digest=path, size=1, mtime_ns=1, request="{}", version="v"
    )


@pytest.mark.parametrize(("status", "reason", "may_pass", "outcome"), CASES)
def test_an_end_of_a_document_is_an_outcome_of_its_file(
    status: Status,
    reason: str,
    may_pass: bool,  # noqa: FBT001
    outcome: Outcome,
) -> None:
    outputs = ("/o/a.docx",) if status is Status.DONE else ()

    told = outcome_of(entry("/in/a", status, reason, may_pass=may_pass, outputs=outputs))

    assert told == outcome


def test_a_document_that_ends_is_settled_though_the_run_is_not_through(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    with open_books(url, create=True) as engine:
        rows: dict[str, Row] = {}
        with engine.begin() as connection:
            for path in ("a", "b", "c"):
                rows[f"/in/{path}"] = intake.arrive(connection, arrival(path), now=1)
            intake.claim(connection, [row.id for row in rows.values()], "batch", now=2)
        writer = Writer(open_engine(url))
        settling = Settling(writer, "batch", rows, LoggedProgress())

        settling.finished(entry("/in/a", Status.DONE))
        settling.finished(entry("/in/b", Status.SKIPPED))
        settling.finished(entry("/in/of-nobody", Status.DONE))
        writer.close()

        with engine.begin() as connection:
            states = {row.path: row.state for row in intake.rows_of(connection, "/in")}
        assert states == {"a": State.DONE, "b": State.STARTED, "c": State.STARTED}


def test_a_mail_is_settled_once_all_that_is_attached_to_it_have_ended(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    with open_books(url, create=True) as engine:
        with engine.begin() as connection:
            row = intake.arrive(connection, arrival("a"), now=1)
            intake.claim(connection, [row.id], "batch", now=2)
        writer = Writer(open_engine(url))
        settling = Settling(writer, "batch", {"/in/a": row}, LoggedProgress())

        def state() -> tuple[State, str]:
            writer.submit(lambda _: None).result()
            with engine.begin() as connection:
                (now,) = intake.rows_of(connection, "/in")
            return now.state, now.reason

        settling.finished(entry("/in/a > m > x", Status.FAILED, "locked", outputs=("/o/x",)))
        settling.finished(entry("/in/a", Status.DONE, inside=("/in/a > m", "/in/a > y")))
        settling.finished(entry("/in/a > m", Status.DONE, inside=("/in/a > m > x",)))
        assert state()[0] is State.STARTED
        settling.finished(entry("/in/a > y", Status.DONE))
        assert state() == (State.FAILED, "a > m > x: locked")
        writer.close()


@pytest.mark.parametrize(("error", "may_pass"), [(RefusedError, False), (BudgetError, True)])
async def test_a_plan_that_a_person_refused_is_not_tried_again(
    error: type[BudgetError],
    may_pass: bool,  # noqa: FBT001
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def refused(*_: object, **__: object) -> None:
        raise error("no")

    monkeypatch.setattr("flows.settling.process", refused)
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    with open_books(url, create=True) as engine:
        with engine.begin() as connection:
            row = intake.arrive(connection, arrival("a"), now=1)
            intake.claim(connection, [row.id], "batch", now=2)

        with pytest.raises(error):
            await process_rows(
                Request(sources=("/in/a",)), {"/in/a": row}, batch="batch", ledger_url=url
            )

        with engine.begin() as connection:
            (settled,) = intake.rows_of(connection, "/in")
    assert (settled.state, settled.may_pass) == (State.FAILED, may_pass)
