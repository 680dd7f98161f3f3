"""What travels with the chunks of a plan."""

from tasks.chunk.plan import plan_chunks
from tasks.chunk.request import message_capacity
from tasks.chunk.sending import sent_text
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
)


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


def test_a_long_row_does_not_travel_as_context() -> None:
    rows = [f"| {n} | {SENTENCE * 6} |" for n in range(6)]
    source = document(table(rows), paragraph(SENTENCE))

    chunks = plan_chunks(source, recipe(chunk_target=20, chunk_context=60), window=WINDOW)

    check_plan(source, chunks, message_capacity(recipe().map, WINDOW))
    assert all(source.text_of(span).count(SENTENCE) < 6 for c in chunks for span in c.context)


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
