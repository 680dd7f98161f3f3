import json
from pathlib import Path

import pytest

from flows import combining
from flows.accounts import source_info, unread
from flows.combining import combine
from flows.job import Job, prepare
from flows.progress import LoggedProgress, progress
from flows.reporting import keep_report
from flows.request import Request
from tasks.core.errors import OutputError
from tasks.core.outputs import Output
from tasks.core.reports import Characters, DocumentReport, Report, Status
from tasks.core.settings import Provider, Settings
from tasks.core.store import DocumentRef
from tasks.core.traffic import Traffic
from tasks.write.task import write_document

OUTPUT = Output(title="t", recipe="summarize", recipe_version="1", model="m", body="The rent.")


@pytest.fixture
def job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Job:
    for name in ("a.md", "b.md", "c.md"):
        (tmp_path / name).write_text(f"Text of {name}.", encoding="utf-8")
    request = Request(
        sources=(str(tmp_path / "*.md"),),
        to=tmp_path / "out",
        provider=Provider.OFFLINE,
        formats=("md", "json"),
        combine="all",
    )
    monkeypatch.setattr(combining, "write_document", write_document.fn)
    return prepare(request, Settings())


def finished(job: Job, number: int) -> DocumentReport:
    """Keep an output as `finish` does, and give the document's entry."""
    path = str(job.sources[number].path)
    ref = DocumentRef(key=path, digest="d", name=Path(path).name, path=path)
    characters = Characters(read=5, answered=5)
    job.shelf.put(OUTPUT, source_info(ref, job, characters), ref)
    return DocumentReport(
        source=path, recipe="summarize", status=Status.DONE, characters=characters
    )


async def run(job: Job) -> Report:
    async with keep_report(job, "m", Traffic) as report:
        for number in (1, 0):
            await report.add(finished(job, number))
        await report.add(unread(job.sources[2].address, job, Status.FAILED, "damaged"))
        await combine(job, report)
        return report.close()


async def test_documents_are_in_one_output_in_the_order_of_the_sources(job: Job) -> None:
    report = await run(job)
    told = json.loads((job.folder / "all-documents.summarize.json").read_text(encoding="utf-8"))

    assert told["documents"] == ["a.md", "b.md"]
    assert told["flaws"] == ["c.md is not in here: damaged"]
    assert [len(entry.outputs) for entry in report.documents] == [2, 2, 0]


async def test_the_same_documents_give_the_same_file_again(job: Job) -> None:
    await run(job)
    await run(job)

    assert len(list(job.folder.glob("all-documents*.md"))) == 1


async def test_answers_that_are_in_no_output_have_failed(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*given: object) -> None:
        raise OutputError("out: not written, the disk is full")

    monkeypatch.setattr(combining, "write_document", refuse)
    report = await run(job)

    assert [entry.status for entry in report.documents] == [Status.FAILED] * 3
    assert report.documents[0].characters == Characters(read=5, failed=5)
    assert "the disk is full" in report.documents[0].reason


class Heard(LoggedProgress):
    """Keeps what became of documents, in the order in which it was told."""

    def __init__(self) -> None:
        self.entries: list[DocumentReport] = []

    def finished(self, entry: DocumentReport) -> None:
        self.entries.append(entry)


async def test_a_document_has_not_ended_before_its_only_output_is_written(job: Job) -> None:
    heard = Heard()
    before = progress.set(heard)
    try:
        async with keep_report(job, "m", Traffic) as report:
            await report.add(finished(job, 0))
            (entry, *_) = report.so_far().documents

            assert (entry.status, entry.characters.answered) == (Status.FAILED, 0)
            assert heard.entries == []

            await combine(job, report)
    finally:
        progress.reset(before)

    assert [(e.status, len(e.outputs)) for e in heard.entries] == [(Status.DONE, 2)]


async def test_where_nothing_was_answered_nothing_is_combined(job: Job) -> None:
    async with keep_report(job, "m", Traffic) as report:
        await combine(job, report)

    assert not list(job.folder.glob("all-documents*"))
