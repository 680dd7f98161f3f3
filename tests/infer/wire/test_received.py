from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.infer.wire.received import MESSAGE_CHARS, read_errors, read_results
from tests.infer.building import UUID, done, item, running

ERROR = {"code": "a", "message": "m"}


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ({"errors": [ERROR, {"code": "b", "message": "m"}]}, ["a", "b"]),
        ({"errors": ERROR}, ["a"]),
        ({"error": ERROR, "taskUUID": UUID}, ["a"]),
        ({"error": "plain words"}, ["unknown"]),
        ({"error": True, "errorId": 19, "errorMessage": "m"}, ["19"]),
        (ERROR, ["a"]),
        ([ERROR], ["a"]),
        ({"errors": [ERROR | {"parameter": ["x", "y"]}]}, ["a"]),
        ({"errors": [ERROR | {"parameter": {"odd": 1}}]}, ["a"]),
        ({"errors": [{"code": 17}]}, ["17"]),
        ({"errors": ["words", None]}, ["unknown"]),
        ({"data": [{"taskUUID": UUID, "status": "error", "error": ERROR}]}, ["a"]),
        ({"data": [{"taskUUID": UUID, "status": "error", "error": "words"}]}, ["unknown"]),
        ({"data": [{"taskUUID": UUID, "status": "error"}]}, ["unknown"]),
        ({"data": [item()], "errors": [ERROR]}, ["a"]),
        ({"data": [], "errors": []}, []),
        ({"data": [], "errors": None, "error": None}, []),
        ({"data": [item(), done(), running()]}, []),
        ({"data": []}, []),
        (None, []),
        ("text", []),
    ],
)
def test_reads_errors_in_every_known_shape(body: Any, codes: list[str]) -> None:
    assert [error.code for error in read_errors(body)] == codes


@pytest.mark.parametrize(
    "body",
    [
        {"errors": [ERROR | {"taskUUID": UUID}]},
        {"error": ERROR, "taskUUID": UUID},
        {"error": "words", "taskUUID": UUID},
        {"data": [{"taskUUID": UUID, "status": "error", "error": ERROR}]},
        {**ERROR, "taskUUID": UUID},
    ],
)
def test_an_error_knows_its_task(body: Any) -> None:
    (error,) = read_errors(body)

    assert error.task_uuid == UUID


def test_a_message_is_cut_for_it_may_repeat_what_was_sent() -> None:
    (error,) = read_errors({"errors": [{"code": "a", "message": "x" * 10_000}]})

    assert len(error.message) == MESSAGE_CHARS


@pytest.mark.parametrize("body", [None, [], "text", {}, {"data": None}, {"data": [3, None]}])
def test_a_body_without_results_gives_none(body: Any) -> None:
    assert read_results(body) == ()


@pytest.mark.parametrize(
    ("one", "answered"),
    [
        (item(), True),
        (item(text=""), True),
        (done(), True),
        (item(text=None, finishReason="length"), True),
        (running(), False),
        (item(status="queued"), False),
        (item(status="error"), False),
        ({"taskType": "textInference", "taskUUID": UUID}, False),
    ],
)
def test_tells_an_answer_from_the_word_that_there_will_be_one(one: Any, answered: bool) -> None:  # noqa: FBT001
    (read,) = read_results({"data": [one]})

    assert read.answered == answered


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["data", "errors", "error", "code", "message", "taskUUID", "text", "usage"]
            ),
            inner,
            max_size=4,
        )
    ),
)


@given(anything)
def test_nothing_that_is_received_breaks_the_reading(body: Any) -> None:
    read_results(body)
    read_errors(body)
