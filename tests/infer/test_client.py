import httpx
import pytest

from tasks.core.documents import Usage
from tasks.core.errors import InferenceError, RejectedError, TransientError
from tests.infer.building import KEY, UUID, Reply, Script, refusal, request, success


async def test_reads_the_whole_answer() -> None:
    script = Script([lambda task: success(task, reasoningContent=["Hm.", "Yes."])])

    result = await script.client().infer(request(), task_uuid=UUID, key="k")

    assert result.text == "Lisbon."
    assert result.thoughts == "Hm.\nYes."
    assert result.cost_usd == 0.0002715
    assert result.usage == Usage(prompt_tokens=57, completion_tokens=212, total_tokens=269)


async def test_takes_its_own_item_among_others_though_errors_stand_beside() -> None:
    other = {"taskUUID": "other", "text": "Madrid."}
    mine = {"taskUUID": UUID, "text": "Lisbon.", "finishReason": "stop"}
    errors = [{"code": "providerError", "message": "m", "taskUUID": "third"}]
    script = Script([httpx.Response(200, json={"data": [other, mine], "errors": errors})])

    result = await script.client().infer(request(), task_uuid=UUID, key="k")

    assert result.text == "Lisbon."


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (refusal(400, "invalidSettings"), RejectedError),
        (refusal(400, "conflictTaskUUID"), TransientError),
        (refusal(401, "invalidApiKey"), RejectedError),
        (refusal(402, "insufficientCredits"), RejectedError),
        (refusal(403, "providerError"), RejectedError),  # the status decides before the code
        (refusal(408, "x"), TransientError),
        (refusal(429, "rateLimitExceeded"), TransientError),
        (refusal(500, "invalidSettings"), TransientError),
        (refusal(503, "x"), TransientError),
        (refusal(504, "timeoutProvider"), TransientError),
        (refusal(200, "timeoutProvider"), TransientError),
        (refusal(200, "contentPolicyViolation"), RejectedError),
        (httpx.Response(200, json={"data": []}), TransientError),
        (httpx.Response(200, content=b'{"data": [{"te'), TransientError),
        (httpx.Response(502, content=b"<html>bad gateway"), TransientError),
        (httpx.Response(404, content=b"not here"), RejectedError),
        (httpx.ConnectError("refused"), TransientError),
        (httpx.ReadTimeout("slow"), TransientError),
        (httpx.RemoteProtocolError("dropped"), TransientError),
    ],
)
async def test_sorts_failures(reply: Reply, error: type[InferenceError]) -> None:
    with pytest.raises(error) as caught:
        await Script([reply]).client().infer(request(), task_uuid=UUID, key="k")

    assert caught.value.task_uuid == UUID
    assert KEY.get_secret_value() not in str(caught.value)


async def test_hears_how_long_to_wait() -> None:
    script = Script([refusal(429, "rateLimitExceeded", **{"retry-after": "7"})])

    with pytest.raises(TransientError) as caught:
        await script.client().infer(request(), task_uuid=UUID, key="k")

    assert caught.value.retry_after_s == 7.0


async def test_sends_the_key_in_the_header_and_nowhere_else() -> None:
    script = Script([success])

    await script.client().infer(request(), task_uuid=UUID, key="k")

    assert script.headers[0]["authorization"] == f"Bearer {KEY.get_secret_value()}"
    assert KEY.get_secret_value() not in str(script.tasks)
