"""The provider `openai` against llama.cpp with a small model, on this machine.

`make test-local-model` installs both; without them these tests are skipped.
"""

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from httpx_aiohttp import AiohttpTransport

from tasks.core.errors import RejectedError, TruncatedError
from tasks.core.requests import InferenceRequest, Message
from tasks.infer.connection import Connection
from tasks.infer.inference import Inference
from tasks.infer.openai import OpenAIDelivery
from tasks.infer.replies import check
from tasks.infer.throttle.gate import fixed
from tasks.ledger.ledger import Ledger
from tests.flows.running import docmill

ENVIRONMENT = Path(".venv/local-model")

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(
        not (ENVIRONMENT / "ready").exists(), reason="`make test-local-model` installs the model"
    ),
]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    command = [str(ENVIRONMENT / "bin" / "python"), str(Path(__file__).with_name("local_model.py"))]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.terminate()


@pytest.fixture
async def inference(server: str, ledger: Ledger) -> AsyncIterator[Inference]:
    async with AiohttpTransport() as transport:
        connection = Connection(transport, f"{server}/v1", None, provider="openai")
        yield Inference(
            delivery=OpenAIDelivery(connection), ledger=ledger, throttle=fixed(2), model="smollm2"
        )


def asked(text: str, **changes: int) -> InferenceRequest:
    return InferenceRequest(
        model="of-the-recipe",
        system_prompt="Answer in a few words.",
        messages=(Message("user", text),),
        **{"max_tokens": 60, "seed": 7, **changes},
    )


async def test_a_question_is_answered_counted_and_asked_once(inference: Inference) -> None:
    first = (await inference.ask(asked("Which city is the capital of France?"))).result
    again = (await inference.ask(asked("Which city is the capital of France?"))).result

    print(f"\n{first.text}")  # noqa: T201 # to look at with -s
    assert "Paris" in check(first).text
    assert first.usage is not None
    assert first.usage.total_tokens == first.usage.prompt_tokens + first.usage.completion_tokens
    assert (again.reused, again.text) == (True, first.text)


async def test_siblings_and_several_at_once_each_have_an_answer(inference: Inference) -> None:
    questions = [f"Name a city of country number {number}." for number in range(3)]

    siblings, *others = await asyncio.gather(
        inference.ask(asked("Name a colour.", number_results=2)),
        *(inference.ask(asked(question)) for question in questions),
    )

    assert len(siblings.results) == 2
    assert all(r.text for outcome in (siblings, *others) for r in outcome.results)


async def test_an_answer_without_room_is_named(inference: Inference) -> None:
    outcome = await inference.ask(asked("Tell a long story of a ship.", max_tokens=8))

    with pytest.raises(TruncatedError):
        check(outcome.result)


async def test_a_prompt_beyond_the_servers_window_is_refused_by_name(inference: Inference) -> None:
    with pytest.raises(RejectedError, match=r"HTTP 400.*context"):
        await inference.ask(asked("a word and " * 5000))


RECIPE = """---
description: Say what was bought.
model: minimax:m2.7@0
config: {temperature: 0, maxTokens: 150}
output: {format: text}
docmill.merge: concat
---
{{role "system"}}
What did the committee decide to buy? Answer in one short sentence.
"""


def test_a_document_is_finished_by_the_command(server: str, tmp_path: Path) -> None:
    source = tmp_path / "note.md"
    source.write_text("The committee met on 4 May and decided to buy a new bus for the school.")
    (tmp_path / "prompts" / "about").mkdir(parents=True)
    (tmp_path / "prompts" / "about" / "map.prompt").write_text(RECIPE)
    ended = docmill(
        "run", source, "--recipe", "about", "--provider", "openai", "--to", tmp_path / "out",
        "--format", "md", "--window", "4096",
        env={
            "DOCMILL_OPENAI_URL": f"{server}/v1", "DOCMILL_OPENAI_MODEL": "smollm2",
            "DOCMILL_HOME": str(tmp_path / "home"), "PREFECT_HOME": str(tmp_path / "prefect"),
            "DOCMILL_PROMPTS": str(tmp_path / "prompts"),
        },
    )  # fmt: skip

    report = json.loads((tmp_path / "out" / "report.json").read_text())
    (written,) = map(Path, report["documents"][0]["outputs"])
    print(ended.stdout, written.read_text())  # noqa: T201
    assert ended.returncode == 0, ended.stderr
    assert "bus" in written.read_text()
    assert report["traffic"]["completion_tokens"] > 0
    assert (report["provider"], report["documents"][0]["coverage"]) == ("openai", 1.0)
