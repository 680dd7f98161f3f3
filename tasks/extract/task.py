"""The Prefect task before reading."""

import asyncio

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import task_run

from tasks.core.store import DocumentStore
from tasks.extract.limits import ExtractionLimits
from tasks.extract.reading import Reading, read_source
from tasks.extract.sources import Source


def _name() -> str:
    sources = task_run.parameters["sources"]
    return f"extract {sources[0].name}" if len(sources) == 1 else f"extract {len(sources)} files"


@task(task_run_name=_name, cache_policy=NO_CACHE)
async def extract_sources(
    sources: tuple[Source, ...],
    limits: ExtractionLimits,
    store: DocumentStore,
    slots: asyncio.Semaphore,
) -> tuple[Reading, ...]:
    """Read source files, each in a sandboxed child process of its own."""

    async def read(source: Source) -> Reading:
        async with slots:
            return await read_source(source, limits, store)

    return tuple(await asyncio.gather(*map(read, sources)))
