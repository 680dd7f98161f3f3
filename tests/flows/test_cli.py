import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.flows.running import SAMPLES, docmill

MINUTES = SAMPLES / "minutes.md"


def test_extract_prints_the_text_without_marks_of_ours() -> None:
    ended = docmill("extract", MINUTES)

    assert ended.returncode == 0
    text = MINUTES.read_text(encoding="utf-8")
    assert ended.stdout.split() == text.replace("| --- ", "").replace("|", "").split()


def test_extract_as_json_has_the_shape_that_scripts_rely_on() -> None:
    ended = docmill("extract", SAMPLES / "contract.pdf", "--as", "json")

    told = json.loads(ended.stdout)
    assert told["status"] == "ok"
    assert told["pages"] == 60
    assert {"status", "reason", "text", "pages", "blocks", "warnings", "metadata"} <= told.keys()
    assert {"kind", "start", "end", "page", "level"} <= told["blocks"][0].keys()
    assert told["blocks"][0]["box"].keys() == {"left", "top", "right", "bottom"}


@pytest.mark.parametrize(
    ("sample", "status"),
    [("scan.pdf", "needs_ocr"), ("encrypted.pdf", "encrypted"), ("damaged.pdf", "damaged")],
)
def test_extract_names_what_keeps_it_from_reading(sample: str, status: str) -> None:
    ended = docmill("extract", SAMPLES / sample, "--as", "json", "--ocr", "none")

    told = json.loads(ended.stdout)
    assert ended.returncode == 1
    assert (told["status"], told["text"]) == (status, "")
    assert sample in told["reason"]


def test_plan_has_the_shape_that_scripts_rely_on() -> None:
    ended = docmill("plan", SAMPLES / "contract.pdf", "--window", "60000", "--json")

    told = json.loads(ended.stdout)
    (document,) = told["documents"]
    chunks = document["chunks"]
    assert ended.returncode == 0
    assert told["totals"]["chunks"] == len(chunks) > 1
    assert told["totals"]["prompt_tokens"] >= sum(chunk["tokens"] for chunk in chunks)
    assert told["totals"]["usd"] > 0
    assert [a["end"] for a in chunks[:-1]] == [b["start"] for b in chunks[1:]]
    assert document["margin"] == {"share": 0.2, "source": "default"}
    assert chunks[0]["pages"][0] == 1
    assert chunks[-1]["pages"][-1] == 60


def test_documents_that_are_planned_together_have_the_price_of_one_merge() -> None:
    sources = SAMPLES / "minutes.md", SAMPLES / "contract.pdf"
    alone, together = (
        json.loads(docmill("plan", *sources, "--recipe", "compare", *how, "--json").stdout)
        for how in ((), ("--together",))
    )

    apart = sum(document["usd"] for document in together["documents"])
    assert [len(document["chunks"]) for document in alone["documents"]] == [1, 1]
    assert alone["totals"]["usd"] == pytest.approx(apart, rel=1e-3)
    assert together["totals"]["usd"] > 1.1 * apart


def test_recipes_are_listed_shown_and_checked() -> None:
    assert "key-facts" in docmill("recipes").stdout
    assert docmill("recipes", "list").stdout == docmill("recipes").stdout
    assert "--var question" in docmill("recipes", "show", "answer").stdout
    assert docmill("recipes", "check").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", MINUTES, "--to", "out"], "RUNWARE_API_KEY"),
        (["run", "absent.pdf", "--to", "out", "--provider", "offline"], "absent.pdf"),
        (["run", MINUTES, "--to", "out", "--provider", "offline", "-r", "summarise"], "summarize"),
        (["run", MINUTES, "--to", "out", "--provider", "offline", "-f", "exe"], "formats"),
        (["run", MINUTES, "--to", "out", "--provider", "offline", "-r", "answer"], "question"),
        (["run", MINUTES, "--to", "out", "--provider", "offline", "--var", "x"], "NAME=VALUE"),
        (["run", MINUTES, "--to", "out", "--provider", "openai"], "DOCMILL_OPENAI_URL"),
        (["plan", MINUTES, "--window", "2000"], "window"),
        (["report", "."], "docmill run"),
        (["recipes", "show", "none-such"], "none-such"),
        (["up", "--host", "0.0.0.0"], "PREFECT_SERVER_API_AUTH_STRING"),
        (["outputs", "--host", "0.0.0.0"], "PREFECT_SERVER_API_AUTH_STRING"),
    ],
)
def test_usage_errors_say_what_to_do(
    arguments: list[str | Path], said: str, tmp_path: Path
) -> None:
    ended = docmill(*arguments, cwd=tmp_path)

    assert ended.returncode == 2
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_port_that_is_taken_is_a_message() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = docmill("emulate", "--port", port)

    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert port in ended.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["plan", str(MINUTES)],
        ["extract", str(MINUTES)],
        ["recipes", "list"],
        ["report", "."],
    ],
)
def test_quick_commands_never_import_prefect(arguments: list[str], tmp_path: Path) -> None:
    code = (
        "import sys; from flows.cli.app import exit_code; from flows.cli.commands import app\n"
        f"sys.argv = ['docmill', *{arguments!r}]\n"
        "try: exit_code(app)\n"
        "except SystemExit: pass\n"
        "assert 'prefect' not in sys.modules, 'prefect was imported'"
    )

    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, check=False
    )

    assert ended.returncode == 0, ended.stderr.decode()
