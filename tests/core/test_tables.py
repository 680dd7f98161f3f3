import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.core.tables import cell_spans, cells, is_row, is_rule


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("| a | b c |", ["a", "b c"]),
        ("a | b", ["a", "b"]),
        ("| a | b", ["a", "b"]),
        ("a | b |", ["a", "b"]),
        ("||a|", ["", "a"]),
        ("| 1 \\| 2 | x |", ["1 | 2", "x"]),
        ("a", ["a"]),
        ("", [""]),
        ("|", [""]),
    ],
)
def test_a_row_is_its_cells(row: str, expected: list[str]) -> None:
    assert cells(row) == expected


@pytest.mark.parametrize(
    "line", ["| --- |", "|:-:|---:|", "  | - | --- |", "| --- | ---", "--- | --- |"]
)
def test_the_line_below_a_header_is_a_rule(line: str) -> None:
    assert is_rule(line)
    assert not is_rule(line.replace("-", "a"))


def test_a_line_of_dashes_is_no_rule() -> None:
    assert not any(map(is_rule, ("---", "- - -", "", "|", "||")))


def test_a_row_of_ours_has_its_outer_bars() -> None:
    assert is_row("| a |")
    assert not any(map(is_row, ("a | b", "|", "", "| a \\|")))


@given(st.text("a| \\-", max_size=30))
def test_no_character_of_a_row_is_lost(row: str) -> None:
    inside = "".join(row[start:end] for start, end in cell_spans(row))

    assert sorted(inside.replace("|", "").replace(" ", "")) == sorted(
        row.replace("|", "").replace(" ", "")
    )
