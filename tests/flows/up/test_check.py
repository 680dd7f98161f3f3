"""`docmill up --check` where nothing runs: each thing that is wrong is named with its remedy."""

from pathlib import Path

import pytest

from flows.up.check import findings
from flows.up.place import alone, choose_place
from tasks.core.settings import Provider, Settings

FREE = 1  # no program of an ordinary user listens there


async def problems(settings: Settings) -> dict[str, str]:
    place = choose_place(settings, host="127.0.0.1", port=4200, outputs_port=4280, runs_at_once=2)
    return {found.what: found.problem async for found in findings(place, settings) if found.problem}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    root = tmp_path / "root"
    root.mkdir()
    return Settings(home=tmp_path, roots=(root,), provider=Provider.OFFLINE)


async def test_where_all_is_well_only_the_start_is_lacking(settings: Settings) -> None:
    told = await problems(settings)
    told.pop("ports", None)  # another docmill may well be up on this machine

    assert told == {"docmill up": "it is not running: start it with `docmill up`"}


async def test_what_is_wrong_is_named_with_its_remedy(settings: Settings, tmp_path: Path) -> None:
    wrong = settings.model_copy(update={"roots": (tmp_path / "absent",), "provider": None})

    told = await problems(wrong)

    assert "DOCMILL_ROOTS" in told[f"folder {tmp_path / 'absent'}"]
    assert "runware-api-key" in told["who answers"]


async def test_a_server_that_does_not_answer_is_named(settings: Settings) -> None:
    url = f"http://127.0.0.1:{FREE}/api"
    wrong = settings.model_copy(update={"prefect_api_url": url})
    place = choose_place(wrong, host="127.0.0.1", port=4200, outputs_port=4280, runs_at_once=2)

    with alone(place):
        told = await problems(wrong)

    assert "does not answer" in told[f"server {url}"]
