from hypothesis import given
from hypothesis import strategies as st

from tasks.write.columns import column_widths


@given(
    st.integers(1, 12).flatmap(
        lambda n: st.lists(st.lists(st.text(max_size=80), min_size=n, max_size=n), min_size=1)
    )
)
def test_columns_fill_the_width(rows: list[list[str]]) -> None:
    widths = column_widths(rows, total=9000)

    assert sum(widths) == 9000
    assert min(widths) > 0


def test_a_column_of_prose_is_wider_than_one_of_figures() -> None:
    narrow, wide = column_widths([["12.50", "word " * 40]], total=9000)

    assert 5 * narrow < wide
