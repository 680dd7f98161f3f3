"""Events in Prefect: what happened to documents, for others' automations to act upon.

They go over HTTP and are answered before we go on. Prefect's own way, a queue behind a socket,
loses what a process that ends soon has just put into it.
"""

import asyncio
import hashlib
import logging
from collections.abc import Sequence

import httpx
from prefect.client.orchestration import get_client
from prefect.events import Event, RelatedResource, Resource
from prefect.exceptions import PrefectHTTPStatusError

from flows.announcing import Announcement, Happening
from tasks.core.reports import DocumentReport, Report, Status
from tasks.write.clean import without_surrogates
from tasks.write.wording import plural

logger = logging.getLogger("docmill.run")

TOGETHER = 100


def announce(told: Sequence[Announcement], *, run: str = "") -> None:
    """Send events; where the server does not take them, a log line says so and all goes on.

    `run` is the flow run that they are about, too.
    """
    if not told:
        return
    events = [_event(each, run).model_dump(mode="json") for each in told]
    try:
        with get_client(sync_client=True) as client:
            for at in range(0, len(events), TOGETHER):
                client.request("POST", "/events", json=events[at : at + TOGETHER])
    except (httpx.HTTPError, PrefectHTTPStatusError, RuntimeError) as error:
        logger.warning("%s not sent: %s", plural(len(events), "event"), error)


async def announce_report(report: Report, run: str) -> None:
    """Tell of every document that a run has finished, or failed with."""
    told = [_of(entry, report) for entry in report.documents if entry.status is not Status.SKIPPED]
    await asyncio.to_thread(announce, told, run=run)


def _of(entry: DocumentReport, report: Report) -> Announcement:
    finished = entry.status is Status.DONE
    payload = {
        "recipe": entry.recipe,
        "status": str(entry.status),
        "reason": without_surrogates(entry.reason),
        "outputs": [without_surrogates(output) for output in entry.outputs],
        "usd": entry.usd,
        "report": report.run,
    }
    happening = Happening.FINISHED if finished else Happening.FAILED
    return Announcement(happening, entry.source, payload)


def _event(told: Announcement, run: str) -> Event:
    document = hashlib.sha256(told.source.encode(errors="surrogatepass")).hexdigest()[:32]
    source = without_surrogates(told.source)
    resource = {
        "prefect.resource.id": f"docmill.document.{document}",
        "prefect.resource.name": source,
    }
    of_run = {"prefect.resource.id": f"prefect.flow-run.{run}", "prefect.resource.role": "flow-run"}
    return Event(
        event=told.happening,
        resource=Resource.model_validate(resource),
        related=[RelatedResource.model_validate(of_run)] if run else [],
        payload={"source": source, **told.payload},
    )
