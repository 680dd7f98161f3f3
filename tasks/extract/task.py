"""The Prefect task before reading."""

import asyncio

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import task_run

from tasks.core.store import DocumentStore
from tasks.extract.options import ReadingOptions
from tasks.extract.read import Readers
from tasks.extract.reading import Reading, read_source
from tasks.extract.sources import Source


def _name() -> str:
    sources = task_run.parameters["sources"]
    return f"extract {sources[0].name}" if len(sources) == 1 else f"extract {len(sources)} files"


@task(task_run_name=_name, cache_policy=NO_CACHE)
async def extract_sources(
    sources: tuple[Source, ...],
    readers: Readers,
    store: DocumentStore,
    options: ReadingOptions,
) -> tuple[Reading, ...]:
    """Read source files and what lies in them, each in a sandboxed child process of its own."""
    reading = (read_source(source, readers, store, options) for source in sources)
    return tuple(one for readings in await asyncio.gather(*reading) for one in readings)
