import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

from flows.accounts import Begun, Planned, account_of_failure, account_of_output, unread
from flows.job import Job, prepare
from flows.reporting import keep_report
from flows.request import Request
from tasks.core.answers import Result
from tasks.core.documents import Document
from tasks.core.errors import BudgetError, DocmillError, ReplyError, TransientError
from tasks.core.outputs import Covered, Output, Silent
from tasks.core.reports import Characters, DocumentReport, Status
from tasks.core.settings import Provider, Settings
from tasks.core.store import DocumentRef
from tasks.core.traffic import Traffic

REF = DocumentRef(key="k", digest="d", name="a.md", path="a.md")
OUTPUT = Output(title="t", recipe="summarize", recipe_version="1", model="m", body="b")


@pytest.fixture
def job(tmp_path: Path) -> Job:
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text("Text.", encoding="utf-8")
    request = Request(
        sources=(str(tmp_path / "*.md"),), to=tmp_path / "out", provider=Provider.OFFLINE
    )
    return prepare(request, Settings())


def done(job: Job, number: int) -> DocumentReport:
    source = str(job.sources[number].path)
    return DocumentReport(source=source, recipe="summarize", status=Status.DONE)


async def test_what_stops_a_run_leaves_a_report_that_says_how_to_go_on(job: Job) -> None:
    async def stop_half_way() -> None:
        async with keep_report(job, "m", Traffic) as report:
            await report.add(done(job, 0))
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await stop_half_way()

    written = json.loads((job.folder / "report.json").read_text(encoding="utf-8"))

    assert [entry["status"] for entry in written["documents"]] == ["done", "skipped"]
    assert "run the same command again" in written["how_to_go_on"]
    assert written["finished"] is None


async def test_a_run_without_flaws_has_nothing_to_go_on_with(job: Job) -> None:
    async with keep_report(job, "m", Traffic) as report:
        for number in (0, 1):
            await report.add(done(job, number))
        closed = report.close()

    assert closed.how_to_go_on is None
    assert closed.finished is not None


async def test_a_failed_document_is_no_reason_to_call_others_skipped(job: Job) -> None:
    async with keep_report(job, "m", Traffic) as report:
        path = job.sources[1].path
        await report.add(unread(str(path), job, Status.FAILED, "encrypted: locked"))
        await report.add(done(job, 0))
        closed = report.close()

    assert [entry.status for entry in closed.documents] == [Status.DONE, Status.FAILED]
    assert closed.how_to_go_on is not None


async def test_what_lies_in_a_source_has_entries_behind_it_that_it_names(job: Job) -> None:
    first, second = job.sources
    job = job.with_read([second, first, first.holding("x.pdf"), first.holding("y.pdf")])
    async with keep_report(job, "m", Traffic) as report:
        report.read(job)
        await report.add(done(job, 0))
        closed = report.close()

    inside = (f"{first.address} > x.pdf", f"{first.address} > y.pdf")
    sources = [entry.source for entry in closed.documents]
    assert sources == [first.address, *inside, second.address]
    assert [entry.inside for entry in closed.documents] == [inside, (), (), ()]
    assert closed.documents[1].status is Status.SKIPPED


def test_money_is_counted_even_where_nothing_came_of_it(job: Job) -> None:
    paid = Result(answer_key="k", text="half", finish_reason="length", cost_usd=0.5)
    reused = replace(paid, reused=True)
    document = Document(digest="d", text="Text.")

    begun = Begun(Planned(ref=REF, chunks=()), document, [paid, reused])

    entry = account_of_failure(begun, job, "cut at maxTokens")

    assert (entry.calls, entry.reused, entry.usd) == (1, 1, 0.5)
    assert entry.characters == Characters(read=5, failed=5)


def test_a_failure_may_pass_only_where_each_of_its_causes_may() -> None:
    def may_pass(*causes: DocmillError) -> bool:
        begun = Begun(Planned(ref=REF, chunks=()), Document(digest="d", text="Text."), [])
        begun.failures.extend(causes)
        return begun.may_pass

    assert may_pass(TransientError("503"), BudgetError("over"))
    assert not may_pass(TransientError("503"), ReplyError("no JSON"))
    assert not may_pass()


def test_a_character_in_no_account_makes_the_document_partial(job: Job) -> None:
    begun = Begun(Planned(ref=REF, chunks=()), Document(digest="d", text="Text."), [])

    entry = account_of_output(begun, job, OUTPUT, Characters(read=5, answered=4), [])

    assert entry.status is Status.PARTIAL
    assert "1 characters are in no account" in entry.reason


def test_parts_that_say_nothing_are_counted_and_named(job: Job) -> None:
    begun = Begun(Planned(ref=REF, chunks=()), Document(digest="d", text="Text."), [])
    covered = tuple(Covered(start=n, end=n + 1, answer_key="k") for n in range(3))
    silent = (Silent(start=1, end=2, part="2 of 3", pages=(4, 5)),)
    output = replace(OUTPUT, covered=covered, silent=silent)

    entry = account_of_output(begun, job, output, Characters(), ())

    assert entry.silent == 1
    assert entry.warnings == ("nothing relevant in 1 of 3 answered parts: part 2 of 3 (pages 4–5)",)
