"""Asking a person before a plan is paid for that costs more than a deployed run may spend unasked.

The run is suspended: its process ends and its place is free. On the answer Prefect starts it from
the top. What was read is in the store, so it comes here again within seconds, and finds the answer.
"""

import hashlib
from collections.abc import Iterable
from typing import Any, Literal

from prefect.artifacts import acreate_markdown_artifact
from prefect.flow_runs import asuspend_flow_run
from prefect.input import RunInput
from prefect.input.actions import aread_flow_run_input
from prefect.input.run_input import keyset_from_base_key
from pydantic import Field

from flows.accounts import Planned
from flows.job import Job
from flows.price import price_of
from flows.progress import priced
from flows.roots import is_deployed
from tasks.core.errors import RefusedError
from tasks.infer.prices import PlanPrice
from tasks.write.escape import escaped
from tasks.write.wording import number, usd


class Decision(RunInput):
    """What a person decides on a plan."""

    decision: Literal["approve", "refuse"] = Field(
        description="approve lets the run go on; refuse ends it, and nothing is paid."
    )
    note: str = Field(default="", description="A word on why; it goes into the run's message.")


async def approve(planned: tuple[Planned, ...], job: Job, *, within_s: int) -> None:
    """Go on if the plan is cheap enough or approved; RefusedError when a person refuses it.

    Suspends the flow run to wait for that person.
    """
    price = price_of(planned)
    if job.approve_above_usd is None or price.usd <= job.approve_above_usd or not is_deployed():
        return
    told = plan_markdown(planned, price, job.approve_above_usd)
    await acreate_markdown_artifact(told, key="plan", description="What the run would cost")
    decided = await _decision(_key(planned, job), told, within_s)
    if decided.decision == "refuse":
        why = f": {decided.note}" if decided.note else ""
        raise RefusedError(f"the plan of at most {usd(price.usd)} was refused by a person{why}")


async def _decision(key: str, told: str, within_s: int) -> Decision:
    """Give what was decided on this very plan, however often the run has begun since."""
    answer = keyset_from_base_key(f"suspended-{key}")["response"]
    kept: Any = await aread_flow_run_input(key=answer)
    if kept is not None:
        return Decision.model_validate(kept)
    asked = Decision.with_initial_data(description=told)
    decided: Decision = await asuspend_flow_run(wait_for_input=asked, timeout=within_s, key=key)
    return decided


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


def plan_markdown(planned: Iterable[Planned], price: PlanPrice, above_usd: float) -> str:
    """Tell a plan to the person who decides on it."""
    head = (
        f"**This run costs at most {usd(price.usd)}.** Above {usd(above_usd)} it waits for a "
        f"person.\n\nThe plan is {priced(price)}. The price is that of every answer at its full "
        "length, merging included; answers that are in the ledger cost nothing.\n"
    )
    columns = ("| Document | Chunks | Answered before | At most |", "|---|---:|---:|---:|")
    rows = (
        f"| {escaped(document.ref.name)} | {number(len(document.chunks))} "
        f"| {number(document.kept)} | {usd(document.worst.usd)} |"
        for document in planned
    )
    return "\n".join((head, *columns, *rows))
