import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.emulator.engine.sentences import split_sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["It rains.", "It pours!", "Does it?", "Yes…", "No."],
        ["Dr. Smith paid 3.5 million to J. Doe.", "He left."],
        ["See Art. 5 and Fig. 3, e.g. The Hague.", "Done."],
        ["The U.S. Congress met at 5 p.m. on Monday.", "It rose."],
        ["Acme Inc. Europe sold it to Beta Ltd.", "The price was low."],
        ["3.2. Fees are due in May.", "They are low."],
        ["He said no.", "They went."],
        ["“Go!” he cried and ran.", "(He fell.)", "She stayed."],
        ["Die Frist beträgt z.B. Montags 3.5 Tage.", "Danach endet sie."],  # codespell:ignore
        ["Il a fini.", "Était-ce vrai ?", "Oui."],
    ],
)
def test_finds_the_sentences(sentences: list[str]) -> None:
    assert list(split_sentences(" ".join(sentences))) == sentences


def test_finds_sentences_that_no_space_parts() -> None:
    text = "供应商应当交付货物。买方“必须。”付款！"

    assert list(split_sentences(text)) == ["供应商应当交付货物。", "买方“必须。”", "付款！"]


@given(st.lists(st.sampled_from([".", "!", "。", " ", "a", "A", "5", "(", "”", "no"])).map("".join))
def test_loses_nothing_but_spaces(text: str) -> None:
    collapsed = " ".join(text.split())

    joined = "".join(split_sentences(collapsed))
    assert joined.replace(" ", "") == collapsed.replace(" ", "")
