"""Replies that cannot be read as records: asked once more, then kept as far as they can."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from flows.accounts import Begun, Planned
from flows.asking import Asking
from tasks.core.answers import Answer, Chunk, Result
from tasks.core.documents import Document
from tasks.core.requests import Message
from tasks.core.store import DocumentRef
from tasks.infer.inference import Outcome
from tests.merge.building import recipe

pytestmark = pytest.mark.asyncio

WHOLE = json.dumps({"facts": [{"fact": "a"}, {"fact": "b"}, {"fact": "c"}]})
HALF = WHOLE[: WHOLE.index('"c"')]
LESS = WHOLE[: WHOLE.index('"b"')]
CHUNK = Chunk(index=1, total=1, start=0, end=4, tokens=1)


async def asked(*replies: str) -> tuple[Answer, list[tuple[Message, ...]]]:
    """Have one chunk answered by some replies, one after the other; give all that was said."""
    said: list[tuple[Message, ...]] = []

    async def infer(*arguments: Any) -> Outcome:
        said.append(arguments[-1])
        return Outcome(results=(Result(answer_key=f"k{len(said)}", text=replies[len(said) - 1]),))

    job: Any = SimpleNamespace(recipe=recipe("records"), store=None, window=8000)
    ref = DocumentRef(key="k", digest="d", name="a.txt", path="a.txt")
    begun = Begun(Planned(ref=ref, chunks=(CHUNK,)), Document(digest="d", text="text"), [])
    stages: Any = SimpleNamespace(infer=infer)
    nobody: Any = None
    asking = Asking(begun, job, nobody, stages)
    (answer,) = await asking.answers(CHUNK)
    assert len(begun.spent) == len(said)
    return answer, said


async def test_a_reply_that_can_be_mended_is_not_asked_for_again() -> None:
    answer, said = await asked(f"```json\n{WHOLE},\n```")

    assert (answer.flaw, answer.failure, len(said)) == (None, None, 1)


async def test_a_reply_that_cannot_is_asked_for_once_more_with_what_is_wrong() -> None:
    answer, said = await asked(HALF, WHOLE)
    reply, complaint = said[1]

    assert (answer.flaw, answer.failure) == (None, None)
    assert answer.result is not None
    assert answer.result.text == WHOLE
    assert (reply.content, reply.role) == (HALF, "assistant")
    assert "breaks off" in complaint.content


@pytest.mark.parametrize("replies", [(HALF, LESS), (LESS, HALF), (HALF, "I cannot.")])
async def test_what_can_be_read_of_two_bad_replies_is_kept_and_the_rest_named(
    replies: tuple[str, str],
) -> None:
    answer, _ = await asked(*replies)

    assert answer.usable is not None
    assert answer.usable.text == HALF
    assert answer.flaw is not None
    assert "breaks off; 2 of its records could be read" in answer.flaw


async def test_where_nothing_can_be_read_the_chunk_has_failed() -> None:
    answer, _ = await asked("No.", "I said no.")

    assert answer.usable is None
    assert answer.failure is not None
    assert "asked 2 times, the reply is not JSON" in answer.failure
