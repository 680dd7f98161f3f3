from hypothesis import given
from hypothesis import strategies as st

from tasks.write.direction import by_direction

MIXED = st.text(alphabet="ab שע123 .,(")


def test_text_is_cut_where_its_direction_turns() -> None:
    assert list(by_direction("see שלום עולם here", from_right=False)) == [
        ("see ", False),
        ("שלום עולם", True),
        (" here", False),
    ]
    assert list(by_direction("שלום (Act 1992) כאן", from_right=True)) == [
        ("שלום (", True),
        ("Act 1992", False),
        (") כאן", True),
    ]


@given(MIXED)
def test_nothing_is_lost_in_either_direction(text: str) -> None:
    for from_right in (False, True):
        assert "".join(piece for piece, _ in by_direction(text, from_right=from_right)) == text
