"""Many documents in one question: one output, and an account for each."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from flows.accounts import Planned, account_of_failure
from flows.allowance import Allowance
from flows.job import Job, prepare
from flows.names import names_apart
from flows.providers import open_inference
from flows.request import Request
from flows.stages import PLAIN
from flows.together import begin, finish_together
from tasks.chunk.plan import plan_chunks
from tasks.core.answers import Chunk, Result
from tasks.core.capacity import Window
from tasks.core.documents import Document
from tasks.core.errors import InferenceError, RejectedError, TransientError
from tasks.core.outputs import CitationStatus, Output
from tasks.core.reports import DocumentReport, Status
from tasks.core.settings import DeliveryMethod, Provider, Settings, load_settings
from tasks.core.store import DocumentRef
from tasks.infer.inference import Outcome
from tasks.merge.task import Step
from tests.benchmarks.emulating import emulating
from tests.flows.running import SAMPLES
from tests.merge.building import document, without_pages


class Nobody:
    """A provider that has kept all answers, and says who it is."""

    async def kept(self, keys: Iterable[str]) -> frozenset[str]:
        return frozenset(keys)

    def within(self, window: Window) -> "Nobody":
        assert window == Window(204_800)
        return self

    def label(self, model: str) -> str:
        return model

    def notices(self) -> tuple[str, ...]:
        return ()


def planned(job: Job, *documents: Document) -> tuple[Planned, ...]:
    """Plan documents that all have the same file name, in folders of their own."""
    refs = [
        DocumentRef(key=one.digest, digest=one.digest, name="a.txt", path=f"{number}/a.txt")
        for number, one in enumerate(documents)
    ]
    found = []
    for ref, name, one in zip(refs, names_apart(refs), documents, strict=True):
        job.store.keep(ref.key, one)
        chunks = plan_chunks(one, job.recipe, window=Window(job.window), name=name)
        found.append(Planned(ref=ref, chunks=chunks, name=name))
    return tuple(found)


async def together(
    tmp_path: Path,
    *texts: str,
    fails: str = "-",
    error: type[InferenceError] = RejectedError,
    recipe: str = "key-facts",
    says: str = "",
    copies: int = 0,
) -> tuple[tuple[DocumentReport, ...], list[Output]]:
    request = Request(
        sources=(str(SAMPLES / "minutes.md"),), to=tmp_path, provider=Provider.OFFLINE,
        recipe=recipe, together=True,
    )  # fmt: skip
    job = prepare(request, Settings(store=str(tmp_path / "store")))
    written: list[Output] = []

    async def infer(_ref: object, chunk: Chunk, *_: object) -> Outcome:
        if chunk.document == fails:
            raise error("HTTP 402")
        quote = '"quote": "Rent is due.", "page": null, "kind": "other"'
        text = f'{{"facts": [{{"fact": "of {chunk.document}", {quote}}}]}}'
        return Outcome((Result(answer_key=chunk.document, text=says or text),))

    async def merge(step: Step, _: object) -> tuple[Outcome, ...]:
        return (Outcome((Result(answer_key="merged", text=says),)),) * len(step.requests)

    async def write(output: Output, *_: object) -> tuple[Path, ...]:
        written.append(output)
        return (tmp_path / "together.md",)

    nobody: Any = Nobody()
    stages = PLAIN._replace(infer=infer, merge=merge, write=write)
    documents = [Document(digest=f"{n}" * 64, text=text) for n, text in enumerate(texts)]
    found = planned(job, *documents, *documents[:copies])
    told = await finish_together(Allowance(nobody, None), found, job, nobody, stages)
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


async def test_what_is_joint_is_shared_out_to_the_last_call_and_cent(tmp_path: Path) -> None:
    one = Result(answer_key="k", text="t", cost_usd=0.3)
    documents = [(f"{n}", chunks) for n, chunks in enumerate((1, 5, 3))]
    begun = begin(
        [
            Planned(
                ref=DocumentRef(key=name, digest=name, name=name, path=name),
                chunks=(Chunk(index=1, total=1, start=0, end=1, tokens=1),) * chunks,
            )
            for name, chunks in documents
        ]
    )
    begun[0].spent.append(one)
    begun[0].joint.extend([*[one] * 4, replace(one, reused=True)])
    job: Any = SimpleNamespace(identity=str, recipe=SimpleNamespace(name="r"))

    told = [account_of_failure(each, job, "") for each in begun]

    assert [entry.calls for entry in told] == [1, 3, 1]
    assert sum(entry.reused for entry in told) == 1
    assert [entry.usd for entry in told] == pytest.approx([0.3 + 1.2 / 9, 1.2 * 5 / 9, 1.2 * 3 / 9])


async def test_each_document_counts_the_sentences_that_cite_it(tmp_path: Path) -> None:
    texts = ("The rent is due in May of each year.", "The fee is high beyond all measure.")
    said = (
        "“The rent is due in May of each year” [a.txt]. “The fee is high beyond all measure” "
        "[a.txt (2)]; “The rent is due in May” [a.txt]. Nobody knows. It is so [a.txt (2)]."
    )
    told, (output,) = await together(tmp_path, *texts, recipe="compare", says=said)

    assert (output.sentences, output.cited_sentences) == (4, 3)
    assert [(e.sentences, e.cited_sentences) for e in told] == [(4, 2), (4, 2)]


async def test_what_one_document_lacks_is_named_and_counted_for_it_alone(tmp_path: Path) -> None:
    told, (output,) = await together(tmp_path, "Rent is due.", "It is high.", fails="a.txt (2)")

    assert [gap.document for gap in output.gaps] == ["a.txt (2)"]
    assert any("a.txt (2) could not be answered (HTTP 402)" in flaw for flaw in output.flaws)
    assert [(e.status, e.characters.failed) for e in told] == [
        (Status.PARTIAL, 0),
        (Status.PARTIAL, 11),
    ]


async def test_what_is_there_twice_is_asked_of_once(tmp_path: Path) -> None:
    told, (output,) = await together(tmp_path, "Rent is due.", "It is high.", copies=1)

    assert output.documents == ("a.txt", "a.txt (2)")
    assert [(Path(e.source).parts[0], e.calls, len(e.outputs)) for e in told] == [
        ("0", 1, 1), ("1", 1, 1), ("2", 0, 1),
    ]  # fmt: skip
    assert told[2].characters == told[0].characters
    assert told[2].identity != told[0].identity


async def test_when_nothing_is_answered_all_have_failed(tmp_path: Path) -> None:
    told, written = await together(tmp_path, "Rent is due.", fails="a.txt")

    assert (told[0].status, told[0].reason, written) == (Status.FAILED, "HTTP 402", [])


async def test_what_failed_in_passing_may_go_well_another_time(tmp_path: Path) -> None:
    (refused,), _ = await together(tmp_path, "Rent is due.", fails="a.txt")
    (unlucky,), _ = await together(tmp_path, "Rent is due.", fails="a.txt", error=TransientError)

    assert (refused.may_pass, unlucky.may_pass) == (False, True)


PLANTED = (
    document("Fact K-0001: The rent is EUR 900.\n", "Fact K-0002: It is due in May."),
    without_pages("Fact K-0003: The fee is EUR 40.", "Fact K-0004: It is due in June."),
)


async def test_the_scripted_model_names_document_and_place_of_what_it_quotes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCMILL_HOME", str(tmp_path))
    monkeypatch.setenv("RUNWARE_API_KEY", "any")
    request = Request(
        sources=(str(SAMPLES / "minutes.md"),), to=tmp_path, provider=Provider.RUNWARE,
        recipe="compare", together=True, delivery=DeliveryMethod.SYNC,
    )  # fmt: skip
    written: list[Output] = []

    async def write(output: Output, *_: object) -> tuple[Path, ...]:
        written.append(output)
        return (tmp_path / "together.md",)

    with emulating(engine="planted", script=()) as url:
        monkeypatch.setenv("DOCMILL_RUNWARE_URL", f"{url}/v1")
        settings = load_settings()
        job = prepare(request, settings)
        stages = PLAIN._replace(write=write)
        async with open_inference(settings, job) as inference:
            found = planned(job, *PLANTED)
            allowance = Allowance(inference.ledger, inference.budget)
            await finish_together(allowance, found, job, inference, stages)

    assert written[0].body.splitlines() == [
        "- “Fact K-0001: The rent is EUR 900.” [a.txt, p. 1]",
        "- “Fact K-0002: It is due in May.” [a.txt, p. 2]",
        "- “Fact K-0003: The fee is EUR 40.” [a.txt (2), ¶ 1]",
        "- “Fact K-0004: It is due in June.” [a.txt (2), ¶ 2]",
    ]
    assert [c.status for c in written[0].citations] == [CitationStatus.FOUND] * 4
