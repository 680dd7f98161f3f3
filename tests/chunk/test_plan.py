"""How many chunks a plan has, how large, and that they fit."""

import sys
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.chunk.plan import plan_chunks
from tasks.chunk.request import fixed_tokens, map_request, message_capacity
from tasks.core.capacity import Window
from tasks.core.documents import Document
from tasks.core.errors import ConfigError
from tasks.core.margin import Margin
from tasks.core.tokens import count_tokens
from tests.chunk.building import (
    SENTENCE,
    WINDOW,
    check_plan,
    document,
    documents,
    heading,
    paragraph,
    recipe,
)


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

    check_plan(source, chunks, message_capacity(asked.map, Window(window)))
    for chunk in chunks:
        assert all(span.end <= chunk.start for span in chunk.context)


@pytest.mark.parametrize("share", [0.02, 0.2, 0.6])
@pytest.mark.parametrize("name", ["", "A rather long name of a document for a small window.pdf"])
def test_a_whole_request_stays_within_the_window_by_any_margin(share: float, name: str) -> None:
    source = document(*(paragraph(SENTENCE * 3) for _ in range(60)))
    asked, window = recipe(), Window(700, Margin(share))

    for chunk in plan_chunks(source, asked, window=window, name=name):
        request = map_request(source, chunk, asked)
        assert f"document: {name}" in request.messages[-1].content or not name
        prompt = fixed_tokens(asked.map) + count_tokens(request.messages[-1].content)
        assert window.counted(prompt) + asked.map.max_tokens <= window.tokens


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


def test_small_chunks_of_unbroken_text_are_nearly_full() -> None:
    source = document(paragraph("notwithstanding whatever the parties may have agreed " * 40))

    chunks = plan_chunks(source, recipe(chunk_target=16), window=Window(204_800))

    assert len(chunks) <= 1.25 * sum(chunk.tokens for chunk in chunks) / 16


def test_chunks_are_few_and_of_like_size() -> None:
    source = document(*(paragraph(SENTENCE) for _ in range(40)))

    chunks = plan_chunks(source, recipe(chunk_target=150), window=Window(204_800))

    total = sum(chunk.tokens for chunk in chunks)
    assert len(chunks) == -(-total // 150) or len(chunks) == -(-total // 150) + 1
    assert max(c.tokens for c in chunks) - min(c.tokens for c in chunks) <= 2 * count_tokens(
        SENTENCE
    )


def test_chunks_are_so_small_that_their_answers_fit() -> None:
    source = document(*(paragraph(SENTENCE) for _ in range(200)))

    chunks = plan_chunks(source, recipe(chunk_growth=2.5, max_tokens=1_000), window=Window(204_800))

    assert len(chunks) > 1
    assert all(chunk.tokens * 2.5 <= 1_000 / 2 for chunk in chunks)


def test_a_plan_that_comes_out_too_large_is_made_again_for_less() -> None:
    source = document(*(paragraph("Rent.", page=True) for _ in range(60)))
    pages = tuple(replace(page, number=10**60 + page.number) for page in source.pages)
    longer = replace(source, pages=pages)
    most = message_capacity(recipe().map, WINDOW)

    chunks = plan_chunks(longer, recipe(), window=WINDOW)

    check_plan(longer, chunks, most)
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


def test_many_blocks_are_planned_with_work_that_grows_with_their_number_alone() -> None:
    def calls(blocks: int) -> int:
        source = document(*(paragraph(f"Line {n}.") for n in range(blocks)))
        counted = Counter[str]()
        sys.setprofile(lambda _frame, event, _what: counted.update((event,)))
        try:
            plan_chunks(source, recipe(), window=Window(8_000))
        finally:
            sys.setprofile(None)
        return counted["call"] + counted["c_call"]

    calls(100)  # imports
    assert calls(4_000) < 15 * calls(400)
