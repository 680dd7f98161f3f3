"""The deployment files agree with the code and let nobody in unasked; nothing is started here."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from flows.up.deploy import NAMES

ROOT = Path(__file__).parents[2]
DEPLOYMENTS = ROOT / "deployments"


def read(name: str) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((DEPLOYMENTS / name).read_text(encoding="utf-8"))
    return read


def deployments() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read("prefect.yaml")["deployments"]
    return found


def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = read("compose.yaml")["services"]
    return found


def test_the_deployments_are_those_that_up_looks_for() -> None:
    assert {deployment["name"] for deployment in deployments()} == NAMES


@pytest.mark.parametrize("deployment", deployments(), ids=lambda found: found["name"])
def test_a_deployment_names_a_flow_and_what_happens_when_its_places_are_taken(
    deployment: dict[str, Any],
) -> None:
    module, _, function = deployment["entrypoint"].rpartition(".")
    source = (ROOT / module.replace(".", "/")).with_suffix(".py").read_text(encoding="utf-8")
    flows = {node.name for node in ast.parse(source).body if isinstance(node, ast.AsyncFunctionDef)}

    assert function in flows
    assert deployment["concurrency_limit"]["limit"] > 0
    assert deployment["concurrency_limit"]["collision_strategy"] in {"ENQUEUE", "CANCEL_NEW"}


def test_every_schedule_has_a_time_zone() -> None:
    schedules = [s for found in deployments() for s in found.get("schedules", ())]

    assert schedules
    assert all(schedule["timezone"] for schedule in schedules)


def test_containers_are_reached_from_this_machine_alone() -> None:
    published = [port for service in services().values() for port in service.get("ports", ())]

    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_every_secret_comes_from_outside() -> None:
    told = (DEPLOYMENTS / "compose.yaml").read_text(encoding="utf-8")
    secrets = re.findall(r"(?:PASSWORD|AUTH_STRING|API_KEY): (\S+)", told)

    assert len(secrets) >= 4
    assert all(secret.startswith("${") for secret in secrets)


def commands() -> Iterator[list[str]]:
    for service in services().values():
        if "build" in service or "command" in service:
            yield str(service.get("command", "")).split()
    for unit in (DEPLOYMENTS / "systemd").glob("*.service"):
        for line in unit.read_text(encoding="utf-8").splitlines():
            if line.startswith("ExecStart="):
                yield line.removeprefix("ExecStart=").split()


@pytest.mark.parametrize("command", [c for c in commands() if "docmill" in Path(c[0]).name])
def test_commands_of_ours_are_there(command: list[str]) -> None:
    from flows.cli.commands import app

    names = {registered.name for registered in app.registered_commands}

    assert command[1] in names


def test_the_image_holds_every_package() -> None:
    copied = re.findall(r"^COPY (\S+) \S+$", (DEPLOYMENTS / "Dockerfile").read_text("utf-8"), re.M)
    kept = (DEPLOYMENTS / "Dockerfile.dockerignore").read_text(encoding="utf-8").split()

    assert {"flows", "tasks", "prompts", "deployments"} <= set(copied)
    assert {f"!{name}" for name in copied if "." not in name} <= set(kept)
