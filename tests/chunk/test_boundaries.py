from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.chunk.balance import chunk_starts
from tasks.chunk.boundaries import (
    Rank,
    block_rank,
    header_end,
    row_starts,
    sentence_starts,
    slices,
    whole_character,
)
from tasks.core.documents import Block, BlockKind


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three? Four", ["One. ", "Two! ", "Three? ", "Four"]),
        ("He said “No.” Then left.", ["He said “No.” ", "Then left."]),
        ("See Art. 5 and No. 7. Then e.g. Dr. Mill of J. Coe. End.",
         ["See Art. 5 and No. 7. ", "Then e.g. Dr. Mill of J. Coe. ", "End."]),
        ("12. Fees are due.\n13. Costs.", ["12. Fees are due.\n", "13. Costs."]),
        ("at 5 p.m. on Monday", ["at 5 p.m. on Monday"]),
        ("支払う。期限は三日。", ["支払う。", "期限は三日。"]),
    ],
)  # fmt: skip
def test_sentences_start_after_stops_but_not_after_abbreviations(
    text: str, sentences: list[str]
) -> None:
    edges = [0, *sentence_starts(text, 0, len(text)), len(text)]

    assert [text[a:b] for a, b in pairwise(edges)] == sentences


def test_a_cell_of_several_lines_stays_in_its_row() -> None:
    text = "| a | b |\n|---|---|\n| 1 | first\nsecond |\n| 2 | x |"

    rows = [text[at:].split("\n", maxsplit=1)[0] for at in row_starts(text, 0, len(text))]

    assert rows == ["|---|---|", "| 1 | first", "| 2 | x |"]


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("| a |\n|---|\n| 1 |", "| a |\n|---|\n"),
        ("| a |\n|:-:|\n| 1 |", "| a |\n|:-:|\n"),
        ("| a |\n| 1 |\n| 2 |", "| a |\n"),
        ("| a |", "| a |"),
    ],
)
def test_a_header_is_the_first_row_and_the_rule_below(text: str, header: str) -> None:
    assert text[: header_end(text, 0, len(text))] == header


def test_outer_headings_rank_above_inner_ones_and_all_above_paragraphs() -> None:
    def rank(kind: BlockKind, level: int | None = None) -> int:
        return block_rank(Block(kind=kind, start=0, end=1, level=level))

    ranks = [rank(BlockKind.HEADING, level) for level in (1, 2, 3, 99)]

    assert ranks == sorted(set(ranks), reverse=True)
    assert ranks[-1] > rank(BlockKind.PARAGRAPH) == block_rank(None) > rank(BlockKind.LIST_ITEM)


def test_slices_end_at_words_where_there_are_any() -> None:
    text = "alpha beta gamma " + "x" * 30

    cuts = [*slices(text, 0, len(text), chars=12)]

    assert cuts[0] == (text.index("gamma"), Rank.WORD)
    assert all(rank is Rank.CHARACTER for _, rank in cuts[2:])


def test_a_word_that_reaches_beyond_a_slice_is_kept_whole_up_to_its_double() -> None:
    text = "notwithstanding any agreement to the contrary"

    cuts = [*slices(text, 0, len(text), chars=8)]

    assert cuts[0] == (text.index("any"), Rank.WORD)
    assert {rank for _, rank in cuts} == {Rank.WORD}


@given(text=st.text(alphabet="ab \n\u0301\u200d👩🏽🇩🇪", min_size=1), chars=st.integers(1, 20))
def test_slices_always_go_forward(text: str, chars: int) -> None:
    cuts = [at for at, _ in slices(text, 0, len(text), chars=chars)]

    assert cuts == sorted(set(cuts))
    assert all(0 < at < len(text) for at in cuts)


@pytest.mark.parametrize("joined", ["e\u0301", "👩‍👧", "👍🏽", "🇩🇪", "\r\n", "❤\ufe0f"])
def test_a_cut_moves_out_of_a_visible_character(joined: str) -> None:
    text = f"ab{joined}cd"

    for at in range(3, 2 + len(joined)):
        assert whole_character(text, at, low=1, high=len(text)) in {2, 2 + len(joined)}


@given(
    costs=st.lists(st.integers(1, 50), min_size=1, max_size=60),
    limit=st.integers(50, 120),
    data=st.data(),
)
def test_chunks_are_the_fewest_that_fit(costs: list[int], limit: int, data: st.DataObject) -> None:
    ranks = data.draw(st.lists(st.integers(0, 9), min_size=len(costs), max_size=len(costs)))

    starts = chunk_starts(costs, ranks, limit)

    fewest, used = 1, 0
    for cost in costs:
        fewest, used = (fewest, used + cost) if used + cost <= limit else (fewest + 1, cost)
    ends = [*starts[1:], len(costs)]
    assert len(starts) == fewest
    assert starts[0] == 0
    assert all(0 < sum(costs[a:b]) <= limit for a, b in zip(starts, ends, strict=True))


def test_a_better_boundary_wins_only_near_the_balanced_point() -> None:
    costs = [10] * 20
    near, far = [0] * 20, [0] * 20
    near[12], far[17] = 9, 9

    assert chunk_starts(costs, near, 180) == (0, 12)
    assert chunk_starts(costs, far, 180) == (0, 10)
