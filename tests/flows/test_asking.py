"""What the flow does where a chunk is not answered at once: split, asked again, asked for more."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from flows.accounts import Begun, Planned, account_of_failure
from flows.asking import Asking
from flows.job import Job, prepare
from flows.request import Request
from flows.stages import PLAIN
from prompts.questions import GLEAN_RECORDS, NOTHING_RELEVANT
from tasks.chunk.plan import plan_chunks
from tasks.core.answers import Answer, Chunk, Result
from tasks.core.capacity import Window
from tasks.core.documents import Document
from tasks.core.errors import RejectedError, TooLongError
from tasks.core.requests import Message
from tasks.core.settings import Provider, Settings
from tasks.core.store import DocumentRef
from tasks.infer.inference import Outcome
from tests.flows.running import SAMPLES

SENTENCE = "The tenant shall pay the rent on the first day of each month. "
SOURCE = Document(digest="d" * 64, text=SENTENCE * 120)

Reply = Callable[[Chunk, Sequence[Message]], Result]


def result(text: str, finish_reason: str = "stop") -> Result:
    return Result(answer_key=f"k{abs(hash(text))}", text=text, finish_reason=finish_reason)


def job_of(tmp_path: Path, recipe: str, **changes: Any) -> Job:
    request = Request(
        sources=(str(SAMPLES / "minutes.md"),), to=tmp_path, provider=Provider.OFFLINE,
        recipe=recipe,
    )  # fmt: skip
    job = prepare(request, Settings(store=str(tmp_path / "store")))
    return replace(job, recipe=replace(job.recipe, **changes))


class Asked:
    """An asking whose model is a function; it keeps what was asked."""

    def __init__(self, job: Job, reply: Reply) -> None:
        self.asked: list[tuple[str, Sequence[Message]]] = []
        ref = DocumentRef(key="k", digest=SOURCE.digest, name="lease.txt", path="lease.txt")
        self.chunks = plan_chunks(SOURCE, job.recipe, window=Window(job.window))

        async def infer(
            _ref: DocumentRef, chunk: Chunk, _recipe: object, _store: object, _inference: object,
            said: Sequence[Message] = (),
        ) -> Outcome:  # fmt: skip
            self.asked.append((chunk.part, said))
            return Outcome((reply(chunk, said),))

        self.asking = Asking(
            Begun(Planned(ref=ref, chunks=self.chunks), SOURCE, []),
            job,
            None,  # type: ignore[arg-type] # nobody else is asked
            PLAIN._replace(infer=infer),
        )

    async def answers(self) -> tuple[Answer, ...]:
        (chunk,) = self.chunks
        return await self.asking.answers(chunk)


@pytest.mark.parametrize(
    "bad", [result("half of", "length"), result("", "content_filter"), result("I can't help.")]
)
async def test_what_is_cut_short_or_declined_is_asked_in_halves(
    bad: Result, tmp_path: Path
) -> None:
    asked = Asked(
        job_of(tmp_path, "summarize"),
        lambda chunk, _: result(f"on {chunk.part}") if chunk.pieces else bad,
    )

    answers = await asked.answers()

    assert [part for part, _ in asked.asked] == ["1 of 1", "1.1 of 1", "1.2 of 1"]
    assert [a.usable.text for a in answers if a.usable] == ["on 1.1 of 1", "on 1.2 of 1"]
    assert "".join(SOURCE.text_of(answer.chunk) for answer in answers) == SOURCE.text
    assert len(asked.asking.begun.spent) == 3


@pytest.mark.parametrize(
    ("bad", "reason"), [(result("half", "length"), "maxTokens"), (result("I can't help."), "refus")]
)
async def test_a_text_that_is_never_answered_fails_by_name_and_ends(
    bad: Result, reason: str, tmp_path: Path
) -> None:
    asked = Asked(job_of(tmp_path, "summarize"), lambda *_: bad)

    answers = await asked.answers()

    assert 3 <= len(asked.asked) <= 31
    assert all(reason in str(answer.failure) for answer in answers)
    assert "".join(SOURCE.text_of(answer.chunk) for answer in answers) == SOURCE.text


async def test_what_is_too_long_by_the_providers_count_is_asked_in_halves_and_named(
    tmp_path: Path,
) -> None:
    def reply(chunk: Chunk, _: object) -> Result:
        if not chunk.pieces:
            raise TooLongError("HTTP 400")
        return result(f"on {chunk.part}")

    asked = Asked(job_of(tmp_path, "summarize"), reply)
    answers = await asked.answers()

    begun = asked.asking.begun
    assert [part for part, _ in asked.asked] == ["1 of 1", "1.1 of 1", "1.2 of 1"]
    assert "".join(SOURCE.text_of(answer.chunk) for answer in answers) == SOURCE.text
    assert (begun.failures, len(begun.spent)) == ([], 2)
    entry = account_of_failure(begun, asked.asking.job, "")
    assert entry.warnings == (
        (
            "too long for the window by the provider's own count, so asked in smaller pieces: "
            "part 1 of 1"
        ),
    )


async def test_what_is_too_long_however_short_it_gets_fails_by_name_soon(tmp_path: Path) -> None:
    def reply(*_: object) -> Result:
        raise TooLongError("HTTP 400: set DOCMILL_WINDOW")

    asked = Asked(job_of(tmp_path, "summarize"), reply)
    answers = await asked.answers()

    assert len(asked.asked) <= 7
    assert all("DOCMILL_WINDOW" in str(answer.failure) for answer in answers)


async def test_what_only_a_part_is_declined_for_costs_only_that_part(tmp_path: Path) -> None:
    asked = Asked(
        job_of(tmp_path, "summarize"),
        lambda chunk, _: result("I can't help." if chunk.start == 0 else "fine"),
    )

    answers = await asked.answers()

    assert [answer.chunk.part for answer in answers if answer.failure] == ["1.1.1 of 1"]
    assert sum(a.chunk.tokens for a in answers if a.usable) > 2 * answers[0].chunk.tokens


FACT = {"fact": "Rent is due.", "kind": "other", "quote": "shall pay the rent", "page": None}
GOOD = result(json.dumps({"facts": [FACT]}))


async def test_a_reply_that_does_not_fit_is_asked_for_once_more(tmp_path: Path) -> None:
    bad = result('{"facts": [{"fact": "Rent is due."}]}')
    asked = Asked(job_of(tmp_path, "key-facts"), lambda _, said: GOOD if said else bad)

    (answer,) = await asked.answers()

    assert answer.usable == GOOD
    reply, question = asked.asked[1][1]
    assert (reply.role, reply.content, question.role) == ("assistant", bad.text, "user")
    assert "kind" in question.content


async def test_a_reply_that_never_fits_fails_by_name(tmp_path: Path) -> None:
    asked = Asked(job_of(tmp_path, "key-facts"), lambda *_: result("There are no facts."))

    (answer,) = await asked.answers()

    assert len(asked.asked) == 2
    assert "asked 2 times" in str(answer.failure)


async def test_gleaning_goes_on_until_nothing_is_missed(tmp_path: Path) -> None:
    late = result(json.dumps({"facts": [{**FACT, "fact": "It is due monthly."}]}))
    replies = iter([GOOD, late, result('{"facts": []}'), GOOD])
    asked = Asked(job_of(tmp_path, "key-facts", glean=3), lambda *_: next(replies))

    (answer,) = await asked.answers()

    assert answer.gleaned == (late,)
    assert len(asked.asked) == 3
    assert [message.content for message in asked.asked[2][1]] == [
        GOOD.text, GLEAN_RECORDS, late.text, GLEAN_RECORDS,
    ]  # fmt: skip


async def test_gleaning_of_text_ends_at_the_agreed_words_or_the_limit(tmp_path: Path) -> None:
    for texts, gleaned in ((["a", NOTHING_RELEVANT], 0), (["a", "b", "c"], 1)):
        replies = iter(texts)
        asked = Asked(
            job_of(tmp_path, "summarize", glean=1), lambda *_, said=replies: result(next(said))
        )

        (answer,) = await asked.answers()

        assert (answer.failure, len(answer.gleaned)) == (None, gleaned)


async def test_what_was_answered_stands_when_gleaning_fails(tmp_path: Path) -> None:
    def reply(_: Chunk, said: Sequence[Message]) -> Result:
        if said:
            raise RejectedError("HTTP 400")
        return result("a")

    (answer,) = await Asked(job_of(tmp_path, "summarize", glean=1), reply).answers()

    assert answer.usable is not None
    assert answer.usable.text == "a"
