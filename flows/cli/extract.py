"""`docmill extract`: the text of one source."""

import asyncio
import json
from collections import Counter
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from flows.cli import arguments
from flows.job import limits
from tasks.core.documents import Block, Document
from tasks.core.errors import InputError
from tasks.core.settings import load_settings
from tasks.extract.plain import left_out, plain_text
from tasks.extract.read import extract as read


class As(StrEnum):
    """Forms of the answer."""

    TEXT = "text"
    JSON = "json"


def extract(
    source: Annotated[Path, typer.Argument(metavar="SOURCE", help="A file.")],
    form: Annotated[As, typer.Option("--as", help="Plain text, or all that was read.")] = As.TEXT,
    changes: arguments.Changes = "accepted",
    include_hidden: arguments.IncludeHidden = False,
    ocr: arguments.Ocr = None,
    password: arguments.Password = None,
) -> None:
    """Print the text of a source in reading order. Exit code: 0 ok, 1 it could not be read."""
    try:
        options = arguments.reading(changes, include_hidden=include_hidden, ocr=ocr)
        secret = arguments.password(password)
        reading = read(source, limits(load_settings()), options, password=secret)
        document = asyncio.run(reading)
    except InputError as error:
        _print_failure(error, form)
        raise typer.Exit(1) from None
    if form is As.JSON:
        typer.echo(json.dumps(document_as_dict(document), ensure_ascii=False))
    else:
        typer.echo(plain_text(document))
        _print_left_out(document)


def _print_left_out(document: Document) -> None:
    """Say what is not in the plain text; nothing is lost in silence."""
    counts: Counter[str | None] = Counter()
    for block in left_out(document):
        counts[block.set_apart] += block.end - block.start
    for lack in document.unread:
        typer.echo(f"docmill: {lack}", err=True)
    for why, count in counts.items():
        typer.echo(f"docmill: left out, {count:,} characters: {why}; --as json has them", err=True)


def document_as_dict(document: Document) -> dict[str, Any]:
    """Give a document in the shape that scripts rely on."""
    return {
        "status": "ok",
        "reason": "",
        "digest": document.digest,
        "text": document.text,
        "pages": len(document.pages),
        "page_spans": [asdict(page) for page in document.pages],
        "blocks": [_block_as_dict(block) for block in document.blocks],
        "links": [asdict(link) for link in document.links],
        "doubts": [asdict(doubt) for doubt in document.doubts],
        "attachments": [asdict(attachment) for attachment in document.attachments],
        "unread": list(document.unread),
        "warnings": list(document.warnings),
        "metadata": dict(document.metadata),
    }


def _print_failure(error: InputError, form: As) -> None:
    """Say why there is no text, in the same shape as a text would have."""
    if form is As.TEXT:
        typer.echo(f"docmill: {error.status}: {error}", err=True)
        return
    empty = document_as_dict(Document(digest="", text=""))
    typer.echo(json.dumps({**empty, "status": error.status, "reason": str(error)}))


def _block_as_dict(block: Block) -> dict[str, Any]:
    return asdict(block) | {"box": block.box._asdict() if block.box else None}
