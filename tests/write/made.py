"""Values that the tests of writing share."""

import re
from dataclasses import replace
from typing import Any

from tasks.core.outputs import Citation, CitationStatus, Covered, Gap, Output, Record
from tasks.core.reports import Characters, DocumentReport, Report, Status
from tasks.write.source import SourceInfo

OUTPUT = Output(
    title="Summary of the lease",
    recipe="summarize",
    recipe_version="0123456789abcdef",
    model="minimax:m2.7@0",
    body="## Terms\n\nThe rent is due monthly [p. 2].\n",
    notices=("Pages 3–4 have no answer.",),
    records=(Record(fields=(("name", "Rent"), ("sum", 12.5)), pages=(2,)),),
    covered=(Covered(start=0, end=80, answer_key="k1"),),
    gaps=(Gap(start=80, end=100, reason="the provider refused it", pages=(3, 4)),),
    citations=(
        Citation(quote="due monthly", status=CitationStatus.FOUND, cited_page=2, page=2),
        Citation(quote="never said", status=CitationStatus.NOT_FOUND),
    ),
    sentences=4,
    cited_sentences=3,
)
SOURCE = SourceInfo(
    name="lease.pdf",
    stem="lease",
    identity="/in/lease.pdf",
    digest="ab" * 32,
    characters=Characters(read=110, answered=80, set_apart=10, failed=20),
)


def placed(body: str, *citations: Citation) -> tuple[Citation, ...]:
    """Say of citations where they stand in a body, which has them in this order."""
    found, at = [], 0
    for citation in citations:
        quote = f"\u201c{re.escape(citation.quote)}\u201d" if citation.quote else ""
        reference = r"( ?\[(?:p\.|¶) [0-9]+\])" + ("?" if quote else "")
        match = re.compile(quote + reference).search(body, at)
        assert match, citation
        found.append(replace(citation, body_start=match.start(), body_end=match.end()))
        at = match.end()
    return tuple(found)


def an_output(body: str, **changes: Any) -> Output:
    return replace(OUTPUT, body=body, **changes)


def a_source(**changes: Any) -> SourceInfo:
    return replace(SOURCE, **changes)


def an_entry(
    source: str = "lease.pdf", status: Status = Status.DONE, **changes: Any
) -> DocumentReport:
    entry = DocumentReport(
        source=source, recipe="summarize", status=status, characters=SOURCE.characters
    )
    return replace(entry, **changes)


def a_report(
    *documents: DocumentReport, run: str = "r1", started: str = "2026-01-01T00:00:00Z"
) -> Report:
    return Report(run=run, started=started, provider="offline", model="m", documents=documents)


DONE = an_entry(
    outputs=("lease.summarize.md",),
    chunks=3,
    calls=2,
    reused=1,
    usd=0.1,
    citations=((CitationStatus.FOUND, 4),),
    gaps=(Gap(start=0, end=9, reason="r", pages=(1,)),),
)
