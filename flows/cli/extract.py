"""`docmill extract`: the text of one source, and of what is attached to it."""

import asyncio
import json
from collections import Counter
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from flows.cli import arguments
from flows.job import limits
from tasks.core.documents import Block, Document
from tasks.core.errors import InputError
from tasks.core.settings import load_settings
from tasks.extract.family import Family, readable
from tasks.extract.options import ReadingOptions
from tasks.extract.plain import left_out, plain_text
from tasks.extract.read import Readers
from tasks.extract.sources import Source


class As(StrEnum):
    """Forms of the answer."""

    TEXT = "text"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class _Read:
    """A source with its document, or with the reason why there is none."""

    source: Source
    document: Document
    error: InputError | None = None


def extract(
    source: Annotated[Path, typer.Argument(metavar="SOURCE", help="A file.")],
    form: Annotated[As, typer.Option("--as", help="Plain text, or all that was read.")] = As.TEXT,
    changes: arguments.Changes = "accepted",
    include_hidden: arguments.IncludeHidden = False,
    ocr: arguments.Ocr = None,
    password: arguments.Password = None,
) -> None:
    """Print the text of a source in reading order, then that of each document attached to it.

    Exit code: 0 ok, 1 some of it could not be read.
    """
    options = arguments.reading(changes, include_hidden=include_hidden, ocr=ocr)
    readers = Readers(limits(load_settings()), password=arguments.password(password))
    family = asyncio.run(_family(source, readers, options))
    if form is As.JSON:
        (own, *within) = map(_as_dict, family)
        typer.echo(json.dumps({**own, "inside": within}, ensure_ascii=False))
    else:
        for read in family:
            _print(read)
    if any(read.error for read in family):
        raise typer.Exit(1)


async def _family(path: Path, readers: Readers, options: ReadingOptions) -> tuple[_Read, ...]:
    async def read(source: Source, _digest: str | None) -> _Read:
        try:
            return _Read(source, await readers.extract(source.path, options, inside=source.inside))
        except InputError as error:
            return _refused(source, error)

    async with readers:
        family = Family(
            read=read, inside=lambda read: readable(read.document.attachments), refuse=_refused
        )
        return await family.of(Source(path, path.name))


def _refused(source: Source, error: InputError) -> _Read:
    return _Read(source, Document(digest="", text=""), error)


def _print(read: _Read) -> None:
    """Print a text, under its name if it was attached to another."""
    if read.error:
        typer.echo(f"docmill: {read.error.status}: {read.error}", err=True)
        return
    if read.source.inside:
        typer.echo(f"\n=== {read.source.name} ===\n")
    typer.echo(plain_text(read.document))
    _print_left_out(read.document)


def _as_dict(read: _Read) -> dict[str, Any]:
    """Give what became of a source, in the same shape whether there is a text or not."""
    told = {"source": read.source.name, **document_as_dict(read.document)}
    if read.error:
        told |= {"status": read.error.status, "reason": str(read.error)}
    return told


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


def _block_as_dict(block: Block) -> dict[str, Any]:
    return asdict(block) | {"box": block.box._asdict() if block.box else None}
