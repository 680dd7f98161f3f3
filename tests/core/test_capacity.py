import pytest

from tasks.core.capacity import capacity_tokens, prompt_tokens_at_most
from tasks.core.errors import ConfigError


def test_a_full_prompt_and_its_answer_fit_though_the_provider_counts_a_fifth_more() -> None:
    prompt = prompt_tokens_at_most(window=204_800, max_tokens=32_768)

    assert prompt * 1.2 + 32_768 <= 204_800


def test_what_is_fixed_is_taken_from_the_document() -> None:
    roomy = capacity_tokens(window=8000, fixed_tokens=100, max_tokens=2000)

    assert capacity_tokens(window=8000, fixed_tokens=600, max_tokens=2000) == roomy - 500


@pytest.mark.parametrize(("window", "max_tokens"), [(4096, 4096), (1000, 8192), (4200, 4000)])
def test_a_window_without_room_for_text_is_refused(window: int, max_tokens: int) -> None:
    with pytest.raises(ConfigError, match="choose a larger window"):
        capacity_tokens(window=window, fixed_tokens=150, max_tokens=max_tokens)
