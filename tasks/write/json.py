"""Write an output as JSON."""

import json
import math
from dataclasses import asdict, dataclass, fields
from typing import Any

from pydantic import JsonValue

from tasks.core.coverage import coverage
from tasks.core.outputs import CitationStatus, Conflict, Output, Passage, Record
from tasks.core.reports import Characters
from tasks.write.clean import without_surrogates
from tasks.write.source import SourceInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The lengths of what is listed elsewhere, for those who want no more."""

    citations: dict[str, int]
    gaps: int
    records: int | None
    sentences: int
    cited_sentences: int
    silent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceEntry:
    """What holds of a source anywhere: its name and digest, not where it lay."""

    name: str
    sha256: str
    characters: Characters
    coverage: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordEntry:
    """A record with its fields by name."""

    fields: dict[str, JsonValue]
    pages: tuple[int, ...]
    sources: tuple[Passage, ...]
    conflicts: tuple[Conflict, ...]
    agreement: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputFile(Output):
    """The JSON output: an output with all its evidence, spans in characters of the source's text.

    Pages count from 1; `covered` names for each span the ledger's key of its answer. The texts
    stand as they came and are not made safe to show.
    """

    records: tuple[RecordEntry, ...] | None  # type: ignore[assignment]  # by name, see RecordEntry
    totals: dict[str, str]  # type: ignore[assignment]  # by name
    counts: Counts
    source: SourceEntry


def render_json(output: Output, source: SourceInfo) -> bytes:
    """Give the output as one JSON object; see `OutputFile`. Keys are sorted."""
    data = output_as_dict(output, source)
    text = json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False)
    return without_surrogates(text + "\n").encode()


def output_as_dict(output: Output, source: SourceInfo) -> dict[str, Any]:
    """Give an output in the shape of `OutputFile`, numbers that JSON cannot hold as null."""
    told: dict[str, Any] = {field.name: getattr(output, field.name) for field in fields(output)}
    told |= {
        "records": None if output.records is None else tuple(map(_record, output.records)),
        "totals": dict(output.totals),
        "counts": _counts(output),
        "source": SourceEntry(
            name=source.name,
            sha256=source.digest,
            characters=source.characters,
            coverage=coverage(source.characters),
        ),
    }
    finite: dict[str, Any] = _finite(asdict(OutputFile(**told)))
    return finite


def _record(record: Record) -> RecordEntry:
    return RecordEntry(
        fields=dict(record.fields),
        pages=record.pages,
        sources=record.sources,
        conflicts=record.conflicts,
        agreement=record.agreement,
    )


def _counts(output: Output) -> Counts:
    statuses = [citation.status for citation in output.citations]
    return Counts(
        citations={str(status): statuses.count(status) for status in CitationStatus},
        gaps=len(output.gaps),
        records=None if output.records is None else len(output.records),
        sentences=output.sentences,
        cited_sentences=output.cited_sentences,
        silent=len(output.silent),
    )


def _finite(value: Any) -> Any:
    """Replace numbers that JSON cannot hold by null."""
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
