"""A document's entry in the report: what came of it, character by character and cent by cent."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from flows.job import Job
from tasks.core.coverage import account
from tasks.core.documents import (
    Characters,
    Chunk,
    CitationStatus,
    Covered,
    Document,
    DocumentReport,
    Gap,
    Output,
    Result,
    Status,
)
from tasks.core.store import DocumentRef
from tasks.write.source import SourceInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A document with the chunks that it was cut into."""

    ref: DocumentRef
    chunks: tuple[Chunk, ...]


def source_info(ref: DocumentRef, characters: Characters) -> SourceInfo:
    """Tell the writers of a source; by its whole path it finds its file names again."""
    return SourceInfo(
        name=ref.name,
        stem=PurePath(ref.path).stem,
        identity=str(Path(ref.path).resolve()),
        digest=ref.digest,
        characters=characters,
    )


def in_ledger(covered: Iterable[Covered], kept: frozenset[str]) -> tuple[Covered, ...]:
    """Keep those spans whose answers are in the ledger."""
    return tuple(c for c in covered if c.answer_key in kept)


def failed(source: str, recipe: str, reason: str) -> DocumentReport:
    """Give the entry of a source that could not be read or dealt with."""
    return DocumentReport(source=source, recipe=recipe, status=Status.FAILED, reason=reason)


def skipped(source: str, recipe: str, reason: str) -> DocumentReport:
    """Give the entry of a document that was not begun or not ended."""
    return DocumentReport(source=source, recipe=recipe, status=Status.SKIPPED, reason=reason)


def account_of_failure(
    planned: Planned, document: Document, job: Job, results: Sequence[Result], reason: str
) -> DocumentReport:
    """Give the entry of a document that was read but has no output; all of it has failed."""
    gap = Gap(start=0, end=len(document.text), reason=reason)
    calls, reused, usd = _money(results)
    return DocumentReport(
        source=planned.ref.path,
        recipe=job.recipe.name,
        status=Status.FAILED,
        reason=reason,
        characters=account(document, (), (gap,)),
        chunks=len(planned.chunks),
        calls=calls,
        reused=reused,
        usd=usd,
        gaps=(gap,),
        warnings=document.warnings,
    )


def account_of_output(
    planned: Planned,
    document: Document,
    output: Output,
    results: Sequence[Result],
    characters: Characters,
    paths: Iterable[Path],
) -> DocumentReport:
    """Give the entry of a document whose output is written, whole or partial."""
    reasons = _flaws(output, characters)
    calls, reused, usd = _money(results)
    found = Counter(citation.status for citation in output.citations)
    return DocumentReport(
        source=planned.ref.path,
        recipe=output.recipe,
        status=Status.PARTIAL if reasons else Status.DONE,
        reason=" ".join(reasons),
        outputs=tuple(map(str, paths)),
        characters=characters,
        chunks=len(planned.chunks),
        calls=calls,
        reused=reused,
        usd=usd,
        citations=tuple((status, found[status]) for status in CitationStatus),
        sentences=output.sentences,
        cited_sentences=output.cited_sentences,
        gaps=output.gaps,
        warnings=document.warnings,
    )


def _flaws(output: Output, characters: Characters) -> tuple[str, ...]:
    """Say why an output is not whole; the check of the account is one of the reasons."""
    if characters.unexplained:
        fault = f"{characters.unexplained} characters are in no account: please report this fault."
        return (*output.flaws, fault)
    return output.flaws


def _money(results: Sequence[Result]) -> tuple[int, int, float]:
    """Count what was paid for, what was reused, and the cost of the former."""
    paid = [result for result in results if not result.reused]
    usd = sum(result.cost_usd or 0.0 for result in paid)
    return len(paid), len(results) - len(paid), usd
