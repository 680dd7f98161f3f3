from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from prompts.folders import SHIPPED
from prompts.library import list_recipes, load_recipe
from prompts.lint import check_library
from tasks.core.errors import RecipeError
from tasks.core.requests import Message
from tests.prompts.building import JSON_MAP, MAP, REDUCE, fault, write


def test_a_recipe_is_loaded_with_its_values_put_in(tmp_path: Path) -> None:
    recipe = load_recipe("mine", {"question": "Who pays?"}, own=write(tmp_path, map=MAP))

    assert recipe.map.system == "Answer in a plain tone.\nQuestion: Who pays?"
    assert recipe.map.examples == (
        Message("user", "Two and two?"),
        Message("assistant", "Four, plain."),
    )
    assert (recipe.map.temperature, recipe.map.top_p) == (0.07, 0.29)
    assert (recipe.map.max_tokens, recipe.map.seed) == (500, 4294967295)
    assert (recipe.chunk_target, recipe.chunk_context) == (900, 20)
    assert (recipe.merge, recipe.output_format, recipe.schema) == ("concat", "text", None)
    assert (recipe.needs_model, recipe.reduce, recipe.model) == (False, None, "minimax:m2.7@0")


def test_a_reduce_prompt_has_its_own_config_and_shares_the_variables(tmp_path: Path) -> None:
    own = write(tmp_path, map=MAP.replace("concat", "reduce"), reduce=REDUCE)

    recipe = load_recipe("mine", {"question": "Who?", "tone": "dry"}, own=own)

    assert recipe.reduce is not None
    assert (recipe.reduce.system, recipe.reduce.max_tokens) == ("Merge. Who? dry", 77)
    assert recipe.map.max_tokens == 500


def test_each_key_of_the_contract_is_reached(tmp_path: Path) -> None:
    keys = "numberResults: 3, deliveryMethod: sync, includeCost: false, includeUsage: false"
    own = write(tmp_path, map=MAP.replace("maxTokens: 500", f"maxTokens: 500, {keys}"))

    recipe = load_recipe("mine", {"question": "Who?"}, own=own)

    assert (recipe.number_results, recipe.delivery) == (3, "sync")
    assert (recipe.include_cost, recipe.include_usage) == (False, False)


def test_a_run_sets_keys_for_itself(tmp_path: Path) -> None:
    own = write(tmp_path, map=MAP.replace("concat", "reduce"), reduce=REDUCE)
    run: dict[str, JsonValue] = {
        "seed": 7,
        "temperature": 1,
        "numberResults": 2,
        "deliveryMethod": "async",
    }

    recipe = load_recipe("mine", {"question": "Who?"}, own=own, config=run)

    assert recipe.reduce is not None
    assert (recipe.map.seed, recipe.map.temperature, recipe.map.top_p) == (7, 1, 0.29)
    assert (recipe.reduce.seed, recipe.reduce.max_tokens) == (7, 77)
    assert (recipe.number_results, recipe.delivery) == (2, "async")


@pytest.mark.parametrize(
    ("run", "cause"),
    [
        ({"seed": -1}, "config: seed: .*equal to 0"),
        ({"seed": "7"}, "config: seed: .*integer"),
        ({"numberResults": 5}, "config: numberResults: .*equal to 4"),
        ({"numberResults": 2, "deliveryMethod": "stream"}, "a stream gives 1 result"),
        ({"topK": 3}, "topK: no such key .*known: deliveryMethod"),
    ],
)
def test_what_a_run_sets_is_checked(tmp_path: Path, run: dict[str, JsonValue], cause: str) -> None:
    with pytest.raises(RecipeError, match=cause):
        load_recipe("mine", {"question": "?"}, own=write(tmp_path, map=MAP), config=run)


def test_a_json_recipe_shows_the_model_its_schema(tmp_path: Path) -> None:
    recipe = load_recipe("mine", {}, own=write(tmp_path, map=JSON_MAP))

    assert recipe.schema == {"type": "object", "properties": {"facts": {"type": "array"}}}
    assert '```json\n{\n  "type": "object"' in recipe.map.system
    assert hash(recipe)


@given(
    question=st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip),
    spice=st.sampled_from(["{{tone}}", '{{role "user"}}', "\n---\n", "{{schema}}", "}}{{", r"\1"]),
)
def test_a_value_stays_as_it_is(
    tmp_path_factory: pytest.TempPathFactory, question: str, spice: str
) -> None:
    own = write(tmp_path_factory.mktemp("own"), map=MAP)
    value = f"{question}{spice}{question}"

    recipe = load_recipe("mine", {"question": value}, own=own)

    assert recipe.map.system == f"Answer in a plain tone.\nQuestion: {value.strip()}"
    assert len(recipe.map.examples) == 2


def test_all_missing_and_unknown_variables_are_named_at_once(tmp_path: Path) -> None:
    own = write(tmp_path, map=MAP.replace("{tone: plain}", "{}"))

    told = fault(own, questions="Who?", question=" ")

    assert "no variable questions; did you mean question?" in told
    assert "missing for question (what is asked), tone" in told


def test_an_unknown_variable_far_from_all_names_the_known_ones(tmp_path: Path) -> None:
    assert "no variable zzz (known: question, tone)" in fault(
        write(tmp_path, map=MAP), zzz="1", question="Who?"
    )


def test_a_value_of_broken_bytes_is_refused(tmp_path: Path) -> None:
    own = write(tmp_path, map=MAP)

    assert "the value of question is not valid text" in fault(own, question="x\udce9")


def test_a_system_prompt_over_the_providers_limit_is_refused(tmp_path: Path) -> None:
    told = fault(write(tmp_path, map=MAP), question="x" * 200_000)

    assert "200,000 are allowed" in told


@pytest.mark.parametrize("name", ["../mine", "mine/../mine", "/etc", "", ".", "mi ne", "a" * 99])
def test_a_name_is_a_plain_folder_name(tmp_path: Path, name: str) -> None:
    write(tmp_path, map=MAP)

    assert "there is no recipe" in fault(tmp_path, name, question="Who?")


def test_a_near_miss_is_suggested() -> None:
    with pytest.raises(RecipeError, match="did you mean summarize"):
        load_recipe("summarizer", {})


def test_ones_own_recipe_wins_by_name(tmp_path: Path) -> None:
    own = write(tmp_path, "translate", map=MAP)

    assert load_recipe("translate", {"question": "?"}, own=own).description == "For tests."
    listed = {summary.name: summary.where for summary in list_recipes(own=own)}
    assert listed["translate"] == own / "translate"
    assert listed["summarize"].parent == SHIPPED


def test_a_missing_folder_of_ones_own_is_named(tmp_path: Path) -> None:
    assert "DOCMILL_PROMPTS" in fault(tmp_path / "absent")


def test_the_version_follows_the_files_and_not_the_values_or_line_ends(tmp_path: Path) -> None:
    own = write(tmp_path, map=MAP)
    path = own / "mine" / "map.prompt"

    def version(question: str = "Who?") -> str:
        return load_recipe("mine", {"question": question}, own=own).version

    first = version()
    assert version("What?") == first
    assert len(first) == 12
    path.write_bytes(b"\xef\xbb\xbf" + MAP.replace("\n", "\r\n").encode())
    assert version() == first
    path.write_text(MAP.replace("Answer", "Reply"))
    assert version() != first


def test_the_list_shows_a_broken_recipe_with_its_problem(tmp_path: Path) -> None:
    own = write(write(tmp_path, map="hello"), "good", map=MAP)
    (own / "notes").mkdir()

    listed = {summary.name: summary for summary in list_recipes(own=own)}

    assert "map.prompt" in listed["mine"].problem
    assert (listed["good"].problem, listed["good"].merge) == ("", "concat")
    assert [(v.name, v.default) for v in listed["good"].variables] == [
        ("question", None),
        ("tone", "plain"),
    ]
    assert "notes" not in listed


def test_the_check_names_file_and_cause_of_every_problem(tmp_path: Path) -> None:
    own = write(write(tmp_path, map=MAP), "bad", map=MAP.replace("0.07", "1.5"))

    (problem,) = check_library(own=own)

    assert str(own / "bad" / "map.prompt") in problem
    assert "`config.temperature`" in problem


def test_the_check_looks_at_shipped_recipes_that_ones_own_hide(tmp_path: Path) -> None:
    assert check_library(own=write(tmp_path, "summarize", map=MAP)) == ()
