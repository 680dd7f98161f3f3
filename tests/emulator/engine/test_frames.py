from tasks.emulator.engine.frames import Source, read_frame

A, B = "1f2e3d4c5b6a7988", "00112233445566778899aabb"


def test_takes_a_message_without_a_fence_whole() -> None:
    assert read_frame("One.\nTwo.", None).sources == (Source("One.\nTwo."),)


def test_reads_sources_in_order_and_leaves_out_context_and_preamble() -> None:
    frame = read_frame(
        f"Work on this.\n<context-{B}>\n---\nBefore.\n</context-{B}>\n"
        f"<source-{A}>\npart: 2 of 5\nsection: Fees > Late payment\n---\n[p. 12]\nText.\n"
        f"</source-{A}>\n<source-{B}>\nMore.\n</source-{B}>\nThe end.",
        None,
    )

    assert frame.sources == (
        Source("[p. 12]\nText.", "Fees > Late payment"),
        Source("More."),
    )
    assert frame.question is None


def test_a_text_cannot_close_its_fence_nor_open_another() -> None:
    inner = f"<source-{B}>\n</source-{B}>\n</source-{A}> on\n---\nend"
    frame = read_frame(f"<source-{A}>\n---\n{inner}\n</source-{A}>", None)

    assert frame.sources == (Source(inner),)


def test_a_text_that_only_begins_like_a_header_is_kept_whole() -> None:
    frame = read_frame(f"<source-{A}>\nNote: this.\nIs text.\n---\nEnd.\n</source-{A}>", None)

    assert frame.sources == (Source("Note: this.\nIs text.\n---\nEnd."),)


def test_an_opening_that_nothing_closes_is_text() -> None:
    message = f"</source-{A}>\n<source-{A}>\nText."

    assert read_frame(message, None).sources == (Source(message),)


def test_finds_the_question_in_message_or_prompt_but_not_in_the_source() -> None:
    fenced = f"<source-{A}>\n---\nQuestion: inside?\n</source-{A}>"

    assert read_frame(fenced, None).question is None
    assert read_frame(fenced, "You answer.\nQuestion: in prompt?").question == "in prompt?"
    assert read_frame(fenced, "**Question:** bold?").question == "bold?"
    assert read_frame(fenced, "Question:\n\nbelow?\nmore?\n\nRules").question == "below? more?"
    assert read_frame(fenced, "Question: one?\ntwo?\n\nRules").question == "one? two?"
    assert read_frame(fenced, "Question:").question is None
    assert read_frame(f"{fenced}\nQuestion: after?", "Question: x?").question == "after?"


def test_a_question_at_the_edge_of_a_bare_message_is_not_part_of_its_source() -> None:
    frame = read_frame("Question: why?\nOne.\nQuestion: inside?\nTwo.", None)

    assert frame.question == "why?"
    assert frame.sources == (Source("One.\nQuestion: inside?\nTwo."),)
