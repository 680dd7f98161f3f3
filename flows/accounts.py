"""A document's entry in the report: what came of it, character by character and cent by cent."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath

from flows.job import Job
from tasks.core.answers import Chunk, Result
from tasks.core.capacity import Window
from tasks.core.coverage import account
from tasks.core.documents import Document
from tasks.core.errors import DocmillError
from tasks.core.outputs import CitationStatus, Covered, Gap, Output
from tasks.core.reports import Characters, DocumentReport, Status
from tasks.core.store import DocumentRef
from tasks.extract.sources import INSIDE
from tasks.infer.prices import NOTHING, Worst
from tasks.write.about import silent_parts
from tasks.write.source import SourceInfo

NAMED_AT_MOST = 50
"""So many of the chunks that were too long or that say nothing are named in the report, and so many
of the quotations that a merge left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A document with the chunks that it was cut into.

    `worst` is what it costs at most, beyond the `kept` chunks whose answers the ledger has. `name`
    is what its chunks call it where several are asked of together, and empty else. `window` is
    what the chunks fit, by the margin that the document is planned with now and ever after.
    """

    ref: DocumentRef
    chunks: tuple[Chunk, ...]
    window: Window = Window()  # noqa: RUF009 # frozen
    worst: Worst = NOTHING
    kept: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Begun:
    """A document under way: its plan, its text, and what came for it so far.

    `too_long` are chunks that were asked in pieces since the provider counted more than we. `joint`
    is what came for merging, be it of this document alone or of several; of it, this one bears the
    part between two shares of the whole, which for all of them together run from 0 to 1.
    """

    planned: Planned
    document: Document
    spent: list[Result]
    failures: list[DocmillError] = field(default_factory=list)
    too_long: list[Chunk] = field(default_factory=list)
    joint: list[Result] = field(default_factory=list)
    share: tuple[float, float] = (0.0, 1.0)

    @property
    def may_pass(self) -> bool:
        """Tell whether all that went wrong so far may go well another time."""
        return bool(self.failures) and all(failure.may_pass for failure in self.failures)


def source_info(ref: DocumentRef, job: Job, characters: Characters) -> SourceInfo:
    """Tell the writers of a source."""
    return SourceInfo(
        name=ref.name,
        stem=PurePath(ref.path).stem.replace(INSIDE, " - "),
        identity=job.identity(ref.path),
        digest=ref.digest,
        characters=characters,
    )


def in_ledger(covered: Iterable[Covered], kept: frozenset[str]) -> tuple[Covered, ...]:
    """Keep those spans whose answers are in the ledger."""
    return tuple(c for c in covered if c.answer_key in kept)


def unread(
    source: str, job: Job, status: Status, reason: str, *, may_pass: bool = False
) -> DocumentReport:
    """Give the entry of a source of which nothing was read: it failed, or was not reached."""
    return DocumentReport(
        source=source,
        identity=job.identity(source),
        recipe=job.recipe.name,
        status=status,
        reason=reason,
        may_pass=may_pass,
    )


def account_of_failure(
    begun: Begun, job: Job, reason: str, *, may_pass: bool = False
) -> DocumentReport:
    """Give the entry of a document that was read but has no output; all of it has failed."""
    gap = Gap(start=0, end=len(begun.document.text), reason=reason)
    calls, reused, usd = _money(begun)
    return replace(
        unread(begun.planned.ref.path, job, Status.FAILED, reason, may_pass=may_pass),
        characters=account(begun.document, (), (gap,)),
        chunks=len(begun.planned.chunks),
        margin=begun.planned.window.margin,
        calls=calls,
        reused=reused,
        usd=usd,
        gaps=(gap,),
        warnings=(*begun.document.warnings, *_too_long(begun)),
    )


def unwritten(entry: DocumentReport, reason: str) -> DocumentReport:
    """Give the entry of a document whose answers are in no output: all of them have failed."""
    told = entry.characters
    failed = replace(told, answered=0, failed=told.failed + told.answered)
    return replace(entry, status=Status.FAILED, reason=reason, characters=failed)


def account_of_output(
    begun: Begun, job: Job, output: Output, characters: Characters, paths: Iterable[Path]
) -> DocumentReport:
    """Give the entry of a document whose output is written, whole or partial."""
    flaws = _flaws(output, characters)
    found = Counter(citation.status for citation in output.citations)
    return replace(
        account_of_failure(begun, job, " ".join(flaws)),
        status=Status.PARTIAL if flaws else Status.DONE,
        may_pass=bool(flaws) and begun.may_pass,
        outputs=tuple(map(str, paths)),
        characters=characters,
        citations=tuple((status, found[status]) for status in CitationStatus),
        sentences=output.sentences,
        cited_sentences=output.cited_sentences,
        silent=len(output.silent),
        gaps=output.gaps,
        warnings=(
            *begun.document.warnings,
            *_too_long(begun),
            *output.repairs,
            *_silent(output),
            *_uncarried(output),
        ),
    )


def _too_long(begun: Begun) -> tuple[str, ...]:
    """Name the chunks that the provider counted otherwise than we."""
    if not begun.too_long:
        return ()
    parts = [f"part {chunk.part}" for chunk in sorted(begun.too_long, key=lambda c: c.start)]
    named = "; ".join(parts[:NAMED_AT_MOST])
    rest = f"; and {len(parts) - NAMED_AT_MOST} more" if len(parts) > NAMED_AT_MOST else ""
    told = "too long for the window by the provider's own count, so asked in smaller pieces"
    return (f"{told}: {named}{rest}",)


def _silent(output: Output) -> tuple[str, ...]:
    """Name the parts whose answers say that they hold nothing to the point."""
    told = f"nothing relevant in {silent_parts(output, NAMED_AT_MOST)}"
    return (told,) if output.silent else ()


def _uncarried(output: Output) -> tuple[str, ...]:
    """Name the quotations that the parts had and the merged text has not."""
    if not output.uncarried:
        return ()
    named = [f"“{c.quote}”{f' [{c.place}]' if c.place else ''}" for c in output.uncarried]
    more = len(named) - NAMED_AT_MOST
    rest = f"; and {more} more, which the JSON output names" if more > 0 else ""
    return (f"left out in merging: {'; '.join(named[:NAMED_AT_MOST])}{rest}",)


def _flaws(output: Output, characters: Characters) -> tuple[str, ...]:
    """Say why an output is not whole; the check of the account is one of the reasons."""
    if characters.unexplained:
        fault = f"{characters.unexplained} characters are in no account: please report this fault."
        return (*output.flaws, fault)
    return output.flaws


def _money(begun: Begun) -> tuple[int, int, float]:
    """Count what was paid for, what was reused, and the cost of the former."""
    low, high = begun.share
    calls, reused, usd = _sums(begun.spent)
    joint_calls, joint_reused, joint_usd = _sums(begun.joint)

    def own(count: int) -> int:  # whole calls, which add up to all of them over the documents
        return int(high * count + 0.5) - int(low * count + 0.5)

    return calls + own(joint_calls), reused + own(joint_reused), usd + (high - low) * joint_usd


def _sums(results: Sequence[Result]) -> tuple[int, int, float]:
    paid = [result for result in results if not result.reused]
    return len(paid), len(results) - len(paid), sum(result.cost_usd or 0.0 for result in paid)
