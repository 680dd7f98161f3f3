import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.emulator.engine.completion import Completion
from tasks.emulator.engine.extractive import complete
from tasks.emulator.engine.passages import LABEL, NOT_RELEVANT, NOTHING_TO_QUOTE
from tasks.emulator.engine.tokens import count_tokens
from tasks.emulator.wire.requests import InferenceRequest, Message
from tests.emulator.conftest import PROSE

ROOT = Path(__file__).parents[3]
MARK = "0123456789abcdef"
LINE = re.compile(r"- “([^“”]+)”(?: \[p\. (\d+)\])?")


def ask(content: str, system_prompt: str | None = None, **changes: Any) -> Completion:
    request = InferenceRequest(
        messages=(Message("user", content),), system_prompt=system_prompt, **changes
    )
    return complete(request)[0]


def fenced(*texts: str) -> str:
    return "\n".join(f"<source-{MARK}>\n---\n{text}\n</source-{MARK}>" for text in texts)


def quotes(text: str) -> list[tuple[str, int | None]]:
    """Give the quotations of an extract with their pages, having checked its form."""
    label, empty, *lines = text.split("\n")
    assert (label, empty) == (LABEL, "")
    matches = [LINE.fullmatch(line) for line in lines]
    assert all(matches)
    return [(m[1], int(m[2]) if m[2] else None) for m in matches if m]


def collapsed(text: str) -> str:
    return " ".join(text.split())


TOPICS = ("warranty", "steel", "harbour", "bonus", "parking", "audit", "water", "export", "noise")


def sentence(number: int) -> str:
    """Give a sentence that is like others, but never much the same."""
    one, other = TOPICS[number % 9], TOPICS[number // 9 % 9]
    return f"Rule {number} lets {one}{number % 97} affect {other}{number % 89} in zone{number}."


def test_quotes_whole_sentences_in_the_order_of_the_source() -> None:
    found = [quote for quote, _ in quotes(ask(PROSE).text)]

    places = [PROSE.index(quote) for quote in found]
    assert places == sorted(places)
    assert len(found) == 3
    assert all(quote.endswith(".") for quote in found)


def test_names_the_page_of_each_quotation() -> None:
    pages = "\n".join(f"[p. {n}]\n{sentence(n)}\n" for n in range(1, 21))

    found = quotes(ask(fenced(pages)).text)
    assert len(found) >= 3
    assert all(quote == sentence(page or 0) for quote, page in found)


@pytest.mark.parametrize(("sentences", "quoted"), [(10, 3), (200, 6), (900, 24)])
def test_quotes_about_three_in_a_hundred_sentences(sentences: int, quoted: int) -> None:
    text = " ".join(map(sentence, range(sentences)))

    assert len(quotes(ask(text).text)) == quoted


def test_leaves_out_tables_headings_and_context() -> None:
    text = f"# The supplier and the buyer.\n\n| supplier | buyer. |\n|---|---|\n\n{PROSE}"
    message = f"<context-{MARK}>\nThe supplier owns the buyer.\n</context-{MARK}>\n{fenced(text)}"

    answer = ask(message).text
    assert all(quote in PROSE for quote, _ in quotes(answer))


def test_does_not_repeat_itself() -> None:
    assert len(quotes(ask(f"{sentence(1)} " * 40).text)) == 1


def test_leaves_out_sentences_that_would_break_the_quotation_marks() -> None:
    text = f"“Supplier” means the supplier of the buyer. The buyer wrote [p. 3] here. {PROSE}"

    assert all(quote in PROSE for quote, _ in quotes(ask(text).text))


def test_prefers_the_sentences_that_a_question_shares_words_with() -> None:
    filler = " ".join(map(sentence, range(60)))
    answer = ask(fenced(filler + " " + PROSE), "You answer.\nQuestion: How long is the warranty?")

    assert [quote for quote, _ in quotes(answer.text)] == [
        "The pumps carry a warranty of two years from the day of delivery to the plant."
    ]


def test_says_when_nothing_bears_on_the_question() -> None:
    assert ask(PROSE, "Question: Which planets have rings?").text == NOT_RELEVANT


@pytest.mark.parametrize("content", ["| a | b |", "---", "# Heading", fenced("")])
def test_says_when_there_is_no_sentence_to_quote(content: str) -> None:
    assert ask(content).text == f"{LABEL}\n\n{NOTHING_TO_QUOTE}"


def test_keeps_the_lines_of_earlier_extracts_whole_and_drops_duplicates() -> None:
    lines = [f"- “{sentence(n)}” [p. {n}]" for n in (1, 2)]
    straight = '- "Rain fell all week." [p. 9]'
    parts = [f"{LABEL}\n\n{lines[0]}", f"{LABEL}\n\n{lines[0]}\n{lines[1]}", straight]
    parts += [NOT_RELEVANT, f"{LABEL}\n\n{NOTHING_TO_QUOTE}"]

    answer = ask(fenced(*parts)).text
    assert answer.split("\n")[2:] == [lines[0], straight] or answer.split("\n")[2:] == [
        *lines,
        straight,
    ]


def test_a_merge_of_extracts_ends_with_at_most_twenty_four_lines() -> None:
    words = [f"w{n}x{m}" for n in range(60) for m in range(5)]
    lines = [f"- “{' '.join(words[n * 5 : n * 5 + 5])} end.” [p. {n}]" for n in range(60)]

    answer = ask(fenced("\n".join(lines[:30]), "\n".join(lines[30:]))).text
    kept = answer.split("\n")[2:]
    assert len(kept) == 24
    assert kept == [line for line in lines if line in kept]


def test_stops_before_max_tokens_with_whole_quotations() -> None:
    short = ask(PROSE, max_tokens=80)

    assert 1 <= len(quotes(short.text)) < len(quotes(ask(PROSE).text))
    assert short.finish_reason == "stop"
    assert short.completion_tokens <= 80


def test_is_cut_where_not_one_quotation_fits() -> None:
    cut = ask(PROSE, max_tokens=10)

    assert cut.finish_reason == "length"
    assert cut.completion_tokens == 10
    assert ask(PROSE).text.startswith(cut.text)


def test_results_come_from_seeds_that_follow_each_other() -> None:
    text = " ".join(map(sentence, range(300)))
    request = InferenceRequest(messages=(Message("user", text),), seed=2**32 - 1, results=3)

    several = [completion.text for completion in complete(request)]
    assert several == [ask(text, seed=seed).text for seed in (2**32 - 1, 0, 1)]
    assert len(set(several)) > 1


def test_temperature_zero_gives_the_same_extract_for_every_seed() -> None:
    text = " ".join(map(sentence, range(300)))

    assert ask(text, seed=1, temperature=0).text == ask(text, seed=2, temperature=0).text


def test_answers_the_last_message_only() -> None:
    example = Message("user", "An example speaks of the moon."), Message("assistant", "The moon.")
    request = InferenceRequest(messages=(*example, Message("user", PROSE)))

    assert "moon" not in complete(request)[0].text


MARKS = ("“", "”", '"', "*", "|", "\n", "\n\n", "\n- ", "\n# ", "[p. 3]", "\n[p. 4]\n", "1. ")
ODD = ("e.g.", "3.5", "。", "!", "\x0b", "\u2028", "\xa0", "字", "x" * 700)


def test_gives_the_same_bytes_in_any_process() -> None:
    text = " ".join(map(sentence, range(300)))
    script = (
        "from tasks.emulator.engine.extractive import complete\n"
        "from tasks.emulator.wire.requests import InferenceRequest, Message\n"
        f"messages = (Message('user', {text!r}),)\n"
        "question = 'Question: steel1 or water6?'\n"
        "asked = InferenceRequest(messages=messages, system_prompt=question)\n"
        "print(complete(asked)[0].text)"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={"PYTHONHASHSEED": str(seed), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
            capture_output=True,
            check=True,
        ).stdout
        for seed in (1, 2)
    }

    assert len(outputs) == 1
    assert b"steel1 " in outputs.pop()


MARKS = ("“", "”", '"', "*", "|", "\n", "\n\n", "\n- ", "\n# ", "[p. 3]", "\n[p. 4]\n", "1. ")
ODD = ("e.g.", "3.5", "。", "!", "\x0b", "\u2028", "\xa0", "字", "x" * 700)
PIECES = st.sampled_from([*PROSE.split(), *MARKS, *ODD])


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=200), st.integers(1, 400), st.integers(0, 5))
def test_quotations_stand_in_the_source_and_answers_keep_max_tokens(
    pieces: list[str], max_tokens: int, seed: int
) -> None:
    source = " ".join(pieces)
    answer = ask(source, max_tokens=max_tokens, seed=seed)

    assert answer.completion_tokens <= max_tokens
    assert answer.completion_tokens == answer.thinking_tokens + count_tokens(answer.text)
    if answer.finish_reason == "stop" and NOTHING_TO_QUOTE not in answer.text:
        assert all(quote in collapsed(source) for quote, _ in quotes(answer.text))
    else:
        assert answer.finish_reason == "length" or NOTHING_TO_QUOTE in answer.text
