import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.core.answers import Result, Usage
from tasks.core.errors import InferenceError, RejectedError, ReplyError, TruncatedError
from tasks.infer.replies import check, join_thoughts, split_thoughts, whole


@pytest.mark.parametrize(
    ("text", "answer", "thoughts"),
    [
        ("Lisbon.", "Lisbon.", ""),
        ("<think>Portugal…</think>\nLisbon.", "Lisbon.", "Portugal…"),
        ("\n <think>a</think>Lisbon.", "Lisbon.", "a"),
        ("<think>a<think>b</think>c</think>Lisbon.", "Lisbon.", "abc"),
        ("<think>a</think>\n<think>b</think>Lisbon.", "Lisbon.", "a\nb"),
        ("Portugal…</think>Lisbon.", "Lisbon.", "Portugal…"),
        ("<think>never closed", "", "never closed"),
        ("<think>a<think>b</think>Lisbon.", "Lisbon.", "ab"),
        ("<think>a<think>b", "", "ab"),
        ("</think>Lisbon.", "Lisbon.", ""),
        ("<think></think>", "", ""),
        ("<THINKING>a</THINKING>Lisbon.", "Lisbon.", "a"),
        ("Write `<think>` to open.", "Write `<think>` to open.", ""),
    ],
)
def test_keeps_thoughts_apart(text: str, answer: str, thoughts: str) -> None:
    assert split_thoughts(text) == (answer, thoughts)


@pytest.mark.parametrize(
    ("beside", "leaked", "thoughts"),
    [
        (None, "", ""),
        ("a", "", "a"),
        (["a", "", "b"], "c", "a\nb\nc"),
        ([], "c", "c"),
        ("", "c", "c"),
    ],
)
def test_joins_thoughts_from_wherever_they_came(
    beside: str | list[str] | None, leaked: str, thoughts: str
) -> None:
    assert join_thoughts(beside, leaked) == thoughts


@given(st.text(), st.text())
def test_an_answer_after_thoughts_comes_back_whole(thoughts: str, answer: str) -> None:
    plain = [part.replace("<", "(") for part in (thoughts, answer)]

    assert split_thoughts(f"<think>{plain[0]}</think>{plain[1]}") == (
        plain[1].strip(),
        plain[0].strip(),
    )


@pytest.mark.parametrize(
    ("text", "finish_reason", "error"),
    [
        ("half of an", "length", TruncatedError),
        ("", "length", TruncatedError),
        ("I cannot", "content_filter", RejectedError),
        ("", "stop", ReplyError),
        ("", "failed", ReplyError),
        ("I'm sorry, but I can't help with that request.", "stop", RejectedError),
        ("I cannot assist with this.", "stop", RejectedError),
        ("Sorry, but I’m unable to comply.", "stop", RejectedError),
        ("", "tool_calls", ReplyError),
        ("", "tool_use", ReplyError),
    ],
)
def test_what_is_no_whole_answer_is_named(
    text: str, finish_reason: str, error: type[InferenceError]
) -> None:
    with pytest.raises(error):
        check(Result(answer_key="k", text=text, finish_reason=finish_reason))


@pytest.mark.parametrize(
    "text",
    [
        "I cannot find the fee in this part.",
        "The lessee says: I can't help with that request.",
        "I am sorry, but the fee is not in this part.",
        "I can't provide a date, for none is given. " + "The fee is 4,200 euros a month. " * 20,
    ],
)
def test_an_answer_that_only_sounds_like_a_refusal_passes(text: str) -> None:
    result = Result(answer_key="k", text=text)

    assert check(result) is result


@pytest.mark.parametrize("finish_reason", ["stop", "unknown"])
def test_a_whole_answer_passes(finish_reason: str) -> None:
    result = Result(answer_key="k", text="Lisbon.", finish_reason=finish_reason)

    assert check(result) is result


def test_a_server_that_cut_the_text_in_silence_is_found_out() -> None:
    usage = Usage(prompt_tokens=2048, completion_tokens=9, total_tokens=2057)
    result = Result(answer_key="k", text="Lisbon.", usage=usage)

    assert check(result, sent_tokens=2100) is result
    with pytest.raises(RejectedError, match="DOCMILL_WINDOW"):
        check(result, sent_tokens=50_000)


def test_the_whole_answers_among_siblings_count() -> None:
    def said(text: str, reason: str = "stop") -> Result:
        return Result(answer_key="k", text=text, finish_reason=reason)

    cut, good, other = said("Lis", "length"), said("Lisbon."), said("Porto.")

    assert whole([cut, good, other]) == (good, other)
    with pytest.raises(TruncatedError):
        whole([cut, said("")])
