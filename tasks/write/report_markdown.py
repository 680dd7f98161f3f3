"""The report as Markdown: for a terminal, a mail, or a page of Prefect's."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePath
from typing import Any

from tasks.core.traffic import DRIFT_TOLD
from tasks.write.escape import escaped
from tasks.write.margins import margins_told
from tasks.write.wording import number, percent, plural, usd

_HEAD = (
    "| Document | Recipe | Status | Coverage | Calls | Reused | Cost |",
    "|---|---|---|---:|---:|---:|---:|",
)
_TROUBLED = ("failed", "partial", "skipped")


Link = Callable[[str], str | None]
"""Gives the address under which an output opens, if it does."""


def no_link(_: str) -> None:
    """Give no address: outputs are named by their paths."""


def report_markdown(report: Mapping[str, Any], *, link: Link = no_link) -> str:
    """Tell a report, as `report_as_dict` or `load_report` give it, to a person."""
    lines = [_summary(report["totals"]), *_run(report), "", *_HEAD]
    lines += [_row(document) for document in report["documents"]]
    lines += _reasons(report["documents"])
    lines += _warnings(report["documents"])
    lines += _outputs(report["documents"], link)
    lines += [f"\n*{escaped(str(note))}*" for note in report.get("notes") or ()]
    return "\n".join(lines) + "\n"


def trouble_markdown(report: Mapping[str, Any]) -> str:
    """Tell why documents of a report are not done and how to go on; empty where all are."""
    reasons = list(_reasons(report["documents"]))
    if reasons and report.get("how_to_go_on"):
        reasons += ["", f"To go on: {escaped(str(report['how_to_go_on']))}"]
    return "\n".join(reasons).strip()


def _summary(totals: Mapping[str, Any]) -> str:
    """Say in one line how it went."""
    statuses = [f"{number(totals[s])} {s}" for s in ("done", *_TROUBLED) if totals[s]]
    money = f"{plural(totals['calls'], 'call')}, {number(totals['reused'])} reused"
    of = " of what could be read" if totals["unread"] else ""
    return (
        f"**{plural(totals['documents'], 'document')}: {', '.join(statuses) or 'none'}.** "
        f"Coverage {percent(totals['coverage'])}{of}; {money}; {usd(totals['usd'])}."
    )


def _run(report: Mapping[str, Any]) -> Iterator[str]:
    """Say which run it was, on what, and how to go on."""
    ended = report.get("finished") or "not finished"
    yield ""
    yield (
        f"Run {escaped(str(report['run']))}, started {escaped(str(report['started']))}, "
        f"{'finished ' if report.get('finished') else ''}{escaped(str(ended))}; "
        f"provider {escaped(str(report['provider']))}, model {escaped(str(report['model']))}."
    )
    if report.get("traffic"):
        yield ""
        yield _traffic(report["traffic"])
    if told := margins_told(report["documents"]):
        yield ""
        yield told
    if report.get("how_to_go_on"):
        yield ""
        yield f"To go on: {escaped(str(report['how_to_go_on']))}"


def _traffic(traffic: Mapping[str, Any]) -> str:
    """Say how many tasks the provider took at once, and whether it bills what is expected."""
    tokens = f"{number(traffic['prompt_tokens'])} + {number(traffic['completion_tokens'])}"
    line = (
        f"Inference in this run: {plural(traffic['calls'], 'answer')} paid for, {tokens} tokens, "
        f"{usd(traffic['usd'])}; at most {number(traffic['most_in_flight'])} in flight, "
        f"limit {number(traffic['limit'])} at the end, {number(traffic['refused'])} refused."
    )
    drift = traffic["price_drift"]
    if drift is None or abs(drift) <= DRIFT_TOLD:
        return line
    return f"{line} The bill is {drift:+.1%} off the prices that are set."


def _row(document: Mapping[str, Any]) -> str:
    """Give a document's row of the table."""
    cells = (
        escaped(document["source"]),
        escaped(document["recipe"]),
        escaped(document["status"]),
        percent(document["coverage"]),
        number(document["calls"]),
        number(document["reused"]),
        usd(document["usd"]),
    )
    return f"| {' | '.join(cells)} |"


def _reasons(documents: list[Mapping[str, Any]]) -> Iterator[str]:
    """List why documents are not done, the failed ones first."""
    troubled = [(s, d) for s in _TROUBLED for d in documents if d["status"] == s and d["reason"]]
    if troubled:
        yield ""
        yield "## What is not done"
        yield ""
    for status, document in troubled:
        yield f"- **{escaped(document['source'])}** ({status}): {escaped(document['reason'])}"


def _warnings(documents: list[Mapping[str, Any]]) -> Iterator[str]:
    """List what is to be known of documents, as what was set apart or not read in them."""
    warned = [(d["source"], warning) for d in documents for warning in d.get("warnings") or ()]
    if warned:
        yield ""
        yield "## What to know"
        yield ""
    for source, warning in warned:
        yield f"- **{escaped(source)}**: {escaped(warning)}"


def _outputs(documents: list[Mapping[str, Any]], link: Link) -> Iterator[str]:
    """List the files that were written; in the table they would push its other columns away."""
    written = list(dict.fromkeys(o for document in documents for o in document["outputs"]))
    if written:
        yield ""
        yield "## Outputs"
        yield ""
    for output in written:
        url = link(output)
        yield f"- [{escaped(PurePath(output).name)}]({url})" if url else f"- {escaped(output)}"
