"""The Prefect task before writing."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.core.outputs import Output
from tasks.core.store import DocumentRef, DocumentStore
from tasks.write.destination import Destination
from tasks.write.formats import SHOW_THE_SOURCE
from tasks.write.source import SourceInfo
from tasks.write.write import write_output


@task(task_run_name="write {source.name}", cache_policy=NO_CACHE)
async def write_document(
    output: Output,
    source: SourceInfo,
    refs: Mapping[str, DocumentRef],
    store: DocumentStore,
    to: Destination,
    formats: Sequence[str],
) -> tuple[Path, ...]:
    """Write an output in each format, whole or not at all.

    `refs` are its documents, one under the name "", or several under the names in the output.
    """
    if not SHOW_THE_SOURCE.isdisjoint(formats):
        texts = {name: await asyncio.to_thread(store.fetch, ref) for name, ref in refs.items()}
        source = replace(source, documents=texts)
    return await asyncio.to_thread(write_output, output, source, to=to, formats=formats)
