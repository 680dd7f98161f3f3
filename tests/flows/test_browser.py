"""The way in that people use: `docmill up` in a fresh home, then Prefect's pages in a browser."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.flows.browsing import a_page, choose, field, open_run, options, photograph, shows
from tests.flows.conftest import BIN, free_port, serving
from tests.flows.mill import Mill, docmill_up, request
from tests.flows.running import SAMPLES

pytestmark = [pytest.mark.full, pytest.mark.xdist_group("prefect")]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mill]:
    """Give a docmill with a server of its own, both new, and an emulator in Runware's place."""
    folder = tmp_path_factory.mktemp("fresh")
    shutil.copytree(SAMPLES, folder / "root" / "contracts", ignore=shutil.ignore_patterns("*.py"))
    port, api_port = free_port(), free_port()
    url = f"http://127.0.0.1:{port}"
    env = {
        "DOCMILL_HOME": str(folder / "home"),
        "RUNWARE_API_KEY": "any-key-will-do",
        "DOCMILL_RUNWARE_URL": f"{url}/v1",
    }
    command = [str(BIN / "docmill"), "emulate", "--port", str(port)]
    with (
        serving(command, f"{url}/_emulator/stats", folder / "emulator.log", {}),
        docmill_up(
            *("--port", str(api_port)),
            env=env,
            root=folder / "root",
            api=f"http://127.0.0.1:{api_port}/api",
            outputs_port=free_port(),
        ) as mill,
    ):
        yield mill


def newest_run(mill: Mill) -> str:
    of_the_form = {"deployments": {"name": {"any_": ["on-demand"]}}}
    wanted = {**of_the_form, "sort": "EXPECTED_START_TIME_DESC"}
    (run, *_) = mill.ask("POST", "/flow_runs/filter", wanted)
    return str(run["id"])


def test_a_person_starts_a_run_by_the_form_and_opens_what_it_wrote(
    fresh: Mill, tmp_path: Path
) -> None:
    (run_form,) = re.findall(r"run form\s+(\S+)", fresh.log.read_text(encoding="utf-8"))
    with a_page() as page:
        page.goto(run_form, wait_until="domcontentloaded")
        page.get_by_role("button", name="Add item").click()
        field(page, "Sources").locator("textarea").fill("contracts/minutes.md")
        assert {"summarize", "answer", "key-facts"} <= set(options(page, "Recipe"))
        choose(page, "Recipe", "key-facts")
        choose(page, "Formats", "md")
        choose(page, "Provider", "offline")
        photograph(page, tmp_path, "1-form")
        page.get_by_role("button", name="Submit").click()
        shows(page, "scheduled to start now")

        flow_run = newest_run(fresh)
        fresh.until(flow_run, "COMPLETED", "FAILED")
        open_run(page, fresh.ui, flow_run)
        shows(page, "key-facts minutes.md")
        shows(page, "Completed")
        photograph(page, tmp_path, "2-run")
        open_run(page, fresh.ui, flow_run, "Artifacts")
        photograph(page, tmp_path, "3-artifacts")
        page.get_by_role("link", name=re.compile("report", re.I)).first.click()
        shows(page, "1 document: 1 done")
        photograph(page, tmp_path, "4-report")
        with page.expect_popup() as opened:
            page.get_by_role("link", name="minutes.key-facts.md").click()
        shows(opened.value, "offline extract")
        assert opened.value.url.startswith(fresh.outputs_url)
        photograph(opened.value, tmp_path, "5-output")


def test_a_page_from_elsewhere_may_not_read_what_the_server_answers(fresh: Mill) -> None:
    def allowed(origin: str) -> str | None:
        answer = httpx.get(f"{fresh.api}/health", headers={"Origin": origin})
        granted: str | None = answer.headers.get("access-control-allow-origin")
        return granted

    assert allowed("http://evil.example") is None
    assert allowed(fresh.ui) == fresh.ui


@pytest.mark.parametrize(("decision", "ends"), [("approve", "Completed"), ("refuse", "Refused")])
def test_a_person_decides_on_a_dear_plan(
    decision: str, ends: str, fresh: Mill, tmp_path: Path
) -> None:
    wanted = request(
        sources=["contracts/contract.pdf"], to=decision, provider="runware", fresh=True,
        approve_above_usd=0.000001,
    )  # fmt: skip
    flow_run = fresh.start(wanted)
    fresh.until(flow_run, "PAUSED", "COMPLETED", "FAILED")
    with a_page() as page:
        open_run(page, fresh.ui, flow_run)
        shows(page, "Suspended")
        page.get_by_role("button", name="Resume").click()
        shows(page, "This run costs at most")
        photograph(page, tmp_path, "1-decision")
        choose(page, "Decision", decision)
        page.get_by_role("button", name="Submit").click()
        fresh.until(flow_run, "COMPLETED", "FAILED", "CANCELLED", "CRASHED")
        page.reload()
        shows(page, ends)
        photograph(page, tmp_path, "2-end")
