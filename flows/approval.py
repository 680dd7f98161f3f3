"""Asking a person before a plan is paid for that costs more than a deployed run may spend unasked.

The run is suspended: its process ends and its place is free. On the answer Prefect starts it from
the top. What was read is in the store, so it comes here again within seconds, and finds the answer.
"""

import asyncio
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from prefect.artifacts import acreate_markdown_artifact
from prefect.flow_runs import asuspend_flow_run
from prefect.input import RunInput
from prefect.input.actions import aread_flow_run_input
from prefect.input.run_input import keyset_from_base_key
from pydantic import Field

from flows.accounts import Planned
from flows.job import Job
from flows.roots import is_deployed
from tasks.chunk.price import Estimate, estimate
from tasks.chunk.request import map_request
from tasks.core.errors import RefusedError
from tasks.core.settings import Settings
from tasks.infer.inference import Inference
from tasks.write.escape import escaped
from tasks.write.wording import number, plural, usd


class Decision(RunInput):
    """What a person decides on a plan."""

    decision: Literal["approve", "refuse"] = Field(
        description="approve lets the run go on; refuse ends it, and nothing is paid."
    )
    note: str = Field(default="", description="A word on why; it goes into the run's message.")


@dataclass(frozen=True, slots=True)
class Priced:
    """A document of a plan, and what its chunks that have no answer yet cost at most."""

    planned: Planned
    price: Estimate


async def approve(
    planned: tuple[Planned, ...], job: Job, inference: Inference, settings: Settings
) -> None:
    """Go on if the plan is cheap enough or approved; RefusedError when a person refuses it.

    Suspends the flow run to wait for that person.
    """
    if job.approve_above_usd is None or not is_deployed():
        return
    plan = [Priced(document, await _price(document, job, inference)) for document in planned]
    total = sum(priced.price.usd_at_most for priced in plan)
    if total <= job.approve_above_usd:
        return
    told = plan_markdown(plan, total, job.approve_above_usd)
    await acreate_markdown_artifact(told, key="plan", description="What the run would cost")
    decided = await _decision(_key(planned, job), told, settings.approve_within_s)
    if decided.decision == "refuse":
        why = f": {decided.note}" if decided.note else ""
        raise RefusedError(f"the plan of at most {usd(total)} was refused by a person{why}")


async def _decision(key: str, told: str, within_s: int) -> Decision:
    """Give what was decided on this very plan, however often the run has begun since."""
    answer = keyset_from_base_key(f"suspended-{key}")["response"]
    kept: Any = await aread_flow_run_input(key=answer)
    if kept is not None:
        return Decision.model_validate(kept)
    asked = Decision.with_initial_data(description=told)
    decided: Decision = await asuspend_flow_run(wait_for_input=asked, timeout=within_s, key=key)
    return decided


async def _price(planned: Planned, job: Job, inference: Inference) -> Estimate:
    if not planned.chunks:  # it has left the store, which its own failure will tell
        return Estimate(requests=0, prompt_tokens=0, usd_at_most=0.0)
    document = await asyncio.to_thread(job.store.fetch, planned.ref)
    requests = [map_request(document, chunk, job.recipe) for chunk in planned.chunks]
    missing = await inference.unanswered(requests)
    prices = inference.prices
    return await asyncio.to_thread(
        estimate,
        missing,
        usd_per_million_prompt_tokens=prices.usd_per_million_prompt_tokens,
        usd_per_million_completion_tokens=prices.usd_per_million_completion_tokens,
    )


def _key(planned: tuple[Planned, ...], job: Job) -> str:
    """Name a plan: the same documents, cut alike, to be asked the same.

    What is answered already is not in it, so a run that was killed half-way is not asked about
    again.
    """
    parts = (
        job.recipe.version,
        job.variables,
        *((document.ref.key, len(document.chunks)) for document in planned),
    )
    return f"plan-{hashlib.sha256(repr(parts).encode()).hexdigest()[:16]}"


def plan_markdown(plan: Iterable[Priced], total: float, above: float) -> str:
    """Tell a plan to the person who decides on it."""
    rows = [
        f"| {escaped(priced.planned.ref.name)} | {number(priced.price.requests)} "
        f"| {number(priced.price.prompt_tokens)} | {usd(priced.price.usd_at_most)} |"
        for priced in plan
    ]
    head = (
        f"**This run costs at most {usd(total)}**, for {plural(len(rows), 'document')}. Above "
        f"{usd(above)} it waits for a person.\n\n"
        "The price is that of every answer at its full length. Answers that are in the ledger "
        "cost nothing and are not in it; merging answers comes on top.\n"
    )
    columns = ("| Document | Requests | Prompt tokens | At most |", "|---|---:|---:|---:|")
    return "\n".join((head, *columns, *rows))
