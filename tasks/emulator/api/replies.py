"""What both endpoints do with a reply: spoil it as the faults say, or let it stream."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from starlette.responses import Response

from tasks.emulator.faults import replies as spoiling
from tasks.emulator.faults.catalogue import REPLY
from tasks.emulator.faults.replies import Spoilt
from tasks.emulator.faults.rules import NO_FAULTS, Plan
from tasks.emulator.wire import sse
from tasks.emulator.wire.responses import (
    EventStream,
    SpoiltResponse,
    json_response,
    to_bytes,
)
from tasks.emulator.work.jobs import Job
from tasks.emulator.work.service import Service
from tasks.emulator.work.streams import Frames, is_done_sent


def draw(service: Service, *, answered: bool, text: str, key: str) -> Plan:
    """Draw the faults of a reply, by whether it carries an answer or only takes tasks."""
    if not service.faults.are_set:
        return NO_FAULTS
    return service.faults.draw(REPLY, text, key, on="answer" if answered else "ack")


def reply(service: Service, body: dict[str, Any], status: int, plan: Plan) -> Response:
    """Give a JSON reply, whole or spoilt."""
    if not plan:
        return json_response(body, status)
    spoiling.shape_body(body, plan)
    whole = to_bytes(body)
    spoilt = spoiling.spoil(whole, plan)
    if spoilt is None:
        return json_response(body, status)
    return SpoiltResponse(whole, status, spoilt, service.clock)


def stream(service: Service, jobs: list[Job], frames: Frames, plan: Plan) -> Response:
    """Give a stream of jobs, one after the other."""
    return EventStream(_all_frames(service, jobs, frames, plan), service.clock)


async def _all_frames(
    service: Service, jobs: list[Job], frames: Frames, plan: Plan
) -> AsyncIterator[Spoilt]:
    whole: list[bytes] = []
    for job in jobs:
        async for ping in _pings(service, job):
            yield Spoilt([ping])
        whole += frames(job)
    if all(is_done_sent(job, service.options) for job in jobs):
        whole.append(sse.DONE)
    # Without a pace all frames are one write: that is cheap, and readers must not care.
    joined = b"".join(whole)
    spoilt = spoiling.spoil(joined, plan)
    if spoilt is not None:
        yield spoilt
    elif service.options.stream_delta_s > 0:
        yield Spoilt(whole, service.options.stream_delta_s)
    else:
        yield Spoilt([joined])


async def _pings(service: Service, job: Job) -> AsyncIterator[bytes]:
    """Give a comment now and then until a job is done."""
    done = asyncio.ensure_future(job.done())
    while not done.done():
        timer = asyncio.ensure_future(service.clock.sleep(service.options.stream_ping_s))
        try:
            await asyncio.wait({done, timer}, return_when=asyncio.FIRST_COMPLETED)
            if timer.done():
                yield sse.PING
        finally:
            timer.cancel()
