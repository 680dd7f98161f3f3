"""Write an output as JSON."""

import json
import math
from dataclasses import asdict
from typing import Any

from tasks.core.coverage import coverage
from tasks.core.documents import CitationStatus, Output
from tasks.write.clean import without_surrogates
from tasks.write.source import SourceInfo


def render_json(output: Output, source: SourceInfo) -> bytes:
    """Give the output with all its evidence; the texts stand as they came, not made safe to show.

    Spans are in characters of the source's text, pages count from 1, and `covered` names for each
    span the ledger's key of its answer. Keys are sorted.
    """
    data = asdict(output) | {
        "records": _records(output),
        "totals": dict(output.totals),
        "counts": _counts(output),
        "source": _source(source),
    }
    text = json.dumps(_finite(data), ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False)
    return without_surrogates(text + "\n").encode()


def _records(output: Output) -> list[dict[str, Any]] | None:
    """Give records with their fields by name."""
    if output.records is None:
        return None
    return [asdict(record) | {"fields": dict(record.fields)} for record in output.records]


def _counts(output: Output) -> dict[str, Any]:
    """Count what is listed elsewhere, for those who want no more."""
    statuses = [citation.status for citation in output.citations]
    return {
        "citations": {str(status): statuses.count(status) for status in CitationStatus},
        "gaps": len(output.gaps),
        "records": None if output.records is None else len(output.records),
        "sentences": output.sentences,
        "cited_sentences": output.cited_sentences,
    }


def _source(source: SourceInfo) -> dict[str, Any]:
    """Tell of the source what holds anywhere: its name and digest, not where it lay."""
    return {
        "name": source.name,
        "sha256": source.digest,
        "characters": asdict(source.characters),
        "coverage": coverage(source.characters),
    }


def _finite(value: Any) -> Any:
    """Replace numbers that JSON cannot hold by null."""
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
