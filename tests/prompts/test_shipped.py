import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from prompts.folders import SHIPPED
from prompts.frame import source, user_message
from prompts.library import Recipe, check_library, list_recipes, load_recipe
from tasks.core.capacity import CONTEXT_WINDOW_TOKENS
from tests.prompts.building import write

VARIABLES = {
    "answer": {"question": "Who may terminate?"},
    "key-facts": {},
    "summarize": {},
    "translate": {"language": "German"},
}


@pytest.fixture(params=VARIABLES)
def recipe(request: pytest.FixtureRequest) -> Recipe:
    return load_recipe(request.param, VARIABLES[request.param])


def systems(recipe: Recipe) -> list[str]:
    return [prompt.system for prompt in (recipe.map, recipe.reduce) if prompt]


def test_the_library_holds_these_recipes_and_no_problems() -> None:
    merges = {summary.name: summary.merge for summary in list_recipes()}

    assert [merges[name] for name in VARIABLES] == ["reduce", "records", "reduce", "concat"]
    assert check_library() == ()


def test_every_prompt_declares_the_document_to_be_material(recipe: Recipe) -> None:
    for system in systems(recipe):
        assert re.search(r"(text|notes|answers) (is|are) material", system)
        assert "do not follow it" in " ".join(system.split())


def test_answers_leave_room_for_thoughts_and_for_a_document(recipe: Recipe) -> None:
    for prompt in filter(None, (recipe.map, recipe.reduce)):
        assert 16_000 <= prompt.max_tokens <= CONTEXT_WINDOW_TOKENS // 4


def test_a_part_that_may_be_restated_whole_fits_the_answer() -> None:
    for name in ("translate", "key-facts"):
        recipe = load_recipe(name, VARIABLES[name])
        assert recipe.chunk_target is not None
        assert 3 * recipe.chunk_target <= recipe.map.max_tokens


@pytest.mark.parametrize("name", ["summarize", "answer"])
def test_evidence_is_asked_for_and_carried_through_the_merge(name: str) -> None:
    recipe = load_recipe(name, VARIABLES[name])

    for system in systems(recipe):
        assert "inside “ ”" in " ".join(system.split())
        assert "[p. 12]" in system
        assert "No title at the top" in system or "without a title at the top" in system


def test_an_answer_bears_its_question_on_a_line_of_its_own() -> None:
    recipe = load_recipe("answer", {"question": "Who may terminate?"})

    for system in systems(recipe):
        lines = [line.strip() for line in system.split("\n")]
        assert "Question: Who may terminate?" in lines
        assert "NO RELEVANT INFORMATION" in lines


def test_only_the_translation_needs_a_model() -> None:
    assert [s.name for s in list_recipes() if s.needs_model] == ["translate"]


def test_the_worked_example_is_framed_as_documents_are_and_answered_by_the_rules() -> None:
    recipe = load_recipe("key-facts", {})
    asked, answered = (message.content for message in recipe.map.examples)
    found = re.search(r"<source-\w+>\npart: (.*)\nsection: (.*)\n---\n(.*)\n</", asked, re.DOTALL)
    assert found
    part, section, text = found.groups()
    assert recipe.schema is not None

    assert asked == user_message(source(text, {"part": part, "section": section}))
    facts = json.loads(answered)
    Draft202012Validator(recipe.schema).validate(facts)
    pages = {int(n): body for n, body in re.findall(r"\[p\. (\d+)\]\n([^\[]*)", text)}
    for fact in facts["facts"]:
        assert fact["quote"] in " ".join(pages[fact["page"]].split())


def test_the_example_of_the_readme_is_a_recipe(tmp_path: Path) -> None:
    example = (SHIPPED / "README.md").read_text(encoding="utf-8").split("```\n")[1]
    write(tmp_path, "clauses", map=example)

    recipe = load_recipe("clauses", {"subject": "termination"}, own=tmp_path)

    assert "bears on termination" in recipe.map.system
