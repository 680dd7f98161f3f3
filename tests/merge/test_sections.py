from dataclasses import replace

from tasks.merge.partials import Partial
from tasks.merge.sections import in_sections

ONE = Partial(text="", first=1, last=2, total=4, pages=(1, 9))
TWO = Partial(text="", first=3, last=4, total=4, pages=(10, 20))


def body(first: str, second: str) -> str:
    return in_sections([replace(ONE, text=first), replace(TWO, text=second)])


def test_sections_stand_under_their_pages() -> None:
    assert body("A fee.", "A date.") == (
        "## Section 1 (pages 1-9)\n\nA fee.\n\n## Section 2 (pages 10-20)\n\nA date."
    )


def test_what_was_said_before_is_not_said_again_but_its_pages_are() -> None:
    told = body(
        "Terms:\n\n- “The fee is 90 euros” [p. 3]\n- “It ends in May of 2027” [p. 4]",
        "- “The  fee is 90 euros” [p. 12] [p. 3]\n- Something else is said here [p. 13]",
    )

    assert told.count("The fee is 90 euros") == 1
    assert "- “The fee is 90 euros” [p. 3] [p. 12]\n- “It ends" in told
    assert told.endswith("- Something else is said here [p. 13]")


def test_short_lines_may_come_again() -> None:
    assert body("## Fees\n\nA fee of 90.", "## Fees\n\nA fee of 91.").count("## Fees") == 2


def test_what_does_not_say_where_it_was_read_may_come_again() -> None:
    text = "## Lease A\n\n- It has no such clause.\n\n## Lease B\n\n- It has no such clause."

    assert in_sections([replace(ONE, text=text)]) == text


def test_one_answer_says_nothing_twice_either() -> None:
    text = "- “The fee is 90 euros” [p. 3]\n- “The fee is 90 euros” [p. 4]"

    assert in_sections([replace(ONE, text=text)]) == "- “The fee is 90 euros” [p. 3] [p. 4]"


def test_numbers_and_words_that_differ_are_not_the_same() -> None:
    assert "91 euros" in body("- The fee is 90 euros.", "- The fee is 91 euros.")
