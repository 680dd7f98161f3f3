"""The way of documents through the ledger alone: what of them would still have to be asked.

It is the very way that a run goes, so whatever a run asks again, in pieces, or for more is seen.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from flows.accounts import Begun, Planned
from flows.asking import Asking
from flows.job import Job
from flows.merging import merged
from flows.stages import PLAIN
from tasks.core.answers import Answer, Chunk
from tasks.infer.inference import Inference
from tasks.infer.recalling import NotKeptError, recalling


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A document and, for each of its chunks, the answers that are kept, or None."""

    asking: Asking
    answers: tuple[tuple[Answer, ...] | None, ...]


async def rehearse(
    planned: Planned, job: Job, inference: Inference, *, begun: Iterable[bool]
) -> Rehearsed:
    """Go through the chunks of a document; those that were not begun have no answers."""
    document = await asyncio.to_thread(job.store.fetch, planned.ref)
    asking = Asking(Begun(planned, document, []), job, recalling(inference), PLAIN)

    async def kept(chunk: Chunk, *, begun: bool) -> tuple[Answer, ...] | None:
        try:
            return await asking.answers(chunk) if begun else None
        except NotKeptError:
            return None

    some = zip(planned.chunks, begun, strict=True)
    answers = await asyncio.gather(*(kept(chunk, begun=there) for chunk, there in some))
    return Rehearsed(asking, tuple(answers))


async def merge_is_kept(documents: Sequence[Rehearsed]) -> bool:
    """Tell whether one merge of documents can be had from the ledger alone."""
    answers = [each for one in documents for each in one.answers]
    known = tuple(chain.from_iterable(each for each in answers if each is not None))
    if None in answers:
        return False
    if not any(answer.usable for answer in known):
        return True  # nothing will be merged
    try:
        await merged([one.asking for one in documents], known)
    except NotKeptError:
        return False
    except Exception:  # noqa: BLE001 - an edge: a fault of ours is the documents' own, later
        return False
    return True
