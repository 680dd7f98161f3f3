"""`docmill ledger`: what was asked and paid for, and its upkeep."""

import asyncio
import json
import re
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from flows.cli import arguments
from flows.cli.terminal import show as show_markdown
from flows.job import limits
from tasks.core.settings import load_settings
from tasks.extract.read import Readers
from tasks.extract.reading import digests_in
from tasks.ledger.books import Books, all_rows, balance, lost_attempts, open_books, reading
from tasks.ledger.upkeep import Removed, forget, prune

DAY_S = 86_400

app = typer.Typer(
    help="Show and keep up the ledger of answers and payments.",
    no_args_is_help=True,
    add_completion=False,
)


@app.command("show")
def show(as_json: arguments.Json = False) -> None:
    """Show what was asked and what it cost, by provider, model and state."""
    with open_books(_url()) as engine, reading(engine) as connection:
        books = balance(connection)
    if as_json:
        typer.echo(json.dumps(asdict(books), indent=2))
    else:
        show_markdown(_markdown(books))


@app.command("export")
def export(
    to: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A new file; default is stdout.")
    ] = None,
    texts: Annotated[bool, typer.Option("--texts", help="With the texts of the answers.")] = False,
) -> None:
    """Write all attempts and answers as JSON Lines; times are seconds since 1970."""
    with open_books(_url()) as engine, reading(engine) as connection, _output(to) as stream:
        for row in all_rows(connection, texts=texts):
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")


@app.command("prune")
def prune_old(
    older_than: Annotated[int, typer.Option(min=0, metavar="DAYS", help="Age in days.")],
) -> None:
    """Take out old answers, closed attempts and files that came by a folder.

    What is asked again is paid for again. Lost attempts stay: see `docmill ledger lost`.
    """
    with open_books(_url()) as engine:
        _tell(prune(engine, before=time.time() - older_than * DAY_S))


@app.command("forget")
def forget_document(
    document: Annotated[
        str, typer.Argument(metavar="DIGEST|FILE", help="The document, or its SHA-256.")
    ],
) -> None:
    """Take out every answer that was given for a document, and where its file came from.

    Of a file that is what lies in it, too, as attachments do in an e-mail.
    """
    is_digest = re.fullmatch(r"[0-9a-f]{64}", document)
    digests = (document,) if is_digest else asyncio.run(_digests(Path(document)))
    with open_books(_url()) as engine:
        removed = [forget(engine, digest) for digest in digests]
    _tell(
        Removed(
            answers=sum(each.answers for each in removed),
            attempts=sum(each.attempts for each in removed),
            files=sum(each.files for each in removed),
        )
    )


async def _digests(file: Path) -> tuple[str, ...]:
    async with Readers(limits(load_settings())) as readers:
        return await digests_in(file, readers)


@app.command("lost")
def lost(as_json: arguments.Json = False) -> None:
    """List the tasks that may have been billed and whose answers cannot be had."""
    with open_books(_url()) as engine, reading(engine) as connection:
        attempts = list(lost_attempts(connection))
    if as_json:
        typer.echo(json.dumps(attempts, indent=2))
    elif attempts:
        show_markdown(_lost_table(attempts))
    else:
        typer.echo("nothing was lost")


def _url() -> str:
    return load_settings().ledger_url()


@contextmanager
def _output(to: Path | None) -> Iterator[TextIO]:
    """Give a new file for its owner only, since the answers' texts go into it, or stdout."""
    if to is None:
        yield sys.stdout
        return
    try:
        to.touch(mode=0o600, exist_ok=False)
    except OSError as error:
        message = f"{to} cannot be written ({error.strerror}): name a new file"
        raise typer.BadParameter(message, param_hint="--to") from None
    with to.open("w", encoding="utf-8") as stream:
        yield stream


def _tell(removed: Removed) -> None:
    typer.echo(
        f"{removed.answers} answers, {removed.attempts} attempts and what was known of "
        f"{removed.files} files that came by a folder were taken out"
    )


def _markdown(books: Books) -> str:
    rows = [
        (t.provider, t.model, t.state, f"{t.attempts:,}", f"{t.tokens:,}", f"${t.usd:.4f}")
        for t in books.totals
    ]
    head = ("provider", "model", "state", "attempts", "tokens", "cost")
    lost = f", of it ${books.lost_usd:.4f} for lost answers at their worst case"
    promised = f"${books.reserved_usd:.4f} and {books.reserved_tokens:,} tokens"
    lines = [
        f"{books.answers:,} answers are kept, {books.size_bytes / 1e6:,.1f} MB in all.",
        "",
        f"${books.usd:.4f} were spent{lost if books.lost_usd else ''}.",
        f"{promised} are promised to {books.reservations:,} tasks.",
        "",
    ]
    return "\n".join([*lines, *(_table(head, rows, numbers=3) if rows else ())])


def _lost_table(attempts: Iterable[dict[str, Any]]) -> str:
    rows = [
        (
            a["task_uuid"],
            f"{datetime.fromtimestamp(a['closed_at'], UTC):%Y-%m-%d %H:%M} UTC",
            a["provider"],
            f"${a['worst_usd']:.4f}",
            a["reason"].replace("|", "\\|"),
            a["replaced_by"] or "no",
            a["document"][:12],
        )
        for a in attempts
    ]
    head = ("task", "lost", "provider", "at most", "reason", "bought again", "document")
    return "\n".join(_table(head, rows, numbers=0))


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]], *, numbers: int) -> list[str]:
    """Lay out a table whose last columns, so many, are numbers."""
    rules = ["---"] * (len(head) - numbers) + ["---:"] * numbers
    return [f"| {' | '.join(row)} |" for row in (head, tuple(rules), *rows)]
