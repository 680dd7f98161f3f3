"""The form that Prefect draws from the request's JSON schema."""

from pathlib import Path
from typing import Any

import pytest

from flows.request import Request
from tasks.core.settings import load_settings


def field(name: str) -> dict[str, Any]:
    drawn: dict[str, Any] = Request.model_json_schema()["properties"][name]
    return drawn


def test_recipes_are_those_of_the_library_and_ones_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "minutes"
    own.mkdir()
    (own / "map.prompt").write_text("broken", encoding="utf-8")
    monkeypatch.setenv("DOCMILL_PROMPTS", str(tmp_path))
    load_settings.cache_clear()

    assert {"minutes", "summarize", "answer"} <= set(field("recipe")["enum"])


def test_variables_are_explained_recipe_by_recipe() -> None:
    told = field("variables")["description"]

    assert "answer: `question` (" in told
    assert "must be given" in told


@pytest.mark.parametrize(
    ("name", "kind"),
    [("provider", "$ref"), ("delivery", "$ref"), ("budget_usd", "type"), ("window", "type")],
)
def test_a_field_that_may_be_empty_is_drawn_as_itself(name: str, kind: str) -> None:
    assert kind in field(name)
    assert "anyOf" not in field(name)


def test_every_field_is_described_and_all_but_the_sources_have_a_default() -> None:
    schema = Request.model_json_schema()

    assert all(described.get("description") for described in schema["properties"].values())
    assert schema["required"] == ["sources"]


def test_a_parameter_holds_no_empty_fields() -> None:
    parameter = Request(sources=("a.pdf",)).as_parameter()

    assert None not in parameter.values()
    assert Request.model_validate(parameter) == Request(sources=("a.pdf",))
