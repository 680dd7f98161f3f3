import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.core.answers import Answer
from tasks.core.capacity import Window
from tasks.core.errors import (
    BudgetError,
    InferenceError,
    RejectedError,
    TooLongError,
    TruncatedError,
)
from tasks.core.requests import InferenceRequest, request_tokens
from tasks.merge.merge import NOTHING_FOUND, merge
from tasks.merge.merged import Merged, Reply
from tasks.merge.partials import leaves, room_tokens
from tasks.merge.reduce import next_groups
from tests.merge.building import answer, document, lead, recipe

WINDOW = Window(1500)
ROOM = room_tokens(recipe().map, WINDOW)

lengths = st.lists(st.integers(1, 1500), min_size=1, max_size=30)


def answers_of(words: list[int]) -> list[Answer]:
    """Make answers of so many words, each of which can be told from all others."""
    return [
        answer(n, " ".join(f"w{n}x{m}" for m in range(count)), total=len(words))
        for n, count in enumerate(words, 1)
    ]


def run(
    answers: list[Answer], reply: object, merge_by: str = "reduce", window: Window = WINDOW
) -> tuple[Merged, list[InferenceRequest]]:
    asked: list[InferenceRequest] = []

    def answered(request: InferenceRequest) -> Reply | str:
        asked.append(request)
        return reply(request) if callable(reply) else reply  # type: ignore[return-value]

    source = {"": document("Fee: 4,200 a month. ", "Due: May 1 in advance.")}
    return lead(merge(answers, recipe(merge_by), source, window=window), answered), asked


def sources_of(request: InferenceRequest) -> list[str]:
    """Give the texts of a request's sources."""
    found: list[str] = re.findall(
        r"<source-(\w+)>\n.*?---\n(?:.*?)\n</source-\1>", request.messages[-1].content, re.DOTALL
    )
    texts = re.split(r"</?source-\w+>", request.messages[-1].content)
    assert found
    return [text.partition("---\n")[2].strip() for text in texts[1::2]]


def keep_all(request: InferenceRequest) -> str:
    return " ".join(sources_of(request))


@pytest.mark.parametrize("way", ["reduce", "refine"])
@settings(max_examples=20, deadline=None)
@given(words=lengths, kept=st.integers(1, 80))
def test_a_merge_always_ends_and_no_request_is_over_the_window(
    way: str, words: list[int], kept: int
) -> None:
    merged, asked = run(
        answers_of(words), lambda request: " ".join(keep_all(request).split()[:kept]), way
    )

    assert merged.body
    for request in asked:
        assert WINDOW.counted(request_tokens(request)) + request.max_tokens <= WINDOW.tokens


@pytest.mark.parametrize("way", ["reduce", "refine"])
@settings(max_examples=20, deadline=None)
@given(words=lengths, cut=st.integers(0, 7))
def test_a_model_that_drops_nothing_loses_nothing_however_long_the_answers(
    way: str, words: list[int], cut: int
) -> None:
    def reply(request: InferenceRequest) -> Reply | str:
        if cut and len(request.messages[-1].content) % 7 < cut:
            return TruncatedError("cut at maxTokens")
        return keep_all(request)

    merged, _ = run(answers_of(words), reply, way)

    told = set(re.findall(r"w\d+x\d+", merged.body))
    assert told == {f"w{n}x{m}" for n, count in enumerate(words, 1) for m in range(count)}


@given(lengths)
def test_a_level_keeps_the_order_of_the_source(words: list[int]) -> None:
    level = leaves(answers_of(words))

    groups = next_groups(level, ROOM)

    assert len(groups) < len(level)
    if groups:
        assert (groups[0][0].first, groups[-1][-1].last) == (1, len(words))
    ends = [(group[0].first, group[-1].last) for group in groups]
    assert all(b[0] in (a[1], a[1] + 1) for a, b in pairwise(ends))


def test_the_tree_collapses_level_by_level_to_one_answer() -> None:
    merged, asked = run(answers_of([150] * 20), "w")

    assert merged == Merged(body="w")
    assert len(asked) > 6
    assert "part: 1-20 of 20" not in asked[-1].messages[-1].content
    assert re.findall(r"part: (\d+)", asked[-1].messages[-1].content)[0] == "1"


def test_one_answer_needs_no_merging() -> None:
    assert run(answers_of([5]), "x")[1] == []


def test_answers_too_long_to_join_stand_in_sections_and_that_is_said() -> None:
    merged, asked = run(answers_of([90, 90, 90, 90]), keep_all)

    assert asked
    assert merged.body.count("## Section") > 1
    assert "stands in" in (merged.flaw or "")


def test_parts_with_nothing_relevant_are_left_out_by_protocol() -> None:
    spoken = [answer(1, "*NO RELEVANT INFORMATION.*"), answer(2, "A fee."), answer(3, None)]

    assert [(p.text, p.first, p.total) for p in leaves(spoken)] == [("A fee.", 1, 1)]


def test_an_answer_that_merely_mentions_it_is_kept() -> None:
    assert leaves([answer(1, "There is NO RELEVANT INFORMATION on fees, but a date.")])


def test_nothing_relevant_anywhere_is_said_by_code() -> None:
    assert run([answer(1, "NO RELEVANT INFORMATION", total=1)], "x")[0].body == NOTHING_FOUND
    assert run(answers_of([3, 3]), "NO RELEVANT INFORMATION")[0].body == NOTHING_FOUND


@pytest.mark.parametrize("error", [RejectedError("HTTP 400"), BudgetError("spent")])
@pytest.mark.parametrize("way", ["reduce", "refine"])
def test_a_merge_that_fails_keeps_the_answers_and_makes_no_claim_about_the_whole(
    way: str, error: Exception
) -> None:
    merged, _ = run([answer(1, "One."), answer(2, None, failure="HTTP 402"), answer(3, "Three.")],
                    error, way)  # fmt: skip

    assert merged.flaw == f"The parts stand side by side and are not merged: {error}."
    assert merged.body.count("## Part") == 3
    assert "Part 2 of 3 (page 2) is missing: HTTP 402" in merged.body


@pytest.mark.parametrize("error", [TruncatedError("cut"), TooLongError("over the window")])
def test_a_group_that_is_cut_short_or_too_long_is_merged_in_halves(error: InferenceError) -> None:
    def reply(request: InferenceRequest) -> Reply | str:
        return keep_all(request) if len(sources_of(request)) < 3 else error

    merged, asked = run(answers_of([4, 4, 4, 4]), reply)

    assert [len(sources_of(request)) for request in asked] == [4, 2, 2, 2]
    assert merged.flaw is None


QUOTED = [
    answer(1, "The fee is “Fee: 4,200 a month” [p. 1]."),
    answer(2, "It is “Due: May 1 in advance” [p. 2] and “never said by anybody” [p. 2]."),
    answer(3, "word " * 190),
    answer(4, "word " * 190),
]


def test_evidence_that_a_step_loses_is_shown_to_the_next_one() -> None:
    replies = iter(["Fee and date.", "“Fee: 4,200 a month” [p. 1]"])

    merged, asked = run(QUOTED, lambda _: next(replies), window=Window(800))

    assert "Evidence" not in asked[0].messages[-1].content
    shown = asked[-1].messages[-1].content
    assert "- “Fee: 4,200 a month” [p. 1]\n- “Due: May 1 in advance” [p. 2]\n" in shown
    assert "never said" not in shown
    assert [citation.quote for citation in merged.uncarried] == ["Due: May 1 in advance"]


def test_refining_works_the_next_answers_into_what_there_is() -> None:
    merged, asked = run(answers_of([70] * 4), lambda request: f"so far {len(sources_of(request))}",
                        "refine")  # fmt: skip

    first, second = (request.messages[-1].content for request in asked)
    assert "role: the answer so far\npart: 1 of 4" in first
    assert "role: the answer so far\npart: 1-3 of 4" in second
    assert merged == Merged(body="so far 2")
