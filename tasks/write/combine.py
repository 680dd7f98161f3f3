"""The outputs of several documents as one: an index, then each document's answer under its name."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count

from tasks.core.coverage import coverage, total
from tasks.core.outputs import Citation, Output, Record
from tasks.write.anchors import BEGIN, CLOSE, OPEN, anchored
from tasks.write.clean import one_line
from tasks.write.escape import escaped
from tasks.write.headings import fitted
from tasks.write.source import SourceInfo
from tasks.write.wording import percent, plural

_MARK = re.compile(f"{BEGIN}|{OPEN}[0-9]+{CLOSE}")
_STEM = "all-documents"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What was made of one document; `name` tells it from the others."""

    name: str
    output: Output
    source: SourceInfo


def named_apart(outputs: Iterable[tuple[Output, SourceInfo]]) -> tuple[Part, ...]:
    """Give the parts, each by a name of its own."""
    told = list(outputs)
    names = told_apart(one_line(source.name) for _, source in told)
    return tuple(
        Part(name=name, output=output, source=source)
        for name, (output, source) in zip(names, told, strict=True)
    )


def told_apart(names: Iterable[str]) -> tuple[str, ...]:
    """Give each a name of its own: one that comes again is numbered."""
    taken: dict[str, None] = {}
    for plain in names:
        free = (plain if number == 1 else f"{plain} ({number})" for number in count(1))
        taken[next(name for name in free if name not in taken)] = None
    return tuple(taken)


def combined(
    parts: Sequence[Part], *, identity: str, missing: Sequence[tuple[str, str]] = ()
) -> tuple[Output, SourceInfo]:
    """Make one output of those of at least one document, in their order.

    `identity` is that of the whole, as in `SourceInfo`; `missing` names the documents that are not
    in it, each with the reason.
    """
    pieces = [_index(parts)]
    citations: list[Citation] = []
    at = len(pieces[0])
    for part in parts:
        text, placed = _told(part, at)
        pieces.append(text)
        citations += placed
        at += len(text)
    return (
        _united(parts, body="".join(pieces), citations=citations, missing=missing),
        _source(parts, identity),
    )


def _index(parts: Sequence[Part]) -> str:
    """Write the table of the documents."""
    rows = "".join(
        f"| {escaped(part.name)} | {percent(coverage(part.source.characters))} "
        f"| {len(part.output.citations)} | {'partial' if part.output.flaws else 'whole'} |\n"
        for part in parts
    )
    return f"| Document | Coverage | Citations | Output |\n|---|--:|--:|---|\n{rows}\n"


def _told(part: Part, at: int) -> tuple[str, list[Citation]]:
    """Write a part below its name, with its citations placed in the whole text."""
    marked = fitted(anchored(part.output.body, part.output.citations, begin=BEGIN))
    head = f"# {escaped(part.name)}\n\n"
    starts: list[int] = []
    ends: list[int] = []
    pieces, last, length = [head], 0, at + len(head)
    for found in _MARK.finditer(marked):
        pieces.append(marked[last : found.start()])
        length += found.start() - last
        last = found.end()
        (starts if found[0] == BEGIN else ends).append(length)
    text = "".join([*pieces, marked[last:]]) + "\n\n"
    places = iter(zip(starts, ends, strict=True))
    return text, [_placed(citation, part.name, places) for citation in part.output.citations]


def _placed(citation: Citation, name: str, places: "Iterable[tuple[int, int]]") -> Citation:
    """Give a citation its document and its place in the whole text."""
    if citation.body_end is None:
        return replace(citation, document=name)
    start, end = next(iter(places))
    return replace(citation, document=name, body_start=start, body_end=end)


def _united(
    parts: Sequence[Part],
    *,
    body: str,
    citations: Sequence[Citation],
    missing: Sequence[tuple[str, str]],
) -> Output:
    """Put together what is known of the parts."""
    first = parts[0].output
    records = [_records(part) for part in parts if part.output.records is not None]
    return replace(
        first,
        title=f"{plural(len(parts), 'document')}: {first.recipe}",
        body=body,
        records=tuple(chain.from_iterable(records)) if records else None,
        notices=tuple(dict.fromkeys(n for part in parts for n in part.output.notices)),
        flaws=(
            *(f"{name} is not in here: {reason}" for name, reason in missing),
            *(f"{part.name}: {flaw}" for part in parts for flaw in part.output.flaws),
        ),
        covered=tuple(replace(c, document=p.name) for p in parts for c in p.output.covered),
        gaps=tuple(replace(gap, document=p.name) for p in parts for gap in p.output.gaps),
        citations=tuple(citations),
        sentences=sum(part.output.sentences for part in parts),
        cited_sentences=sum(part.output.cited_sentences for part in parts),
        uncarried=tuple(replace(c, document=p.name) for p in parts for c in p.output.uncarried),
        silent=tuple(replace(s, document=p.name) for p in parts for s in p.output.silent),
        totals=tuple((f"{p.name}: {name}", sum_) for p in parts for name, sum_ in p.output.totals),
        agreement=_agreement([part.output for part in parts]),
        documents=tuple(part.name for part in parts),
        repairs=tuple(f"{part.name}: {told}" for part in parts for told in part.output.repairs),
    )


def _agreement(outputs: Sequence[Output]) -> float | None:
    """Give the mean share of all votes: there was one on each record, else on each answer."""
    votes = [(o.agreement, _votes(o)) for o in outputs if o.agreement is not None]
    cast = sum(number for _, number in votes)
    return sum(share * number for share, number in votes) / cast if cast else None


def _votes(output: Output) -> int:
    return sum(r.agreement is not None for r in output.records or ()) or len(output.covered)


def _records(part: Part) -> tuple[Record, ...]:
    """Say of a part's records in which document they were read."""
    return tuple(
        replace(record, sources=tuple(replace(s, document=part.name) for s in record.sources))
        for record in part.output.records or ()
    )


def _source(parts: Sequence[Part], identity: str) -> SourceInfo:
    digests = "".join(part.source.digest for part in parts)
    return SourceInfo(
        name=plural(len(parts), "document"),
        stem=_STEM,
        identity=identity,
        digest=hashlib.sha256(digests.encode()).hexdigest(),
        characters=total(part.source.characters for part in parts),
    )
