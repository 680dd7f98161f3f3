"""Many documents in one question: one output, and an account for each."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flows.accounts import Planned
from flows.allowance import Allowance
from flows.job import Job, prepare
from flows.request import Request
from flows.stages import PLAIN
from flows.together import finish_together, named_apart
from tasks.chunk.plan import plan_chunks
from tasks.core.documents import Chunk, Document, DocumentReport, Output, Result, Status
from tasks.core.errors import InferenceError, RejectedError, TransientError
from tasks.core.settings import Provider, Settings
from tasks.core.store import DocumentRef
from tasks.infer.inference import Outcome
from tests.flows.running import SAMPLES


class Nobody:
    """A provider that has kept all answers, and says who it is."""

    async def kept(self, keys: Iterable[str]) -> frozenset[str]:
        return frozenset(keys)

    def label(self, model: str) -> str:
        return model

    def notices(self) -> tuple[str, ...]:
        return ()


def planned(job: Job, *texts: str) -> tuple[Planned, ...]:
    """Plan documents that all have the same file name, in folders of their own."""
    found = []
    for number, text in enumerate(texts):
        document = Document(digest=f"{number}" * 64, text=text)
        job.store.keep(f"k{number}", document)
        ref = DocumentRef(
            key=f"k{number}", digest=document.digest, name="a.txt", path=f"{number}/a.txt"
        )
        found.append(Planned(ref=ref, chunks=plan_chunks(document, job.recipe, window=job.window)))
    return named_apart(found)


async def together(
    tmp_path: Path, *texts: str, fails: str = "-", error: type[InferenceError] = RejectedError
) -> tuple[tuple[DocumentReport, ...], list[Output]]:
    request = Request(
        sources=(str(SAMPLES / "minutes.md"),), to=tmp_path, provider=Provider.OFFLINE,
        recipe="key-facts", together=True,
    )  # fmt: skip
    job = prepare(request, Settings(store=str(tmp_path / "store")))
    written: list[Output] = []

    async def infer(_ref: object, chunk: Chunk, *_: object) -> Outcome:
        if chunk.document == fails:
            raise error("HTTP 402")
        quote = '"quote": "Rent is due.", "page": null, "kind": "other"'
        text = f'{{"facts": [{{"fact": "of {chunk.document}", {quote}}}]}}'
        return Outcome((Result(answer_key=chunk.document, text=text),))

    async def write(output: Output, *_: object) -> tuple[Path, ...]:
        written.append(output)
        return (tmp_path / "together.md",)

    nobody: Any = Nobody()
    stages = PLAIN._replace(infer=infer, write=write)
    told = await finish_together(Allowance(nobody, None), planned(job, *texts), job, nobody, stages)
    return told, written


async def test_all_documents_become_one_output_and_each_has_its_account(tmp_path: Path) -> None:
    told, (output,) = await together(tmp_path, "Rent is due.", "Rent is due. It is high.", "  ")

    assert output.documents == ("a.txt", "a.txt (2)")
    assert [dict(r.fields)["fact"] for r in output.records or ()] == ["of a.txt", "of a.txt (2)"]
    assert [c.document for c in output.citations] == ["a.txt", "a.txt (2)"]
    assert [entry.outputs for entry in told] == [(str(tmp_path / "together.md"),)] * 2 + [()]
    assert [entry.characters.answered for entry in told] == [12, 24, 0]
    assert [entry.calls for entry in told] == [1, 1, 0]
    assert told[2].reason.startswith("empty")


async def test_what_one_document_lacks_is_named_and_counted_for_it_alone(tmp_path: Path) -> None:
    told, (output,) = await together(tmp_path, "Rent is due.", "It is high.", fails="a.txt (2)")

    assert [gap.document for gap in output.gaps] == ["a.txt (2)"]
    assert any("a.txt (2) could not be answered (HTTP 402)" in flaw for flaw in output.flaws)
    assert [(e.status, e.characters.failed) for e in told] == [
        (Status.PARTIAL, 0),
        (Status.PARTIAL, 11),
    ]


async def test_when_nothing_is_answered_all_have_failed(tmp_path: Path) -> None:
    told, written = await together(tmp_path, "Rent is due.", fails="a.txt")

    assert (told[0].status, told[0].reason, written) == (Status.FAILED, "HTTP 402", [])


async def test_what_failed_in_passing_may_go_well_another_time(tmp_path: Path) -> None:
    (refused,), _ = await together(tmp_path, "Rent is due.", fails="a.txt")
    (unlucky,), _ = await together(tmp_path, "Rent is due.", fails="a.txt", error=TransientError)

    assert (refused.may_pass, unlucky.may_pass) == (False, True)
