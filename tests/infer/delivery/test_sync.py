import httpx
import pytest

from tasks.core.answers import Usage
from tasks.core.errors import InferenceError, LostError, RejectedError, TransientError
from tasks.infer.failures import BusyError, UnsentError
from tests.infer.building import (
    KEY,
    UUID,
    Json,
    Reply,
    Script,
    a_task,
    done,
    item,
    refusal,
    running,
    success,
)


async def test_reads_the_whole_answer() -> None:
    script = Script([lambda task: success(task, reasoningContent=["Hm.", "Yes."])])

    (result,) = await script.client().deliver(a_task(), begun=False)

    assert result.text == "Lisbon."
    assert result.thoughts == "Hm.\nYes."
    assert result.cost_usd == 0.0002715
    assert result.usage == Usage(prompt_tokens=57, completion_tokens=212, total_tokens=269)


async def test_takes_its_own_item_among_others_though_errors_stand_beside() -> None:
    errors = [{"code": "providerError", "message": "m", "taskUUID": "third"}]
    data = [item("other", text="Madrid."), item()]
    script = Script([httpx.Response(200, json={"data": data, "errors": errors})])

    (result,) = await script.client().deliver(a_task(), begun=False)

    assert result.text == "Lisbon."


async def test_gives_all_siblings_in_the_order_of_their_seeds() -> None:
    data = [item(text=str(seed), seed=seed) for seed in (1, 2**32 - 1, 0)]
    script = Script([httpx.Response(200, json={"data": data})])
    task = a_task(number_results=3, seed=2**32 - 1)

    results = await script.client().deliver(task, begun=False)

    assert [result.text for result in results] == [str(2**32 - 1), "0", "1"]
    assert [result.answer_key for result in results] == ["k", "k-1", "k-2"]


async def test_siblings_without_seeds_come_in_their_order_and_may_be_equal() -> None:
    data = [item(text="a"), item(text="a"), item(text="b")]
    script = Script([httpx.Response(200, json={"data": data})])

    results = await script.client().deliver(a_task(number_results=3), begun=False)

    assert [result.text for result in results] == ["a", "a", "b"]


async def test_a_failed_sibling_takes_nothing_away() -> None:
    error = {"code": "timeoutProvider", "message": "m", "taskUUID": UUID}
    body = {"data": [item(text="a"), item(text="b")], "errors": [error]}
    script = Script([httpx.Response(200, json=body)])

    results = await script.client().deliver(a_task(number_results=3), begun=False)

    assert [result.text for result in results] == ["a", "b", ""]
    assert [result.finish_reason for result in results] == ["stop", "stop", "failed"]


async def test_an_empty_list_of_errors_is_no_failure() -> None:
    script = Script([httpx.Response(200, json={"data": [item()], "errors": []})])

    (result,) = await script.client().deliver(a_task(), begun=False)

    assert result.text == "Lisbon."


@pytest.mark.parametrize("damage", [{"usage": {"promptTokens": "x"}}, {"cost": "free"}])
async def test_a_damaged_figure_does_not_cost_the_text(damage: Json) -> None:
    script = Script([httpx.Response(200, json={"data": [item(**damage)]})])

    (result,) = await script.client().deliver(a_task(), begun=False)

    assert result.text == "Lisbon."


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (refusal(400, "invalidSettings"), RejectedError),
        (refusal(401, "invalidApiKey"), RejectedError),
        (refusal(402, "insufficientCredits"), RejectedError),
        (refusal(403, "providerError"), RejectedError),  # the status decides before the code
        (refusal(408, "x"), TransientError),
        (refusal(429, "rateLimitExceeded"), BusyError),
        (refusal(500, "invalidSettings"), TransientError),
        (refusal(503, "x"), BusyError),
        (refusal(504, "timeoutProvider"), BusyError),
        (refusal(200, "timeoutProvider"), TransientError),
        (refusal(200, "contentPolicyViolation"), RejectedError),
        (httpx.Response(200, json={"data": []}), TransientError),
        (httpx.Response(200, content=b'{"data": [{"te'), TransientError),
        (httpx.Response(502, content=b"<html>bad gateway"), TransientError),
        (httpx.Response(404, content=b"not here"), RejectedError),
        (httpx.ConnectError("refused"), UnsentError),
        (httpx.ReadTimeout("slow"), TransientError),
        (httpx.RemoteProtocolError("dropped"), TransientError),
    ],
)
async def test_sorts_failures(reply: Reply, error: type[InferenceError]) -> None:
    with pytest.raises(error) as caught:
        await Script([reply]).client().deliver(a_task(), begun=False)

    assert caught.value.task_uuid == UUID
    assert UUID in str(caught.value)
    assert KEY.get_secret_value() not in str(caught.value)


async def test_hears_how_long_to_wait() -> None:
    script = Script([refusal(429, "rateLimitExceeded", **{"retry-after": "7"})])

    with pytest.raises(TransientError) as caught:
        await script.client().deliver(a_task(), begun=False)

    assert caught.value.retry_after_s == 7.0


async def test_fetches_the_answer_of_a_task_that_is_there_already() -> None:
    conflict = refusal(400, "conflictTaskUUID")
    nothing = httpx.Response(200, json={"data": []})
    states = [httpx.Response(200, json={"data": [one]}) for one in (running(), done())]
    script = Script([conflict, nothing, nothing, *states])

    (result,) = await script.client().deliver(a_task(), begun=True)

    assert result.text == "Lisbon."
    assert [task["taskType"] for task in script.tasks] == ["textInference"] + ["getResponse"] * 4


def there_and_hidden(task: Json) -> httpx.Response:
    if task["taskType"] == "getResponse":
        return httpx.Response(200, json={"data": []})
    return refusal(400, "conflictTaskUUID")


async def test_a_task_that_is_there_and_never_shows_is_lost() -> None:
    script = Script([there_and_hidden])

    with pytest.raises(LostError):
        await script.client().deliver(a_task(), begun=True)

    assert [task["taskType"] for task in script.tasks].count("textInference") == 6


async def test_a_task_that_ends_unseen_is_asked_for_again() -> None:
    def ends_unseen(task: Json) -> httpx.Response:
        ended = script.time.now > began + 9.0 and task["taskType"] == "textInference"
        return success(task) if ended else there_and_hidden(task)

    script = Script([ends_unseen])
    began = script.time.now

    (result,) = await script.client().deliver(a_task(), begun=True)

    assert result.text == "Lisbon."
    assert 10.0 <= script.time.now - began < 13.0


async def test_sends_the_key_in_the_header_and_nowhere_else() -> None:
    script = Script([success])

    await script.client().deliver(a_task(), begun=False)

    assert script.headers[0]["authorization"] == f"Bearer {KEY.get_secret_value()}"
    assert KEY.get_secret_value() not in str(script.tasks)


async def test_what_is_beyond_a_limit_is_not_sent() -> None:
    script = Script([success])

    with pytest.raises(RejectedError, match=r"settings\.temperature"):
        await script.client().deliver(a_task(temperature=2.0), begun=False)

    assert script.tasks == []
