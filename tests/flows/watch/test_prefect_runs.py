import inspect

import pytest
from prefect.client.schemas.objects import State
from prefect.server.services import pause_expirations
from prefect.states import Cancelled, Completed, Crashed, Failed, Running

from flows.watch.prefect_runs import NEVER_APPROVED, view_of
from flows.watch.runs import Ending, RunView


@pytest.mark.parametrize(
    ("state", "ending"),
    [
        (Running(), None),
        (Completed(), Ending.COMPLETED),
        (Failed(message="a fault"), Ending.FAILED),
        (Failed(message="The flow was paused and never resumed."), Ending.UNANSWERED),
        (Crashed(), Ending.CRASHED),
        (Cancelled(), Ending.CANCELLED),
    ],
)
def test_a_state_is_an_ending(state: "State[object]", ending: Ending | None) -> None:
    assert view_of(state).ending is ending


def test_a_run_without_a_state_has_not_ended() -> None:
    assert view_of(None) == RunView()


def test_prefect_says_so_of_a_run_that_was_never_approved() -> None:
    assert NEVER_APPROVED in inspect.getsource(pause_expirations)
