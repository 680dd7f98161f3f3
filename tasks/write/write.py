"""Output to files: the one way out of the house."""

from collections.abc import Sequence
from pathlib import Path

from tasks.core.outputs import Output
from tasks.write.destination import Destination, place
from tasks.write.formats import render, writer_of
from tasks.write.source import SourceInfo


def write_output(
    output: Output, source: SourceInfo, *, to: Destination, formats: Sequence[str]
) -> tuple[Path, ...]:
    """Write an output in each format, all rendered before the first is written; give the files.

    ConfigError for an unknown format, OutputError where a file cannot be written. Blocks on files
    and on the folder's lock, so keep it off an event loop.
    """
    for fmt in formats:
        writer_of(fmt)
    files = {fmt: render(output, source, fmt, template=to.template) for fmt in formats}
    return place(files, source, recipe=output.recipe, to=to)
