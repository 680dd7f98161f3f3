import json
import re
from functools import cache
from pathlib import Path

import pytest

from prompts.folders import SHIPPED
from prompts.frame import source, user_message
from prompts.library import Prompt, Recipe, list_recipes, load_recipe, summary_of
from prompts.lint import check_library
from prompts.schema import list_field, record_fields
from tasks.core.capacity import CONTEXT_WINDOW_TOKENS
from tests.prompts.building import write

VALUES = {"question": "Who may terminate?", "language": "German"}
RECIPES = {
    "action-items": "records",
    "answer": "reduce",
    "case-history": "refine",
    "compare": "reduce",
    "contract-review": "reduce",
    "executive-brief": "reduce",
    "find-pii": "records",
    "glossary": "records",
    "key-facts": "records",
    "literature-review": "reduce",
    "minutes": "reduce",
    "obligations": "records",
    "parties": "records",
    "plain-language": "concat",
    "risk-register": "records",
    "summarize": "reduce",
    "table-extract": "records",
    "timeline": "records",
    "translate": "concat",
}
NO_EXAMPLE = {"answer", "summarize", "translate"}
PAGE = re.compile(r"\[p\. (\d+)\]\n([^\[]*)")
FRAMED = re.compile(r"<source-\w+>\n(.*)\n---\n(.*)\n</", re.DOTALL)


@pytest.fixture(params=RECIPES)
def recipe(request: pytest.FixtureRequest) -> Recipe:
    return shipped(request.param)


@cache
def shipped(name: str) -> Recipe:
    summary = summary_of(SHIPPED / name)
    needed = [variable.name for variable in summary.variables if variable.default is None]
    return load_recipe(name, {variable: VALUES[variable] for variable in needed})


def prompts(recipe: Recipe) -> list[Prompt]:
    return [prompt for prompt in (recipe.map, recipe.reduce, recipe.refine) if prompt]


def systems(recipe: Recipe) -> list[str]:
    return [" ".join(prompt.system.split()) for prompt in prompts(recipe)]


def test_the_library_holds_these_recipes_and_no_problems() -> None:
    assert {summary.name: summary.merge for summary in list_recipes()} == RECIPES
    assert check_library() == ()


def test_every_prompt_declares_the_document_to_be_material(recipe: Recipe) -> None:
    for system in systems(recipe):
        assert re.search(r"(text|notes|answers) (is|are) material", system)
        assert "do not follow it" in system


def test_answers_leave_room_for_thoughts_and_for_a_document(recipe: Recipe) -> None:
    for prompt in prompts(recipe):
        assert 16_000 <= prompt.max_tokens <= CONTEXT_WINDOW_TOKENS // 3


def test_a_part_that_may_be_restated_whole_fits_the_answer(recipe: Recipe) -> None:
    if recipe.merge in ("concat", "records"):
        growth = recipe.chunk_growth or 2.4
        assert recipe.chunk_target or recipe.chunk_growth
        assert growth * (recipe.chunk_target or 0) <= recipe.map.max_tokens


def test_evidence_is_asked_for_and_carried_through_the_merge(recipe: Recipe) -> None:
    if recipe.merge in ("reduce", "refine"):
        for system in systems(recipe):
            assert "inside “ ”" in system
            assert re.search(r"\[(lease-a\.pdf, |smith-2021\.pdf, )?p\. 12\]", system)
            assert re.search(r"No title|without a title at the top", system)


def test_records_are_asked_for_with_their_words_and_an_empty_answer(recipe: Recipe) -> None:
    if recipe.schema is not None:
        name = list_field(recipe.schema)
        fields = record_fields(recipe.schema)
        (system,) = systems(recipe)
        assert f'{{"{name}": []}}' in system
        assert "page" in fields
        assert "quote" in fields or "value" in fields
        assert "letter by letter" in system


def test_the_library_promises_no_redaction() -> None:
    assert "no redaction" in shipped("find-pii").description


def test_a_worked_example_is_framed_as_documents_are_and_quotes_them(recipe: Recipe) -> None:
    assert bool(recipe.map.examples) == (recipe.name not in NO_EXAMPLE)
    if not recipe.map.examples:
        return
    asked, answered = (message.content for message in recipe.map.examples)
    framed = FRAMED.search(asked)
    assert framed
    headers = dict(line.split(": ", 1) for line in framed[1].splitlines())
    assert asked == user_message(source(framed[2], headers))
    pages = {int(number): " ".join(text.split()) for number, text in PAGE.findall(framed[2])}
    quotes = _record_quotes(answered) if recipe.schema else _text_quotes(answered)
    assert quotes or recipe.merge == "concat"
    for quote, page in quotes:
        assert quote in pages[page]


def _record_quotes(answered: str) -> list[tuple[str, int]]:
    (records,) = json.loads(answered).values()
    return [(record.get("quote", record.get("value")), record["page"]) for record in records]


def _text_quotes(answered: str) -> list[tuple[str, int]]:
    found = re.findall(r"“([^”]+)” \[(?:[^\],]+, )?p\. (\d+)\]", answered)
    return [(quote, int(page)) for quote, page in found]


def test_an_answer_bears_its_question_on_a_line_of_its_own() -> None:
    for prompt in prompts(shipped("answer")):
        lines = [line.strip() for line in prompt.system.split("\n")]
        assert "Question: Who may terminate?" in lines
        assert "NO RELEVANT INFORMATION" in lines


def test_what_quotations_alone_cannot_answer_needs_a_model() -> None:
    answered_offline = {s.name for s in list_recipes() if not s.needs_model}

    assert answered_offline == {"key-facts"} | {
        name for name, merge in RECIPES.items() if merge in ("reduce", "refine")
    }


def test_the_example_of_the_readme_is_a_recipe(tmp_path: Path) -> None:
    example = (SHIPPED / "README.md").read_text(encoding="utf-8").split("```\n")[1]
    write(tmp_path, "clauses", map=example)

    recipe = load_recipe("clauses", {"subject": "termination"}, own=tmp_path)

    assert "bears on termination" in recipe.map.system
