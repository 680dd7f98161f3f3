from collections.abc import Callable

import httpx
import pytest

from tasks.ledger.ledger import Ledger
from tests.infer.asking import inference
from tests.infer.building import Json, item, request, success

NO_ANSWERS: list[Json] = [
    {"text": "", "finishReason": "stop"},
    {"text": "", "finishReason": "tool_calls"},
    {"text": "call", "finishReason": "tool_use"},
]


def says(**changes: object) -> Callable[[Json], httpx.Response]:
    return lambda task: success(task, **changes)


@pytest.mark.parametrize("nothing", NO_ANSWERS)
async def test_what_is_no_answer_is_asked_for_once_more_and_never_again(
    ledger: Ledger, nothing: Json
) -> None:
    asker, script = inference(ledger, says(**nothing), success)

    first, again = await asker.ask(request()), await asker.ask(request())

    assert (first.result.text, again.result.text) == ("Lisbon.", "Lisbon.")
    assert [result.reused for result in (*first.spent, *first.results)] == [False, False]
    assert [result.reused for result in (*again.spent, *again.results)] == [True, True]
    assert len(script.tasks) == 2


async def test_what_is_no_answer_twice_is_left_at_that(ledger: Ledger) -> None:
    asker, script = inference(ledger, says(text=""))

    for _ in range(3):
        outcome = await asker.ask(request())

    assert (outcome.result.text, outcome.result.reused) == ("", True)
    assert len(script.tasks) == 2


async def test_a_seed_moves_on_when_it_brought_nothing(ledger: Ledger) -> None:
    asker, script = inference(ledger, says(text=""), success)

    await asker.ask(request(seed=2**32 - 1))

    assert [task["seed"] for task in script.tasks] == [2**32 - 1, 0]


@pytest.mark.parametrize(
    "answer",
    [{"finishReason": "content_filter"}, {"text": "I cannot help with that."}, {"text": "Lisbon."}],
)
async def test_an_answer_or_a_refusal_is_not_asked_for_twice(ledger: Ledger, answer: Json) -> None:
    asker, script = inference(ledger, says(**answer))

    await asker.ask(request())

    assert len(script.tasks) == 1


async def test_a_sibling_that_says_something_is_enough(ledger: Ledger) -> None:
    def two(task: Json) -> httpx.Response:
        data = [item(task["taskUUID"], text=text) for text in ("", "b")]
        return httpx.Response(200, json={"data": data})

    asker, script = inference(ledger, two)

    await asker.ask(request(number_results=2))

    assert len(script.tasks) == 1
