"""The published JSON Schemas of what docmill writes for machines: outputs and reports."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from tasks.core.errors import ConfigError
from tasks.core.reports import DocumentReport, Report
from tasks.write.json import OutputFile
from tasks.write.totals import Totals

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentEntry(DocumentReport):
    """A document of a report; `citations` counts them by status, `run` is the one that speaks."""

    citations: dict[str, int]  # type: ignore[assignment]  # by name
    coverage: float | None
    run: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFile(Report):
    """A folder's report: the newest run's data, and for each document the run that speaks for it.

    `notes` tell of runs whose files could not be read; a report of one run alone has none.
    """

    documents: tuple[DocumentEntry, ...]
    totals: Totals
    notes: tuple[str, ...] = ()


SCHEMAS: Mapping[str, type] = {"output": OutputFile, "report": ReportFile}


def schema_of(name: str) -> dict[str, Any]:
    """Give the JSON Schema (2020-12) of "output" or "report"; ConfigError for another name."""
    if name not in SCHEMAS:
        raise ConfigError(f"there is no schema {name!r}; there are {', '.join(SCHEMAS)}")
    schema = TypeAdapter(SCHEMAS[name]).json_schema(mode="serialization")
    for shape in (schema, *schema.get("$defs", {}).values()):
        if "properties" in shape:
            shape["required"] = [key for key in shape["properties"] if key != "notes"]
            shape["additionalProperties"] = False
    return {"$schema": _DIALECT, **schema}
