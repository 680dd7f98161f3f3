"""The report as one HTML file: the figures, a chart of what was answered, and what to do."""

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from html import escape
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote

from tasks.write.clean import one_line
from tasks.write.margins import margins_told
from tasks.write.wording import number, percent, plural, usd

_MOST_BARS = 60
_BAR, _STEP, _LABEL, _WIDTH = 12, 20, 260, 420
_TROUBLED = ("failed", "partial", "skipped")


def report_html(report: Mapping[str, Any], folder: Path) -> str:
    """Tell a report, as `report_as_dict` or `load_report` give it; outputs in the folder are links.

    It asks nothing of the network and has no script.
    """
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    documents = report["documents"]
    parts = (
        *_head(report),
        _figures(report),
        *_trouble(report),
        _chart(documents),
        _table(documents, folder),
        *_warnings(documents),
        *(f"<p><small>{_shown(note)}</small></p>" for note in report.get("notes") or ()),
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        f"style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Report</title><style>{style}</style></head><body>{''.join(parts)}</body></html>\n"
    )


def _head(report: Mapping[str, Any]) -> Iterator[str]:
    totals = report["totals"]
    said = [f"{number(totals[s])} {s}" for s in ("done", *_TROUBLED) if totals[s]]
    yield f"<h1>{plural(totals['documents'], 'document')}: {', '.join(said) or 'none'}</h1>"
    ended = f"finished {report['finished']}" if report.get("finished") else "not finished"
    yield (
        f"<p class=run>Run {_shown(report['run'])}, started {_shown(report['started'])}, "
        f"{_shown(ended)}; provider {_shown(report['provider'])}, "
        f"model {_shown(report['model'])}.</p>"
    )
    if told := margins_told(report["documents"]):
        yield f"<p class=run>{_shown(told)}</p>"


def _figures(report: Mapping[str, Any]) -> str:
    """Give the figures of the whole folder, and those of the newest run's inference."""
    totals, traffic = report["totals"], report.get("traffic")
    of = " of what could be read" if totals["unread"] else ""
    figures = [
        ("Coverage", percent(totals["coverage"]) + of),
        ("Calls", number(totals["calls"])),
        ("Reused", number(totals["reused"])),
        ("Cost", usd(totals["usd"])),
    ]
    if traffic:
        tokens = traffic["prompt_tokens"] + traffic["completion_tokens"]
        figures.append(("Tokens of this run", number(tokens)))
    took = _took(report)
    if took:
        figures.append(("Time of this run", took))
    cells = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in figures)
    return f"<dl>{cells}</dl>"


def _took(report: Mapping[str, Any]) -> str:
    """Say how long the run took; nothing where its times cannot be read."""
    try:
        began, ended = (datetime.fromisoformat(str(report[k])) for k in ("started", "finished"))
        minutes, seconds = divmod(round((ended - began).total_seconds()), 60)
    except (TypeError, ValueError):
        return ""
    return f"{number(minutes)} min {seconds} s" if minutes else f"{seconds} s"


def _trouble(report: Mapping[str, Any]) -> Iterator[str]:
    """List why documents are not done, the failed ones first, and how to go on."""
    troubled = [
        (status, document)
        for status in _TROUBLED
        for document in report["documents"]
        if document["status"] == status and document["reason"]
    ]
    if not troubled:
        return
    items = "".join(
        f"<li><b>{_shown(document['source'])}</b> <span class={status}>{status}</span> "
        f"{_shown(document['reason'])}"
        for status, document in troubled
    )
    yield f"<h2>What is not done</h2><ul>{items}</ul>"
    if report.get("how_to_go_on"):
        yield f"<p><b>To go on:</b> {_shown(report['how_to_go_on'])}</p>"


def _chart(documents: Sequence[Mapping[str, Any]]) -> str:
    """Draw for each document how much of its text was answered, failed or was set apart."""
    drawn = [d for d in documents if d["characters"]["read"]][:_MOST_BARS]
    if len(drawn) < 2:  # one bar says no more than its figure
        return ""
    several = len({document["recipe"] for document in drawn}) > 1
    bars = "".join(
        _bars(d, row * _STEP, d["recipe"] if several else "") for row, d in enumerate(drawn)
    )
    more = len(documents) - len(drawn)
    note = f"<p><small>{plural(more, 'document')} not drawn.</small></p>" if more else ""
    return (
        "<h2>What was answered</h2>"
        "<p class=legend><i class=answered></i>answered <i class=failed></i>failed "
        "<i class=apart></i>set apart, not sent</p>"
        f'<div class=wide><svg viewBox="0 0 {_LABEL + _WIDTH} {len(drawn) * _STEP}" role="img" '
        f'aria-label="Coverage by document">{bars}</svg></div>{note}'
    )


def _bars(document: Mapping[str, Any], top: int, recipe: str) -> str:
    """Draw a document's bar: its shares side by side, whatever its length."""
    characters = document["characters"]
    name = PurePath(one_line(document["source"])).name
    name = f"{name[:33]}\u2026" if len(name) > 34 else name
    label = escape(f"{name} \u00b7 {one_line(recipe)}" if recipe else name)
    pieces = [f'<text x="{_LABEL - 8}" y="{top + _BAR - 2}">{label}</text>']
    left = float(_LABEL)
    for kind, key in (("answered", "answered"), ("failed", "failed"), ("apart", "set_apart")):
        wide = _WIDTH * characters[key] / characters["read"]
        pieces.append(
            f'<rect class="{kind}" x="{left:.1f}" y="{top}" width="{wide:.1f}" height="{_BAR}">'
            f"<title>{number(characters[key])} characters {kind}</title></rect>"
        )
        left += wide
    return "".join(pieces)


def _table(documents: Sequence[Mapping[str, Any]], folder: Path) -> str:
    """List the documents with their figures and outputs, and what was made of several of them."""
    times = Counter(output for document in documents for output in document["outputs"])
    joint = dict.fromkeys(output for output, count in times.items() if count > 1)

    def own(document: Mapping[str, Any]) -> str:
        return _links((o for o in document["outputs"] if o not in joint), folder)

    rows = "".join(
        f"<tr><td>{_shown(d['source'])}<td>{_shown(d['recipe'])}"
        f"<td><span class={_shown(d['status'])}>{_shown(d['status'])}</span>"
        f"<td class=n>{percent(d['coverage'])}<td class=n>{_looked_up(d)}"
        f"<td class=n>{number(d['calls'])}<td class=n>{number(d['reused'])}"
        f"<td class=n>{usd(d['usd'])}<td>{own(d)}"
        for d in documents
    )
    return (
        "<h2>Documents</h2><div class=wide><table><thead><tr><th>Document<th>Recipe<th>Status"
        "<th class=n>Coverage<th class=n>Citations found<th class=n>Calls<th class=n>Reused"
        f"<th class=n>Cost<th>Outputs</thead><tbody>{rows}</tbody></table></div>"
        + (f"<p>Of several documents: {_links(joint, folder)}</p>" if joint else "")
    )


def _warnings(documents: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """List what is to be known of documents, as what was set apart or not read in them."""
    items = "".join(
        f"<li><b>{_shown(document['source'])}</b> {_shown(warning)}"
        for document in documents
        for warning in document.get("warnings") or ()
    )
    if items:
        yield f"<h2>What to know</h2><ul>{items}</ul>"


def _looked_up(document: Mapping[str, Any]) -> str:
    """Say how many of the citations were found."""
    counts = document.get("citations") or {}
    return f"{number(counts.get('found', 0))} of {number(sum(counts.values()))}" if counts else ""


def _links(outputs: Iterable[str], folder: Path) -> str:
    return " ".join(_link(output, folder) for output in outputs)


def _link(output: str, folder: Path) -> str:
    """Give an output as a link that holds wherever the folder is moved to."""
    path = PurePath(output)
    label = _shown(path.suffix.removeprefix(".") or path.name)
    if Path(output).absolute().parent != folder.absolute():
        return f'<span title="{_shown(output)}">{label}</span>'
    name = quote(path.name, errors="surrogateescape")
    return f'<a href="./{name}">{label}</a>'


def _shown(text: object) -> str:
    return escape(one_line(str(text)))


@cache
def _style() -> str:
    return (Path(__file__).parent / "report.css").read_text(encoding="utf-8")
