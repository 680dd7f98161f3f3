"""`docmill intake`: what is known of each file of a watched folder, and why it waits."""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from flows.cli import arguments
from flows.cli.terminal import show
from flows.watch.status import Standing, standings, watcher_seen_s
from tasks.core.settings import load_settings
from tasks.ledger.books import open_books, reading
from tasks.write.clean import one_line
from tasks.write.wording import plural

SILENT_S = 180.0


def intake(
    inbox: Annotated[
        Path | None, typer.Argument(metavar="INBOX", help="A watched folder; default is all.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="With what is done and has been moved away.")
    ] = False,
    as_json: arguments.Json = False,
) -> None:
    """Show each file that came by a folder, what became of it, and why it waits."""
    folder = inbox.expanduser().resolve() if inbox else None
    with open_books(load_settings().ledger_url()) as engine, reading(engine) as connection:
        found = standings(connection, folder, everything=everything)
        seen_s = watcher_seen_s(connection, folder, now=time.time()) if folder else None
    if as_json:
        typer.echo(json.dumps([asdict(each) for each in found], indent=2))
        return
    if folder and (seen_s is None or seen_s > SILENT_S):
        typer.echo(f"Nobody watches {folder} now: start `docmill watch` or `docmill up`.\n")
    show(_table(found))


def _table(found: Sequence[Standing]) -> str:
    if not found:
        return "nothing waits, and nothing has failed"
    head = ("file", "state", "attempt", "why, or where")
    rows = [
        (each.path, each.state, str(each.attempt), _cell(each.reason or each.place))
        for each in found
    ]
    lines = [f"| {' | '.join(map(_cell, row))} |" for row in (head, ("---",) * len(head), *rows)]
    return "\n".join([*lines, "", plural(len(found), "file")])


def _cell(text: str) -> str:
    return one_line(text).replace("|", "\\|")
