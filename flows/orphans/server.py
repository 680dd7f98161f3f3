"""The Prefect server, as far as orphans are concerned."""

from collections.abc import Sequence
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.states import Cancelled, Crashed

from flows.orphans.sweep import AtWork, Suspect
from flows.reaching import explained

INTAKE_FLOW = "process-intake"
FLOWS = ["process-documents", "process-folder", INTAKE_FLOW]

MAX_RUNS = 3
"""How often a run is begun in all: one that dies each time is left to a person."""
AGAIN = "docmill-again-"
AT_ONCE = 200

_AT_WORK = {
    StateType.PENDING: AtWork.BEGINNING,
    StateType.RUNNING: AtWork.RUNNING,
    StateType.CANCELLING: AtWork.CANCELLING,
}


class PrefectServer:
    """Finds our flow runs that have not ended, and ends those that never will."""

    def at_work(self) -> Sequence[Suspect]:
        """Give the runs that have begun and have not ended, the oldest of them."""
        states = FlowRunFilterState(type=FlowRunFilterStateType(any_=list(_AT_WORK)))
        with explained(), get_client(sync_client=True) as client:
            runs = client.read_flow_runs(
                flow_filter=FlowFilter(name=FlowFilterName(any_=FLOWS)),
                flow_run_filter=FlowRunFilter(state=states),
                limit=AT_ONCE,
            )
            return [_suspect(client, run) for run in runs]

    def bury(self, orphan: Suspect, reason: str) -> str:
        """Have a run begun again, then mark it as ended; twice is as good as once."""
        with explained(), get_client(sync_client=True) as client:
            run = client.read_flow_run(UUID(orphan.id))
            if run.state is None or _AT_WORK.get(run.state.type) is not orphan.state:
                return ""  # it has ended in the meantime
            if orphan.state is AtWork.CANCELLING:
                client.set_flow_run_state(run.id, Cancelled(message=reason), force=True)
                return ""
            again = _begin_again(client, run)
            client.set_flow_run_state(run.id, Crashed(message=reason), force=True)
            return again


def _suspect(client: SyncPrefectClient, run: FlowRun) -> Suspect:
    """Make of a flow run what the sweep judges by."""
    assert run.state is not None  # noqa: S101 - it was found by its state
    its_own = FlowRunFilter(id=FlowRunFilterId(any_=[run.id]))
    return Suspect(
        id=str(run.id),
        name=run.name,
        state=_AT_WORK[run.state.type],
        since=run.state.timestamp.timestamp(),
        works=bool(client.read_task_runs(flow_run_filter=its_own, limit=1)),
    )


def _begin_again(client: SyncPrefectClient, run: FlowRun) -> str:
    """Run a deployment again as it was run, unless a watcher does or it died too often."""
    counted = [tag.removeprefix(AGAIN) for tag in run.tags if tag.startswith(AGAIN)]
    times = 1 + max((int(count) for count in counted if count.isdecimal()), default=0)
    of_intake = client.read_flow(run.flow_id).name == INTAKE_FLOW
    if run.deployment_id is None or of_intake or times >= MAX_RUNS:
        return ""
    others = [tag for tag in run.tags if not tag.startswith(AGAIN)]
    begun = client.create_flow_run_from_deployment(
        run.deployment_id,
        parameters=run.parameters,
        idempotency_key=f"again {run.id}",
        tags=[*others, f"{AGAIN}{times}"],
    )
    return begun.name
