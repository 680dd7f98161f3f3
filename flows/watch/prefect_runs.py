"""Runs by Prefect: the deployment `inbox`, and what its server knows of its flow runs."""

from collections.abc import Collection, Mapping
from typing import cast
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.deployments import run_deployment

from flows.reaching import explained
from flows.request import Request
from flows.watch.runs import Ending, RunView

DEPLOYMENT = "process-intake/inbox"
AT_ONCE = 200
"""Runs that are asked for in one go; the server gives no more."""

_ENDINGS = {
    StateType.COMPLETED: Ending.COMPLETED,
    StateType.FAILED: Ending.FAILED,
    StateType.CRASHED: Ending.CRASHED,
    StateType.CANCELLED: Ending.CANCELLED,
}


NEVER_APPROVED = "never resumed"
"""What Prefect says of a suspended run whose time is over; it has no state of its own for this."""


class PrefectRuns:
    """Starts flow runs and tells of them."""

    def start(self, request: Request, batch: str) -> str:
        """Start the flow run of a batch; for the same batch Prefect gives the same run."""
        parameters = {"request": request.as_parameter(), "batch": batch}
        with explained():
            run = run_deployment(
                DEPLOYMENT,
                parameters=parameters,
                idempotency_key=batch,
                timeout=0,
                as_subflow=False,
            )
        return str(cast("FlowRun", run).id)  # it is awaited only where a loop runs

    def look(self, runs: Collection[str]) -> Mapping[str, RunView]:
        """Give what is known of flow runs; those that the server has lost are missing."""
        wanted = [UUID(run) for run in runs]
        views: dict[str, RunView] = {}
        with explained(), get_client(sync_client=True) as client:
            for at in range(0, len(wanted), AT_ONCE):
                these = FlowRunFilter(id=FlowRunFilterId(any_=wanted[at : at + AT_ONCE]))
                found = client.read_flow_runs(flow_run_filter=these, limit=AT_ONCE)
                views.update((str(run.id), view_of(run.state)) for run in found)
        return views


def view_of(state: "State[object] | None") -> RunView:
    """Give what a state of Prefect's tells of a run."""
    if state is None:
        return RunView()
    message = state.message or ""
    if state.type is StateType.FAILED and NEVER_APPROVED in message:
        return RunView(Ending.UNANSWERED, message)
    return RunView(_ENDINGS.get(state.type), message)
