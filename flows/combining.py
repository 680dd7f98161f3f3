"""One output for all documents of a run, beside or instead of one for each."""

import logging
from pathlib import PurePath

from flows.job import Job
from flows.reporting import RunReport
from tasks.core.errors import DocmillError
from tasks.core.reports import DocumentReport
from tasks.write.combine import combined, named_apart
from tasks.write.task import write_document

logger = logging.getLogger("docmill.run")


async def combine(job: Job, report: RunReport) -> None:
    """Write what was kept as one output, and enter it with the documents that are in it."""
    entries = report.so_far().documents
    there = [entry for entry in entries if entry.source in job.shelf.kept]
    if not there:
        return
    kept = [job.shelf.kept[entry.source] for entry in there]
    parts = named_apart((each.output, each.source) for each in kept)
    output, source = combined(
        parts,
        identity=job.identity(job.folder),
        missing=[_missing(e) for e in entries if e not in there],
    )
    refs = {part.name: each.ref for part, each in zip(parts, kept, strict=True)}
    try:
        paths = await write_document(output, source, refs, job.store, job.destination, job.formats)
    except DocmillError as error:
        report.lose([entry.source for entry in there], str(error))
    except Exception as error:  # an edge: the entries of what was paid for must be written
        logger.exception("unexpected failure")
        report.lose([e.source for e in there], f"unexpected {type(error).__name__}: {error}")
    else:
        report.enter([entry.source for entry in there], paths)


def _missing(entry: DocumentReport) -> tuple[str, str]:
    """Name a document that is not in the output, and why."""
    return PurePath(entry.source).name, entry.reason or str(entry.status)
