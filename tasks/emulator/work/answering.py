"""Make the answers of a job: by script or by an engine, spoilt as the faults say, priced."""

import asyncio

from tasks.emulator.engine import extractive
from tasks.emulator.engine.completion import Completion, seeds_of
from tasks.emulator.engine.planted import model
from tasks.emulator.faults import answers as spoiling
from tasks.emulator.faults.slips import slip
from tasks.emulator.options import EmulatorOptions
from tasks.emulator.work import script
from tasks.emulator.work.jobs import Answer, Job
from tasks.emulator.work.script import Script
from tasks.emulator.work.till import Till


class Answering:
    """Know whom to ask, and what it costs."""

    def __init__(self, options: EmulatorOptions, till: Till) -> None:
        self._options = options
        self._till = till
        self.script = Script()
        self.script.set(list(options.script))

    async def answers(self, job: Job) -> list[Answer]:
        """Give the answers of a job; the engine works beside the event loop, a script in it."""
        return [self._answer(job, completion) for completion in await self._complete(job)]

    async def _complete(self, job: Job) -> list[Completion]:
        request = job.request
        seeds = seeds_of(request, derived=self._options.derived_seeds)
        scripted = self.script.answer(request.text)
        if scripted is not None:
            return script.complete(request, scripted, seeds)
        if self._options.engine == "planted":
            return await asyncio.to_thread(_planted, job, seeds)
        return await asyncio.to_thread(extractive.complete, request, seeds)

    def _answer(self, job: Job, completion: Completion) -> Answer:
        spoilt = spoiling.spoil(completion, job.request, job.plan)
        prompt = job.request.prompt_tokens
        price = self._till.price(prompt, spoilt.completion_tokens)
        return Answer(spoilt, prompt, price, spoiling.thoughts_shown(job.plan, spoilt))


def _planted(job: Job, seeds: list[int]) -> list[Completion]:
    reading = model.read(job.request)
    facts = slip(reading.facts, job.plan, merging=reading.merging)
    return model.complete(job.request, facts, seeds)
