"""Where a plan cuts."""

from typing import Any

import pytest

from tasks.chunk.plan import plan_chunks
from tasks.chunk.request import message_capacity
from tasks.core.capacity import Window
from tasks.core.tokens import count_tokens
from tests.chunk.building import (
    SENTENCE,
    WINDOW,
    check_plan,
    document,
    heading,
    paragraph,
    recipe,
    table,
    texts,
)


def test_cuts_at_the_highest_heading_near_the_balanced_point() -> None:
    body = [paragraph(SENTENCE) for _ in range(16)]
    source = document(heading("A"), *body[:14], heading("B"), *body[:2], heading("B.1", 2), *body)

    chunks = plan_chunks(source, recipe(chunk_target=300), window=Window(204_800))

    assert len(chunks) == 2
    assert texts(source, chunks)[1].startswith("B\n\n")


def test_cuts_between_paragraphs_rather_than_within() -> None:
    source = document(*(paragraph(f"{SENTENCE} {SENTENCE} {SENTENCE}") for _ in range(12)))

    chunks = plan_chunks(source, recipe(chunk_target=200), window=Window(204_800))

    assert len(chunks) > 1
    starts = {block.start for block in source.blocks}
    assert all(chunk.start in starts for chunk in chunks)


def test_rather_one_chunk_more_than_a_cut_inside_a_paragraph_where_a_size_is_wished() -> None:
    source = document(*(paragraph(" ".join([SENTENCE] * 6)) for _ in range(30)))
    wished = count_tokens(" ".join([SENTENCE] * 6)) * 7 // 2
    starts = {block.start for block in source.blocks}

    chunks = plan_chunks(source, recipe(chunk_target=wished), window=Window(204_800))

    assert len(chunks) == 10
    assert all(chunk.start in starts for chunk in chunks)


def test_fills_the_window_even_inside_a_paragraph() -> None:
    source = document(*(paragraph(" ".join([SENTENCE] * 6)) for _ in range(30)))

    chunks = plan_chunks(source, recipe(), window=WINDOW)

    starts = {block.start for block in source.blocks}
    assert any(chunk.start not in starts for chunk in chunks)
    sizes = [chunk.tokens for chunk in chunks]
    assert sum(sizes) > (len(chunks) - 1) * (message_capacity(recipe().map, WINDOW) - 150)


@pytest.mark.parametrize(
    "rest", [paragraph("as agreed, the rent."), paragraph("Mr Smith the rent.", continues=True)]
)
def test_a_paragraph_that_goes_on_after_a_page_break_is_kept_whole(rest: dict[str, Any]) -> None:
    halves = [paragraph("The tenant shall pay"), rest]
    source = document(*(p for _ in range(40) for p in halves))

    chunks = plan_chunks(source, recipe(chunk_target=100), window=Window(204_800))

    assert len(chunks) > 1
    assert all(text.startswith("The tenant") for text in texts(source, chunks))


def test_cuts_a_long_paragraph_between_sentences() -> None:
    text = " ".join([SENTENCE] * 40)

    chunks = plan_chunks(document(paragraph(text)), recipe(), window=WINDOW)

    assert len(chunks) > 1
    assert all(text[c.start :].startswith("The tenant") for c in chunks)


def test_cuts_a_long_sentence_between_words() -> None:
    text = "whereas " * 2_000
    source = document(paragraph(text.strip()))

    chunks = plan_chunks(source, recipe(), window=WINDOW)

    assert len(chunks) > 1
    assert all(source.text[c.start :].startswith("whereas") for c in chunks)


def test_cuts_one_endless_word_anywhere() -> None:
    source = document(paragraph("ab" * 50_000))

    chunks = plan_chunks(source, recipe(), window=WINDOW)

    check_plan(source, chunks, message_capacity(recipe().map, WINDOW))
    assert len(chunks) > 10


def test_a_heading_stays_with_what_follows() -> None:
    parts = [p for n in range(60) for p in (paragraph(SENTENCE), heading(f"Clause {n}", 1 + n % 3))]
    source = document(*parts, paragraph(SENTENCE))
    ends = {block.end for block in source.blocks if block.kind == "heading"}

    chunks = plan_chunks(source, recipe(), window=WINDOW)

    assert len(chunks) > 1
    assert not any(chunk.start - 2 in ends for chunk in chunks[1:])


def test_a_row_beyond_the_wished_size_is_not_cut() -> None:
    row = f"| 1 | {SENTENCE * 4} |"
    source = document(table([row] * 6))

    chunks = plan_chunks(source, recipe(chunk_target=20), window=WINDOW)

    assert sum(text.count(row) for text in texts(source, chunks)) == 6


def test_a_row_beyond_the_capacity_is_cut() -> None:
    source = document(table([f"| 1 | {SENTENCE * 60} |", "| 2 | b |"]))

    chunks = plan_chunks(source, recipe(), window=WINDOW)

    check_plan(source, chunks, message_capacity(recipe().map, WINDOW))
    assert len(chunks) > 1


def test_joined_characters_are_not_parted() -> None:
    family = "👩‍👩‍👧‍👦"
    source = document(paragraph(family * 500))

    chunks = plan_chunks(source, recipe(), window=WINDOW)

    assert len(chunks) > 1
    assert all((c.end - c.start) % len(family) == 0 for c in chunks)
