import random

from tasks.merge.concat import concat, side_by_side
from tests.merge.building import answer

ANSWERS = [answer(1, "One."), answer(2, None, failure="HTTP 402"), answer(3, "Three.")]


def test_joins_in_the_order_of_the_source() -> None:
    shuffled = random.Random(1).sample(ANSWERS, 3)

    assert concat(shuffled) == concat(ANSWERS)
    assert concat(ANSWERS).startswith("One.")


def test_a_failed_part_leaves_a_mark_that_names_it() -> None:
    assert "Part 2 of 3 (page 2) is missing: HTTP 402" in concat(ANSWERS)


def test_parts_that_are_not_merged_stand_under_their_names() -> None:
    assert side_by_side(ANSWERS).count("## Part") == 3
