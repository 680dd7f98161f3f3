"""What a finished run shows in Prefect: the report with links that open, and its tables."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact
from prefect.client.orchestration import get_client

from flows.outputs import link_to
from tasks.core.reports import Report
from tasks.write.clean import one_line
from tasks.write.report import report_as_dict
from tasks.write.report_markdown import report_markdown, trouble_markdown
from tasks.write.wording import percent, usd

Row = dict[str, Any]


async def tag(flow_run: str, *tags: str) -> None:
    """Add tags to a flow run, by which it is found again among others."""
    async with get_client() as client:
        run = await client.read_flow_run(UUID(flow_run))
        await client.update_flow_run(run.id, tags=[*dict.fromkeys((*run.tags, *tags))])


async def show_report(report: Report, outputs_url: str | None) -> None:
    """Show a report as artifacts of this flow run; `outputs_url` is where outputs are served."""
    told = report_as_dict(report)
    documents = told["documents"]

    def link(output: str) -> str | None:
        return link_to(Path(output), outputs_url) if outputs_url else None

    await acreate_markdown_artifact(
        report_markdown(told, link=link), key="report", description="What became of each document"
    )
    await acreate_table_artifact(
        [_coverage(document) for document in documents],
        key="coverage",
        description="Characters of each document: read, answered, set apart, failed",
    )
    await acreate_table_artifact(
        [*map(_cost, documents), {"Document": "All", **_money(told["totals"])}],
        key="cost",
        description="Calls that were paid for, answers that were reused, and the price",
    )
    trouble = trouble_markdown(told)
    if trouble:
        await acreate_markdown_artifact(
            trouble, key="failures", description="What is not done, why, and what to do"
        )


def _coverage(document: Mapping[str, Any]) -> Row:
    characters = document["characters"]
    return {
        "Document": _name(document),
        "Status": document["status"],
        "Coverage": percent(document["coverage"]),
        "Read": characters["read"],
        "Answered": characters["answered"],
        "Set apart": characters["set_apart"],
        "Failed": characters["failed"],
    }


def _cost(document: Mapping[str, Any]) -> Row:
    return {"Document": _name(document), **_money(document)}


def _name(document: Mapping[str, Any]) -> str:
    return one_line(Path(document["source"]).name)


def _money(told: Mapping[str, Any]) -> Row:
    return {"Calls": told["calls"], "Reused": told["reused"], "Cost": usd(told["usd"])}
