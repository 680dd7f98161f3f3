import pytest

from tasks.core.answers import Result, Usage
from tasks.core.capacity import Window
from tasks.core.requests import InferenceRequest
from tasks.infer.room import with_more_room
from tests.infer.building import request


def cut(prompt_tokens: int | None = None, *, text: str = "", reason: str = "length") -> Result:
    usage = None
    if prompt_tokens is not None:
        usage = Usage(prompt_tokens=prompt_tokens, completion_tokens=1, total_tokens=1)
    return Result(answer_key="k", text=text, finish_reason=reason, usage=usage)


def roomier(asked: InferenceRequest, *results: Result, window: int = 204_800) -> int | None:
    more = with_more_room(asked, results, window=Window(window), prompt_tokens=1000)
    return more.max_tokens if more else None


def test_doubles_the_room() -> None:
    assert roomier(request(max_tokens=100), cut()) == 200


@pytest.mark.parametrize(
    "results",
    [
        (cut(text="half"),),
        (cut(reason="stop"),),
        (cut(reason="content_filter"),),
        (cut(), cut(text="whole", reason="stop")),
    ],
)
def test_leaves_alone_what_has_text_or_ended_otherwise(results: tuple[Result, ...]) -> None:
    assert roomier(request(), *results) is None


def test_goes_up_to_what_the_provider_allows() -> None:
    assert roomier(request(max_tokens=150_000), cut(100)) == 196_608
    assert roomier(request(max_tokens=196_608), cut(100)) is None


def test_goes_up_to_what_the_window_leaves_beside_the_prompt_as_the_provider_counts_it() -> None:
    assert roomier(request(max_tokens=4000), cut(3000), window=10_000) == 7000
    assert roomier(request(max_tokens=4000), cut(), window=8000) == 6800
    assert roomier(request(max_tokens=7000), cut(3000), window=10_000) is None
