import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.chunk.plan import plan_chunks
from tasks.chunk.request import fixed_tokens, map_request, message_capacity, user_text
from tasks.chunk.sending import LONG_SPACE_CHARS, sent_text
from tasks.core.answers import Chunk
from tasks.core.capacity import Window
from tasks.core.documents import Document
from tasks.core.errors import ConfigError
from tasks.core.tokens import count_tokens
from tests.chunk.building import document, documents, heading, paragraph, recipe, table, texts

WINDOW = Window(700)
"""A window that leaves room for about 200 tokens of text."""

EDGE_TOKENS = 8 + LONG_SPACE_CHARS
"""A mark at the start of a chunk, and white space at its end, may be counted though not sent."""

SENTENCE = "The tenant shall pay the rent on the first day of each month."


def check_invariants(source: Document, chunks: tuple[Chunk, ...], most: int) -> None:
    if not chunks:
        assert not sent_text(
            source, Chunk(index=1, total=1, start=0, end=len(source.text), tokens=0)
        )
        return
    assert "".join(texts(source, chunks)) == source.text
    assert [c.start for c in chunks] == [0, *(c.end for c in chunks[:-1])]
    for number, chunk in enumerate(chunks, 1):
        sent = sent_text(source, chunk)
        assert sent.strip()
        assert 0 <= chunk.tokens - count_tokens(sent) <= EDGE_TOKENS
        assert (chunk.index, chunk.total) == (number, len(chunks))
        assert count_tokens(user_text(source, chunk)) <= most


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    source=documents(),
    window=st.integers(420, 3_000),
    target=st.sampled_from([None, 1, 30, 500]),
    context=st.sampled_from([0, 40, 5_000]),
)
def test_partitions_any_document_into_chunks_that_fit(
    source: Document, window: int, target: int | None, context: int
) -> None:
    asked = recipe(chunk_target=target, chunk_context=context)

    chunks = plan_chunks(source, asked, window=Window(window))

    check_invariants(source, chunks, message_capacity(asked.map, Window(window)))
    for chunk in chunks:
        assert all(span.end <= chunk.start for span in chunk.context)


def test_a_whole_request_stays_within_the_window() -> None:
    source = document(*(paragraph(SENTENCE * 3) for _ in range(60)))
    asked = recipe()

    for chunk in plan_chunks(source, asked, window=WINDOW):
        user = map_request(source, chunk, asked).messages[-1].content
        prompt = fixed_tokens(asked.map) + count_tokens(user)
        assert WINDOW.counted(prompt) + asked.map.max_tokens <= WINDOW.tokens


@pytest.mark.parametrize("text", ["", "   \n\n\t ", "\n" * 5_000])
def test_a_document_without_visible_text_has_no_chunk(text: str) -> None:
    assert plan_chunks(Document(digest="0" * 64, text=text), recipe(), window=WINDOW) == ()


def test_a_document_that_is_all_set_apart_has_no_chunk() -> None:
    source = document(*(paragraph("Page 1 of 9", set_apart="running head") for _ in range(9)))

    assert plan_chunks(source, recipe(), window=WINDOW) == ()


def test_what_fits_one_request_is_one_chunk() -> None:
    source = document(heading("Fees"), paragraph(SENTENCE * 10))

    (chunk,) = plan_chunks(source, recipe(chunk_context=50), window=WINDOW)

    assert (chunk.start, chunk.end, chunk.headings, chunk.context) == (0, len(source.text), (), ())


def test_text_set_apart_costs_nothing() -> None:
    hidden = [paragraph(SENTENCE * 40, set_apart="hidden") for _ in range(5)]
    source = document(paragraph(SENTENCE), *hidden, paragraph(SENTENCE))

    (chunk,) = plan_chunks(source, recipe(), window=WINDOW)

    assert chunk.tokens < 40


def test_chunks_are_few_and_of_like_size() -> None:
    source = document(*(paragraph(SENTENCE) for _ in range(40)))

    chunks = plan_chunks(source, recipe(chunk_target=150), window=Window(204_800))

    total = sum(chunk.tokens for chunk in chunks)
    assert len(chunks) == -(-total // 150) or len(chunks) == -(-total // 150) + 1
    assert max(c.tokens for c in chunks) - min(c.tokens for c in chunks) <= 2 * count_tokens(
        SENTENCE
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

    check_invariants(source, chunks, message_capacity(recipe().map, WINDOW))
    assert len(chunks) > 10


def test_a_heading_stays_with_what_follows() -> None:
    parts = [p for n in range(60) for p in (paragraph(SENTENCE), heading(f"Clause {n}", 1 + n % 3))]
    source = document(*parts, paragraph(SENTENCE))
    ends = {block.end for block in source.blocks if block.kind == "heading"}

    chunks = plan_chunks(source, recipe(), window=WINDOW)

    assert len(chunks) > 1
    assert not any(chunk.start - 2 in ends for chunk in chunks[1:])


def test_a_table_is_cut_between_rows_and_repeats_its_header_as_context() -> None:
    source = document(
        paragraph(SENTENCE), table(f"| {n} | Rent is due. It is paid. |" for n in range(60))
    )

    first, *later = plan_chunks(source, recipe(), window=WINDOW)

    assert later
    assert first.context == ()
    for chunk in later:
        assert source.text[chunk.start :].startswith("| ")
        assert source.text[chunk.start - 1] == "\n"
        assert "| no | what |\n|---|---|" in sent_text(source, chunk.context[0])


def test_a_row_beyond_the_wished_size_is_not_cut() -> None:
    row = f"| 1 | {SENTENCE * 4} |"
    source = document(table([row] * 6))

    chunks = plan_chunks(source, recipe(chunk_target=20), window=WINDOW)

    assert sum(text.count(row) for text in texts(source, chunks)) == 6


def test_a_long_row_does_not_travel_as_context() -> None:
    rows = [f"| {n} | {SENTENCE * 6} |" for n in range(6)]
    source = document(table(rows), paragraph(SENTENCE))

    chunks = plan_chunks(source, recipe(chunk_target=20, chunk_context=60), window=WINDOW)

    check_invariants(source, chunks, message_capacity(recipe().map, WINDOW))
    assert all(source.text_of(span).count(SENTENCE) < 6 for c in chunks for span in c.context)


def test_chunks_are_so_small_that_their_answers_fit() -> None:
    source = document(*(paragraph(SENTENCE) for _ in range(200)))

    chunks = plan_chunks(source, recipe(chunk_growth=2.5, max_tokens=1_000), window=Window(204_800))

    assert len(chunks) > 1
    assert all(chunk.tokens * 2.5 <= 1_000 / 2 for chunk in chunks)


def test_a_row_beyond_the_capacity_is_cut() -> None:
    source = document(table([f"| 1 | {SENTENCE * 60} |", "| 2 | b |"]))

    chunks = plan_chunks(source, recipe(), window=WINDOW)

    check_invariants(source, chunks, message_capacity(recipe().map, WINDOW))
    assert len(chunks) > 1


def test_a_chunk_carries_the_headings_above_its_first_character() -> None:
    long = [paragraph(SENTENCE) for _ in range(14)]
    source = document(
        heading("Lease"), heading("Fees", 2), *long, *long, heading("Term", 2), *long, *long
    )

    chunks = plan_chunks(source, recipe(chunk_target=220), window=Window(204_800))

    paths = {source.text[c.start :].split("\n")[0]: c.headings for c in chunks}
    assert paths["Lease"] == ()
    assert paths["Term"] == ("Lease",)
    assert ("Lease", "Fees") in [c.headings for c in chunks]


def test_preceding_text_travels_as_context_from_a_paragraph_on() -> None:
    source = document(*(paragraph(f"{n}. {SENTENCE} {SENTENCE}") for n in range(40)))

    first, *later = plan_chunks(
        source, recipe(chunk_target=300, chunk_context=60), window=Window(204_800)
    )

    assert first.context == ()
    starts = {block.start for block in source.blocks}
    for chunk in later:
        (span,) = chunk.context
        assert span.end == chunk.start
        assert span.start in starts
        assert 0 < count_tokens(source.text_of(span)) <= 60


def test_joined_characters_are_not_parted() -> None:
    family = "👩‍👩‍👧‍👦"
    source = document(paragraph(family * 500))

    chunks = plan_chunks(source, recipe(), window=WINDOW)

    assert len(chunks) > 1
    assert all((c.end - c.start) % len(family) == 0 for c in chunks)


def test_a_plan_that_comes_out_too_large_is_made_again_for_less() -> None:
    source = document(*(paragraph("Rent.", page=True) for _ in range(60)))
    pages = tuple(replace(page, number=10**60 + page.number) for page in source.pages)
    longer = replace(source, pages=pages)
    most = message_capacity(recipe().map, WINDOW)

    chunks = plan_chunks(longer, recipe(), window=WINDOW)

    check_invariants(longer, chunks, most)
    assert len(chunks) > len(plan_chunks(source, recipe(), window=WINDOW))


def test_pages_of_a_chunk_are_those_that_it_touches() -> None:
    source = document(*(paragraph(SENTENCE * 5, page=True) for _ in range(8)))

    chunks = plan_chunks(source, recipe(), window=WINDOW)

    assert len(chunks) > 1
    assert [p for c in chunks for p in c.pages if p not in {1}][-1] == 8
    assert {p for c in chunks for p in c.pages} == set(range(1, 9))


@pytest.mark.parametrize("window", [150, 300])
def test_a_window_without_room_is_refused_with_a_way_out(window: int) -> None:
    with pytest.raises(ConfigError, match="larger window"):
        plan_chunks(document(paragraph(SENTENCE)), recipe(), window=Window(window))


def test_sixty_thousand_blocks_are_planned_in_linear_time() -> None:
    def seconds(blocks: int) -> float:
        source = document(*(paragraph(f"Line {n}.") for n in range(blocks)))
        before = time.process_time()
        plan_chunks(source, recipe(), window=Window(8_000))
        return time.process_time() - before

    seconds(100)
    assert seconds(60_000) < 25 * max(seconds(6_000), 0.02)
