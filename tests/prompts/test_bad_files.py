from pathlib import Path

import pytest

from prompts.lint import problems_of
from tests.prompts.building import JSON_MAP, MAP, REDUCE, fault, write

BAD_MAPS = {
    "no front matter": ("Hello", "front matter between two lines"),
    "unclosed front matter": ("---\ndescription: x\n", "front matter between two lines"),
    "not YAML": (MAP.replace("{tone: plain}", "{tone: plain"), "front matter in line"),
    "a list": ("---\n- a\n---\n", "`front matter`"),
    "unknown key": (MAP.replace("description:", "descr:"), "unknown key `descr` (known"),
    "unknown config": (MAP.replace("topP", "top_p"), "unknown key `config.top_p`"),
    "duplicate key": (MAP.replace("config:", "description: x\nconfig:"), "`description` stands tw"),
    "duplicate inner key": (MAP.replace("topP: 0.29", "topP: 0.2, topP: 0.3"), "`topP` stands twi"),
    "no description": (MAP.replace("description: For tests.\n", ""), "`description` is missing"),
    "no merge": (MAP.replace("docmill.merge: concat\n", ""), "`docmill.merge` is missing"),
    "unknown merge": (MAP.replace("concat", "join"), "`docmill.merge`"),
    "temperature over 1": (MAP.replace("0.07", "1.01"), "`config.temperature`"),
    "temperature not a number": (MAP.replace("0.07", ".nan"), "`config.temperature`"),
    "temperature too fine": (MAP.replace("0.07", "0.075"), "steps of 0.01"),
    "temperature as text": (MAP.replace("0.07", "'0.07'"), "`config.temperature`"),
    "topP below 0": (MAP.replace("0.29", "-0.1"), "`config.topP`"),
    "maxTokens 0": (MAP.replace("500", "0"), "`config.maxTokens`"),
    "maxTokens over the limit": (MAP.replace("500", "196609"), "`config.maxTokens`"),
    "maxTokens true": (MAP.replace("500", "true"), "`config.maxTokens`"),
    "seed too large": (MAP.replace("4294967295", "4294967296"), "`config.seed`"),
    "chunk of nothing": (MAP.replace("900", "0"), "`docmill.chunk.target`"),
    "variable type": (MAP.replace("tone: string", "tone: integer"), "`input.schema.tone`"),
    "variable name": (MAP.replace("tone: string", "to-ne: string"), "input.schema.to-ne"),
    "reserved variable": (MAP.replace("tone: string", "schema: string"), "kept for the JSON"),
    "stray default": (MAP.replace("{tone: plain}", "{tome: x}"), "default for tome"),
    "undeclared variable": (MAP.replace("{{question}}", "{{q}}"), "q: used, but"),
    "unused variable": (MAP.replace("{{question}}", ""), "question: never used"),
    "schema in a text recipe": (MAP.replace("{{question}}", "{{schema}}"), "schema: used, but"),
    "expression": (MAP.replace("{{question}}", "{{#if tone}}"), "`{{#if tone}}` in the system"),
    "spaced variable": (MAP.replace("{{question}}", "{{ question }}"), "`{{ question }}`"),
    "unclosed place": (MAP.replace("{{question}}", "{{question"), "`{{` without `}}`"),
    "role inside a line": (MAP.replace("Answer", '{{role "user"}} x'), "role line by itself"),
    "text before roles": (MAP.replace('{{role "system"}}', 'Hi\n{{role "system"}}'), "before the"),
    "no roles": (MAP[: MAP.index("{{role")], "roles none"),
    "no system": (MAP.replace('"system"', '"user"'), "one system turn comes first"),
    "unanswered user": (MAP[: MAP.index('{{role "model"}}')], "roles system, user"),
    "unknown role": (MAP.replace('"model"', '"assistant"'), "roles system, user, assistant"),
    "empty turn": (MAP.replace("Two and two?", ""), "the user turn is empty"),
    "json without schema": (MAP.replace("docmill.merge", "output: {format: json}\ndocmill.merge"),
                            "go together"),
    "json merged as text": (JSON_MAP.replace("records", "concat"), "go together"),
    "records of text": (MAP.replace("concat", "records"), "go together"),
    "not a JSON Schema": (JSON_MAP.replace("type: object", "type: thing"), "not a JSON Schema"),
    "schema of a list": (JSON_MAP.replace("type: object", "type: array"), "`type: object`"),
    "schema not placed": (JSON_MAP.replace("{{schema}}", "it"), "must place {{schema}}"),
    "key that is a list": (MAP.replace("description:", "? [a]\n: b\ndescription:"), "front matter"),
    "control character": (MAP.replace("For tests", "For\0tests"), "special characters"),
    "schema in an example": (JSON_MAP + '{{role "user"}}\n{{schema}}\n{{role "model"}}\nx\n',
                             "belongs in the system turn"),
    "reduce without file": (MAP.replace("concat", "reduce"), "reduce.prompt"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "cause"), BAD_MAPS.values(), ids=BAD_MAPS)
def test_a_bad_file_is_refused_by_name_and_cause(tmp_path: Path, text: str, cause: str) -> None:
    told = fault(write(tmp_path, map=text), question="Who?")

    assert str(tmp_path / "mine") in told
    assert cause in told
    assert [*problems_of(tmp_path / "mine")] == [told]


@pytest.mark.parametrize(
    ("files", "cause"),
    [
        ({"reduce": REDUCE}, "map.prompt is missing"),
        ({"map": MAP, "reduce": REDUCE}, "go together"),
        ({"map": MAP, "refine": REDUCE}, "refine.prompt and `docmill.merge: refine` go together"),
        ({"map": MAP, "fold": REDUCE}, "fold.prompt: a recipe has only"),
        ({"map": MAP.replace("concat", "refine")}, "go together"),
        (
            {"map": MAP.replace("concat", "reduce"), "reduce": REDUCE.replace("config", "conf")},
            "unknown key `conf`",
        ),
        (
            {"map": MAP.replace("concat", "reduce"), "reduce": REDUCE.replace("config", "model")},
            "`model`: it speaks for the whole recipe",
        ),
        (
            {"map": MAP.replace("concat", "reduce"), "reduce": REDUCE.replace("tone", "tune")},
            "tune: used, but",
        ),
    ],
)
def test_files_that_do_not_agree_are_refused(
    tmp_path: Path, files: dict[str, str], cause: str
) -> None:
    assert cause in fault(write(tmp_path, **files), question="Who?")


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    own = write(tmp_path, map=MAP)
    (own / "mine" / "map.prompt").write_bytes(MAP.replace("tests", "té").encode("latin-1"))

    assert "save it as UTF-8" in fault(own, question="Who?")


def test_a_prompt_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine" / "map.prompt").mkdir(parents=True)

    assert "map.prompt: cannot be read" in fault(tmp_path)


EXAMPLE = '{{role "user"}}\nA part.\n{{role "model"}}\n'


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        ('{"facts": "none"}', "example 1 does not fit `output.schema` at $.facts: 'none' is not"),
        ('{"facts": [}', "example 1 is not JSON"),
        ('{"facts": []}', None),
    ],
)
def test_an_example_that_does_not_fit_its_schema_is_a_problem(
    tmp_path: Path, answer: str, cause: str | None
) -> None:
    write(tmp_path, map=f"{JSON_MAP}{EXAMPLE}{answer}\n")
    problems = [*problems_of(tmp_path / "mine")]

    assert len(problems) == (cause is not None)
    assert all(str(tmp_path / "mine" / "map.prompt") in told for told in problems)
    assert all(str(cause) in told for told in problems)


def test_a_prompt_beyond_what_the_provider_takes_is_a_problem(tmp_path: Path) -> None:
    write(tmp_path, map=MAP.replace("Answer", "Answer " * 30_000))
    (told,) = problems_of(tmp_path / "mine")

    assert "210,0" in told
    assert "200,000 are allowed" in told
