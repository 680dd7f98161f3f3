import json
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tasks.infer.delivery.sse import SseReader

texts = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=12)
others = st.one_of(
    texts.map(": {}".format), st.just(""), texts.map("event:{}".format), st.just("id")
)
ends = st.sampled_from(["\n", "\r\n", "\r"])
lines = st.lists(st.tuples(st.one_of(texts.map("data: {}".format), others), ends), max_size=8)


def read(pieces: list[bytes]) -> list[str]:
    reader = SseReader()
    return [data for piece in pieces for data in reader.feed(piece)] + reader.end()


def cut(whole: bytes, places: list[int]) -> list[bytes]:
    at = sorted({place % (len(whole) + 1) for place in places} | {0, len(whole)})
    return [whole[a:b] for a, b in pairwise(at)]


@given(lines, st.lists(st.integers(min_value=0), max_size=10))
@example([("data: ã\u2028\x85\x0b😀", "\r\n"), ("data: b", "\r")], list(range(40)))
def test_any_split_of_the_bytes_gives_the_same_data(
    sent: list[tuple[str, str]], places: list[int]
) -> None:
    whole = "".join(line + end for line, end in sent).encode()

    data = [line.removeprefix("data: ") for line, _ in sent if line.startswith("data: ")]
    assert read([whole]) == data
    assert read(cut(whole, places)) == data
    assert read([bytes([byte]) for byte in whole]) == data


@pytest.mark.parametrize(
    ("sent", "data"),
    [
        (b"data: a\n\ndata: b\n\n", ["a", "b"]),
        (b"data:a\n", ["a"]),
        (b"data:  a\n", [" a"]),
        (b"data\n", [""]),
        (b"data: a", ["a"]),
        (b"\xef\xbb\xbfdata: a\n", ["a"]),
        (b": ping\n\ndata: a\n", ["a"]),
        (b"event: x\nid: 3\nretry: 5\ndatum: no\ndata: a\n", ["a"]),
        (b"", []),
    ],
)
def test_takes_data_lines_and_nothing_else(sent: bytes, data: list[str]) -> None:
    assert read([sent]) == data


@pytest.mark.parametrize("character", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c"])
def test_only_line_feeds_and_carriage_returns_end_a_line(character: str) -> None:
    sent = json.dumps({"text": f"a{character}b"}, ensure_ascii=False)

    (data,) = read([f"data: {sent}\n".encode()])

    assert data == sent


def test_what_is_no_utf_8_is_an_error() -> None:
    with pytest.raises(UnicodeDecodeError):
        read([b"data: \xff\n"])
