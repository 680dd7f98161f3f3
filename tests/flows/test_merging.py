"""Merging by the model: what a server did not read whole is no answer to it."""

from types import SimpleNamespace
from typing import Any

import pytest

from flows.accounts import Begun, Planned
from flows.asking import Asking
from flows.merging import merge_all
from tasks.core.answers import Answer, Chunk, Result, Usage
from tasks.core.documents import Document
from tasks.core.store import DocumentRef
from tasks.infer.inference import Outcome
from tasks.merge.merged import Merged
from tests.merge.building import recipe

pytestmark = pytest.mark.asyncio

WORDS = "The rent is due on the first day of each month. " * 40
REF = DocumentRef(key="k", digest="d", name="a.txt", path="a.txt")
ANSWERS = tuple(
    Answer(
        chunk=Chunk(index=n, total=2, start=n - 1, end=n, tokens=1),
        result=Result(answer_key=f"k{n}", text=WORDS),
    )
    for n in (1, 2)
)


async def merged(*, read_tokens: int) -> Merged:
    """Merge two long answers by a server that says how many tokens of them it has read."""
    reply = Result(
        answer_key="m",
        text="The rent is due.",
        usage=Usage(prompt_tokens=read_tokens, completion_tokens=5, total_tokens=read_tokens + 5),
    )

    async def merge(*_: object) -> tuple[Outcome, ...]:
        return (Outcome((reply,)),)

    async def output(wanted: Merged, *_: object) -> Merged:
        return wanted

    job: Any = SimpleNamespace(recipe=recipe("reduce"), store=None, window=204_800)
    stages: Any = SimpleNamespace(merge=merge, output=output)
    begun = Begun(Planned(ref=REF, chunks=()), Document(digest="d", text=WORDS), [])
    nobody: Any = SimpleNamespace(within=lambda window: window)
    told: Any = await merge_all([Asking(begun, job, nobody, stages)], ANSWERS)
    return told  # type: ignore[no-any-return]


async def test_a_server_that_cut_what_it_was_to_merge_has_not_merged_it() -> None:
    whole, cut = await merged(read_tokens=2000), await merged(read_tokens=100)

    assert (whole.body, whole.flaw) == ("The rent is due.", None)
    assert cut.flaw is not None
    assert "its context window is smaller than ours" in cut.flaw
    assert WORDS.strip() in cut.body
