import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.chunk.plan import plan_chunks
from tasks.chunk.request import follow_up, map_request, message_capacity, user_text
from tasks.chunk.split import SPLITS_AT_MOST, split_chunk
from tasks.core.answers import Chunk
from tasks.core.capacity import Window
from tasks.core.documents import Document
from tasks.core.requests import Message, request_tokens
from tasks.core.tokens import count_tokens
from tests.chunk.building import document, documents, heading, paragraph, recipe, table, texts

SENTENCE = "The tenant shall pay the rent on the first day of each month. "
WINDOW = Window(9_000)


def halves(source: Document, chunk: Chunk, window: Window = WINDOW) -> tuple[Chunk, ...]:
    return split_chunk(source, chunk, recipe(), window=window)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(source=documents(), window=st.integers(900, 3_000), times=st.integers(1, 30))
def test_pieces_partition_their_chunk_and_fit(source: Document, window: int, times: int) -> None:
    longer = Document(digest="d", text=source.text * times, blocks=source.blocks)
    asked = recipe(chunk_context=40)

    for chunk in plan_chunks(longer, asked, window=Window(window)):
        pieces = split_chunk(longer, chunk, asked, window=Window(window))
        if pieces:
            assert "".join(texts(longer, pieces)) == longer.text_of(chunk)
            assert [piece.pieces for piece in pieces] == [(n,) for n in range(1, len(pieces) + 1)]
        for piece in pieces:
            assert piece.tokens < chunk.tokens
            assert count_tokens(user_text(longer, piece)) <= message_capacity(
                asked.map, Window(window)
            )


def test_a_chunk_is_cut_in_halves_at_the_best_boundary() -> None:
    body = [paragraph(SENTENCE * 3) for _ in range(11)]
    source = document(heading("A"), *body, heading("B"), *body)
    (chunk,) = plan_chunks(source, recipe(), window=WINDOW)

    first, second = halves(source, chunk)

    assert source.text_of(second).startswith("B\n\n")
    assert [first.part, second.part] == ["1.1 of 1", "1.2 of 1"]
    assert map_request(source, second, recipe()).messages[-1].content.count("part: 1.2 of 1") == 1


def test_a_table_that_is_split_repeats_its_header() -> None:
    source = document(table(f"| {n} | Rent is due. It is paid. |" for n in range(90)))
    (chunk,) = plan_chunks(source, recipe(), window=WINDOW)

    _, second = halves(source, chunk)

    assert "| no | what |" in user_text(source, second)
    assert source.text_of(second).startswith("| ")


def test_splitting_ends() -> None:
    source = document(*(paragraph(SENTENCE * 3) for _ in range(300)))
    left = list(plan_chunks(source, recipe(), window=Window(20_000)))
    ends = []
    while left:
        chunk = left.pop()
        pieces = halves(source, chunk)
        left += pieces
        ends += [] if pieces else [chunk]

    assert max(len(chunk.pieces) for chunk in ends) == SPLITS_AT_MOST
    assert "".join(texts(source, sorted(ends, key=lambda c: c.start))) == source.text


@pytest.mark.parametrize("text", [SENTENCE * 20, "x" * 900])
def test_a_small_chunk_is_at_its_floor(text: str) -> None:
    source = document(paragraph(text.strip()))
    (chunk,) = plan_chunks(source, recipe(), window=WINDOW)

    assert halves(source, chunk) == ()


def test_a_second_question_gets_the_room_that_the_window_leaves() -> None:
    source = document(paragraph(SENTENCE * 20))
    asked = recipe(max_tokens=1_000)
    (chunk,) = plan_chunks(source, asked, window=WINDOW)
    request = map_request(source, chunk, asked)
    said = (Message("assistant", "word " * 500), Message("user", "And?"))

    for window in range(1_300, 3_000, 50):
        further = follow_up(request, said, window=Window(window))
        if further is not None:
            assert Window(window).counted(request_tokens(further)) + further.max_tokens <= window
            assert 250 <= further.max_tokens <= 1_000

    assert follow_up(request, said, window=Window(1_300)) is None
    assert further is not None
    assert further.messages[-2:] == said
