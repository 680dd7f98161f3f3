"""One chunk to its answers: asked, asked again, or split where it is too much for the model."""

import asyncio
from dataclasses import dataclass, replace

from flows.accounts import Begun
from flows.job import Job
from flows.progress import progress
from flows.stages import Stages
from prompts.questions import GLEAN_RECORDS, GLEAN_TEXT, mend
from tasks.chunk.split import SPLITS_AT_MOST, split_chunk
from tasks.core.answers import Answer, Chunk, Result
from tasks.core.errors import (
    BudgetError,
    DeclinedError,
    DocmillError,
    InferenceError,
    ReplyError,
    TooLongError,
    TruncatedError,
)
from tasks.core.requests import Message
from tasks.infer.inference import Inference
from tasks.infer.replies import check, whole
from tasks.merge.replies import adds_nothing, check_fit, fitting, salvaged

REFUSED_SPLITS_AT_MOST = 2
"""A refusal is narrowed down to a quarter of a chunk; a model that refuses all of it costs more.

A quarter that is too long still has another cause than our count: its window is smaller than ours.
"""


@dataclass(frozen=True, slots=True)
class Asking:
    """A document under way, and how its chunks are asked of."""

    begun: Begun
    job: Job
    inference: Inference
    stages: Stages

    async def answers(self, chunk: Chunk) -> tuple[Answer, ...]:
        """Have a chunk answered, in pieces where the answer was cut short or refused.

        What goes wrong is the failure of its piece, by name.
        """
        try:
            return (await self._answer(chunk),)
        except (TruncatedError, DeclinedError, TooLongError) as error:
            if pieces := await self._pieces(chunk, error):
                if isinstance(error, TooLongError):
                    self.begun.too_long.append(chunk)
                answered = await asyncio.gather(*map(self.answers, pieces))
                return tuple(answer for answers in answered for answer in answers)
            return (self._failed(chunk, error),)
        except (InferenceError, BudgetError) as error:
            return (self._failed(chunk, error),)

    def _failed(self, chunk: Chunk, error: DocmillError) -> Answer:
        self.begun.failures.append(error)
        return Answer(chunk=chunk, failure=str(error))

    async def _pieces(self, chunk: Chunk, error: InferenceError) -> tuple[Chunk, ...]:
        refused = not isinstance(error, TruncatedError)
        return await asyncio.to_thread(
            split_chunk,
            self.begun.document,
            chunk,
            self.job.recipe,
            window=self.begun.planned.window,
            splits_at_most=REFUSED_SPLITS_AT_MOST if refused else SPLITS_AT_MOST,
        )

    async def _answer(self, chunk: Chunk) -> Answer:
        """Ask, and ask again where no answer has the form that the recipe demands."""
        found = whole(await self._ask(chunk), sent_tokens=chunk.tokens)
        try:
            fit = fitting(found, self.job.recipe)
        except ReplyError as error:
            return await self._mended(chunk, found[0], error)
        answer = Answer(chunk=chunk, result=fit[0], rivals=fit[1:])
        return await self._gleaned(answer, fit[0])

    async def _mended(self, chunk: Chunk, result: Result, error: ReplyError) -> Answer:
        """Ask once more, with what the parser said; else keep what can be read, and say so.

        Raise ReplyError where that is nothing.
        """
        replies: tuple[Result, ...] = (result,)
        try:
            (better,) = await self._ask(chunk, *_exchange(result, mend(str(error))))
            replies = (result, check(better, sent_tokens=chunk.tokens))
            check_fit(better, self.job.recipe)
        except (InferenceError, BudgetError):
            best, flaw = salvaged(replies, self.job.recipe)
            return Answer(chunk=chunk, result=best, flaw=flaw)
        return await self._gleaned(Answer(chunk=chunk, result=better), better)

    async def _gleaned(self, answer: Answer, result: Result) -> Answer:
        """Ask what the answer missed, as often as the recipe says or until it is nothing."""
        question = GLEAN_TEXT if self.job.recipe.schema is None else GLEAN_RECORDS
        said: tuple[Message, ...] = ()
        for _ in range(self.job.recipe.glean):
            said = (*said, *_exchange(result, question))
            try:
                (result,) = await self._ask(answer.chunk, *said)
                check(result, sent_tokens=answer.chunk.tokens)
                check_fit(result, self.job.recipe)
            except (InferenceError, BudgetError):  # what was answered before is whole without it
                break
            if adds_nothing(result, self.job.recipe):
                break
            answer = replace(answer, gleaned=(*answer.gleaned, result))
        return answer

    async def _ask(self, chunk: Chunk, *said: Message) -> tuple[Result, ...]:
        """Ask once; all that it cost is in the account."""
        outcome = await self.stages.infer(
            self.begun.planned.ref,
            chunk,
            self.job.recipe,
            self.job.store,
            self.inference,
            said,
        )
        self.begun.spent.extend((*outcome.spent, *outcome.results))
        results: tuple[Result, ...] = outcome.results
        return results


async def answers_of(asking: Asking) -> tuple[Answer, ...]:
    """Have all chunks of a document answered; what goes wrong with one is its own failure."""

    async def of(chunk: Chunk) -> tuple[Answer, ...]:
        answers = await asking.answers(chunk)
        progress.get().answered()
        return answers

    answered = await asyncio.gather(*map(of, asking.begun.planned.chunks))
    return tuple(answer for answers in answered for answer in answers)


def _exchange(result: Result, question: str) -> tuple[Message, Message]:
    return Message("assistant", result.text), Message("user", question)
