import os
from collections.abc import Iterator

import pytest

from tasks.extract.reader import At, Stopped, line_of
from tasks.extract.sandbox.conversation import Answer, Ended
from tasks.extract.sandbox.team import Hearing, Helper, Leader

PART = b'Piece {"text":"one"}\n'


@pytest.fixture
def team() -> Iterator[tuple[Leader, Helper]]:
    taking, giving = os.pipe()
    yield Leader(taking, giving, ()), Helper(taking, -1, -1)
    os.close(taking)


def test_every_page_of_a_long_file_is_read_once_by_whoever_is_free(
    team: tuple[Leader, Helper],
) -> None:
    leader, helper = team
    own, others = leader.pages(9999), helper.pages(9999)
    turns = [next(own), next(others), next(others), *own, *others]

    assert sorted(turns) == list(range(1, 10_000))
    assert turns[0] < turns[1] < turns[2] < 100


def test_the_pages_of_a_short_file_are_the_leaders(team: tuple[Leader, Helper]) -> None:
    leader, helper = team

    assert list(leader.pages(3)) == [1, 2, 3]
    assert not list(helper.pages(3))


def heard(said: bytes) -> tuple[Hearing, list[object]]:
    """Hear a helper out, and give what was passed on."""
    reading, writing = os.pipe()
    told: list[object] = []
    hearing = Hearing(reading, -1, told.append)
    hearing.start()
    os.write(writing, said)
    os.close(writing)
    hearing.join()
    return hearing, told


@pytest.mark.parametrize(
    ("last", "stopped"),
    [
        (line_of(Answer()) + line_of(Ended(0)), None),
        (b"", Stopped("the process that read it crashed", 7)),
        (PART[:-4], Stopped("the process that read it crashed", 7)),
        (
            line_of(Answer(error="LimitError", message="no memory")) + line_of(Ended(0)),
            Stopped("no memory", 7),
        ),
    ],
)
def test_what_a_helper_read_is_passed_on_and_its_death_has_a_page(
    last: bytes, stopped: Stopped | None
) -> None:
    hearing, told = heard(line_of(At(6)) + PART + line_of(At(7)) + last)

    assert told == [PART]
    assert list(hearing.so_far()) == [PART]
    hearing.wait(told.append)
    assert told == [PART, At(7)]
    assert hearing.stopped == stopped


def test_a_helper_that_was_not_needed_is_not_missed() -> None:
    hearing, told = heard(b"")

    hearing.wait(told.append)
    assert not list(hearing.so_far())
    assert (told, hearing.stopped) == ([], None)


def test_a_helper_answers_what_the_leader_asks_when_all_is_read() -> None:
    (asked, asks), (reading, writing) = os.pipe(), os.pipe()
    hearing = Hearing(reading, asks, lambda _: None)
    hearing.start()
    os.write(writing, line_of(At(1)) + line_of(Answer()) + line_of(Ended(0)))
    hearing.wait(lambda _: None)
    first, second = hearing.ask(b"how many?"), hearing.ask(b"and now?")
    os.close(asks)
    questions = list(Helper(-1, asked, -1).asked())
    os.write(writing, b"two\n")
    os.close(writing)

    assert questions == [b"how many?\n", b"and now?\n"]
    assert first() == b"two\n"
    for answer in (second, second):
        with pytest.raises(OSError, match="a helper is gone"):
            answer()
