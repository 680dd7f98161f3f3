import pytest

from tasks.core.capacity import Window, capacity_tokens
from tasks.core.errors import ConfigError
from tasks.core.margin import Margin


@pytest.mark.parametrize("share", [0.2, 0.02, 0.37])
def test_a_full_prompt_and_its_answer_fit_though_the_provider_counts_more(share: float) -> None:
    window = Window(204_800, Margin(share))

    prompt = window.prompt_tokens_at_most(max_tokens=32_768)

    assert prompt * (1 + share) + 32_768 <= 204_800 < (prompt + 2) * (1 + share) + 32_768
    assert window.counted(prompt) >= prompt * (1 + share)


def test_what_is_fixed_is_taken_from_the_document() -> None:
    roomy = capacity_tokens(window=Window(8000), fixed_tokens=100, max_tokens=2000)

    assert capacity_tokens(window=Window(8000), fixed_tokens=600, max_tokens=2000) == roomy - 500


def test_a_smaller_margin_leaves_more_for_the_document() -> None:
    wide = capacity_tokens(window=Window(8000), fixed_tokens=0, max_tokens=2000)

    assert capacity_tokens(window=Window(8000, Margin(0.1)), fixed_tokens=0, max_tokens=2000) > wide


@pytest.mark.parametrize(("tokens", "max_tokens"), [(4096, 4096), (1000, 8192), (4200, 4000)])
def test_a_window_without_room_for_text_is_refused(tokens: int, max_tokens: int) -> None:
    with pytest.raises(ConfigError, match="choose a larger window"):
        capacity_tokens(window=Window(tokens), fixed_tokens=150, max_tokens=max_tokens)
