from dataclasses import fields, replace
from typing import Any

import pytest

from tasks.core.requests import InferenceRequest, Message, answer_key, request_key

REQUEST = InferenceRequest(
    model="minimax:m2.7@0",
    system_prompt="Answer.",
    messages=(Message("user", "Hm?"),),
    max_tokens=9,
)
CHANGES: dict[str, Any] = {
    "model": "another",
    "system_prompt": "Answer!",
    "messages": (Message("user", "Hm!"),),
    "max_tokens": 10,
    "temperature": 0.5,
    "top_p": 0.5,
    "seed": 0,
    "number_results": 2,
    "attempt": 1,
}


def key(request: InferenceRequest = REQUEST, provider: str = "p", endpoint: str = "e") -> str:
    return request_key(request, provider=provider, endpoint=endpoint)


def test_equal_requests_have_one_key_of_64_hex_digits() -> None:
    assert key() == key(replace(REQUEST))
    assert len(key()) == len(bytes.fromhex(key())) * 2 == 64


@pytest.mark.parametrize("field", [field.name for field in fields(InferenceRequest)])
def test_every_field_makes_another_request(field: str) -> None:
    assert key(replace(REQUEST, **{field: CHANGES[field]})) != key()


def test_another_provider_or_endpoint_makes_another_request() -> None:
    assert len({key(), key(provider="q"), key(endpoint="f")}) == 3


def test_siblings_have_keys_of_their_own_and_the_first_has_the_requests() -> None:
    assert [answer_key("k", index) for index in range(3)] == ["k", "k-1", "k-2"]


def test_a_request_keeps_its_name_from_version_to_version() -> None:
    said = (Message("user", "é"), Message("assistant", "b"), Message("user", "c"))

    assert key() == "8f3f0267c2e3e3e32919fe19606cedfd677efde27c27339f51e6340abebc05cc"
    assert (
        key(replace(REQUEST, attempt=1, seed=7, messages=said))
        == "a4511d39a5148660d949e8ab6ee9ecd165d2d70e524e032ddaa25f12326f6a17"
    )
