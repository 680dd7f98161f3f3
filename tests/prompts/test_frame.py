import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts.frame import PREAMBLE, context, source, user_message

FENCED = re.compile(r"<((?:source|context)-[0-9a-f]{16,64})>\n(.*)\n</\1>", re.DOTALL)


def test_the_form_is_the_one_that_readers_rely_on() -> None:
    inner = "part: 2 of 5\nsection: Fees > Late payment\n---\n[p. 12]\ntext"
    mark = hashlib.sha256(inner.encode()).hexdigest()[:16]

    fenced = source("[p. 12]\ntext", {"part": "2 of 5", "section": "Fees > Late payment"})

    assert fenced == f"<source-{mark}>\n{inner}\n</source-{mark}>"
    assert user_message("a", "b") == f"{PREAMBLE}\n\na\nb"


@given(st.text())
def test_a_text_cannot_close_its_fence_and_comes_back_whole(text: str) -> None:
    for fenced in (source(text, {}), context(text)):
        found = FENCED.fullmatch(fenced)
        assert found
        assert found[2] == f"---\n{text}"
        assert found[1].split("-")[1] not in found[2]


@given(st.dictionaries(st.sampled_from(["part", "section"]), st.text()))
def test_a_header_is_one_short_line(headers: dict[str, str]) -> None:
    lines = source("", headers).split("\n")

    above = lines[1 : lines.index("---", 1)]
    assert len(above) <= len(headers)
    for line in above:
        key, _, value = line.partition(": ")
        assert key in headers
        assert 0 < len(value) <= 200
        assert value.splitlines() == [value]
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", value)


@pytest.mark.parametrize("value", ["", "  \n", "\x00"])
def test_a_blank_header_is_left_out(value: str) -> None:
    assert source("x", {"section": value}).split("\n")[1] == "---"


def test_equal_texts_make_equal_messages_and_others_do_not() -> None:
    assert source("a", {"part": "1 of 2"}) == source("a", {"part": "1 of 2"})
    assert source("a", {"part": "1 of 2"}) != source("a", {"part": "2 of 2"})


def test_a_mark_that_occurs_in_the_text_is_made_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    # Every text holds the empty mark, and this one each mark of a single digit.
    monkeypatch.setattr("prompts.frame.MARK_DIGITS", 0)

    found = re.match(r"<context-([0-9a-f]*)>", context("0123456789abcdef"))

    assert found
    assert len(found[1]) >= 2
