import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from flows.cli.commands import app
from tasks.core.errors import ConfigError
from tasks.core.outputs import Conflict, Passage, Record, Variant
from tasks.write.json import render_json
from tasks.write.report import load_report, report_as_dict, save_run
from tasks.write.schemas import SCHEMAS, schema_of
from tests.write.made import DONE, OUTPUT, SOURCE, a_report, an_output

FULL = Record(
    fields=(("a", [1, {"b": None}]),),
    sources=(Passage(start=0, end=1),),
    conflicts=(Conflict(field="a", variants=(Variant(value=1), Variant(value="2"))),),
    agreement=0.5,
)


def problems(name: str, data: object) -> list[str]:
    return [error.message for error in Draft202012Validator(schema_of(name)).iter_errors(data)]


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_sound_and_forbids_what_it_does_not_name(name: str) -> None:
    schema = schema_of(name)

    Draft202012Validator.check_schema(schema)
    assert problems(name, {"odd": 1})
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize(
    "output", [OUTPUT, an_output("x", records=None), an_output("x", records=(FULL,))]
)
def test_what_is_written_fits_the_schema(output: object) -> None:
    assert problems("output", json.loads(render_json(output, SOURCE))) == []  # type: ignore[arg-type]


def test_reports_fit_the_schema(tmp_path: Path) -> None:
    report = a_report(DONE)
    save_run(report, tmp_path)

    assert problems("report", json.loads(json.dumps(report_as_dict(report)))) == []
    assert problems("report", load_report(tmp_path)) == []
    assert json.loads((tmp_path / "report.json").read_bytes())["notes"] == []


def test_the_command_prints_a_schema_and_names_those_there_are() -> None:
    printed = CliRunner().invoke(app, ["schema", "output"])

    assert json.loads(printed.stdout) == schema_of("output")
    with pytest.raises(ConfigError, match="there are output, report"):
        schema_of("odd")
