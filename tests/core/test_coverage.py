from dataclasses import replace

from tasks.core.coverage import account, coverage, total
from tasks.core.documents import Block, BlockKind, Document, Page
from tasks.core.outputs import Covered, Gap
from tasks.core.reports import Characters

DOCUMENT = Document(
    digest="d",
    text="head body tail",
    blocks=(Block(kind=BlockKind.HEADER_FOOTER, start=0, end=5, set_apart="running head"),),
)


def test_each_character_is_in_one_account() -> None:
    characters = account(
        DOCUMENT,
        [Covered(start=0, end=10, answer_key="a")],
        [Gap(start=10, end=14, reason="refused")],
    )

    assert characters == Characters(read=14, answered=5, set_apart=5, failed=4)
    assert characters.unexplained == 0


def test_pages_and_parts_that_were_not_read_are_counted() -> None:
    pages = (Page(number=1, start=0, end=5), Page(number=2, start=5, end=5, problem="needs OCR"))
    document = replace(DOCUMENT, pages=pages, unread=("its part a.xml was not read",))

    assert total([account(document, (), ()), account(document, (), ())]).unread == 4


def test_a_lost_span_shows_as_unexplained() -> None:
    characters = account(DOCUMENT, [Covered(start=0, end=10, answer_key="a")], [])

    assert characters.unexplained == 4
    assert coverage(characters) == 5 / 9


def test_a_span_that_is_answered_and_failed_counts_as_answered() -> None:
    covered = [Covered(start=0, end=14, answer_key="a")]

    assert account(DOCUMENT, covered, [Gap(start=6, end=9, reason="x")]).failed == 0


def test_where_nothing_could_be_asked_there_is_no_coverage() -> None:
    assert coverage(Characters()) is None
    assert coverage(Characters(read=5, set_apart=5)) is None
