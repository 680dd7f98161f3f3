import random
from collections.abc import Sequence

import pytest

from tasks.core.answers import Answer, Chunk, Result
from tasks.core.documents import Document
from tasks.merge.concat import concat, side_by_side
from tests.merge.building import answer, document

ANSWERS = [answer(1, "One."), answer(2, None, failure="HTTP 402"), answer(3, "Three.")]
SOURCE = {"": document("a" * 9 + " ", "b" * 9 + " ", "c" * 9 + " ")}


def joined(source: Sequence[str], spoken: Sequence[str]) -> str:
    """Join the answers to chunks of the given texts."""
    at, answers = 0, []
    for number, (text, said) in enumerate(zip(source, spoken, strict=True), 1):
        chunk = Chunk(index=number, total=len(source), start=at, end=at + len(text), tokens=1)
        answers.append(Answer(chunk=chunk, result=Result(answer_key=f"k{number}", text=said)))
        at += len(text)
    return concat(answers, {"": Document(digest="d", text="".join(source))})


def test_joins_in_the_order_of_the_source() -> None:
    shuffled = random.Random(1).sample(ANSWERS, 3)

    assert concat(shuffled, SOURCE) == concat(ANSWERS, SOURCE)
    assert concat(ANSWERS, SOURCE).startswith("One.")


def test_a_failed_part_leaves_a_mark_that_names_it() -> None:
    assert "\n\n*[Part 2 of 3 (page 2) is missing: HTTP 402]*\n\n" in concat(ANSWERS, SOURCE)


def test_parts_that_are_not_merged_stand_under_their_names() -> None:
    assert side_by_side(ANSWERS).count("## Part") == 3


TABLE = "| Nr | Was |\n|---|---|\n| 1 | a |"


@pytest.mark.parametrize(
    ("source", "spoken", "body"),
    [
        (["A.\n\n", "B."], ["Ä.", "Ö."], "Ä.\n\nÖ."),
        (["A one. ", "A two."], ["Eins.", "Zwei."], "Eins. Zwei."),
        (["A one.\n", "A two."], ["Eins.", "Zwei."], "Eins.\nZwei."),
        (["一。", "二。"], ["One.", "Two."], "One. Two."),
        (["一。", "二。"], ["壱。", "弐。"], "壱。弐。"),
        (["over", "due"], ["über", "fällig"], "überfällig"),
        (["A. ", "# B"], ["Ä.", "# Ö"], "Ä.\n\n# Ö"),
        (["| 1 |\n", "| 2 |"], [TABLE, "| 2 | b |"], f"{TABLE}\n| 2 | b |"),
        (["| 1 |\n", "| 2 |"], [TABLE, f"{TABLE[:-10]}\n| 2 | b |"], f"{TABLE}\n| 2 | b |"),
        (["A one. ", "A two."], ["[p. 3]\nEins.", "[p. 3]\nZwei."], "[p. 3]\nEins. Zwei."),
        (["A one. ", "A two."], ["[¶ 3]\nEins.", "[¶ 3]\nZwei."], "[¶ 3]\nEins. Zwei."),
        (["A one. ", "A two."], ["[p. 3]\nEins.", "[p. 4]\nZwei."], "[p. 3]\nEins.\n[p. 4]\nZwei."),
    ],
)
def test_a_seam_is_as_it_was_in_the_source(
    source: Sequence[str], spoken: Sequence[str], body: str
) -> None:
    assert joined(source, spoken) == body
