from dataclasses import replace

from tasks.core.documents import Box
from tasks.extract.pdf.layout.heads import edges_of, running_heads
from tasks.extract.pdf.lines.line import Line
from tasks.extract.pdf.page import PageText

LINES = list(enumerate(range(200, 400, 20)))


def page(*lines: tuple[float, str]) -> PageText:
    return PageText(
        height=800,
        lines=tuple(Line(text, Box(50, top, 300, top + 10)) for top, text in lines),
    )


def heads(pages: list[PageText]) -> list[list[str]]:
    numbered = [replace(page, number=number) for number, page in enumerate(pages, start=1)]
    found = running_heads(numbered, [edges_of(page) for page in numbered])
    return [
        [p.lines[i].text for i in sorted(indices)] for p, indices in zip(pages, found, strict=True)
    ]


def test_finds_heads_and_feet_that_count_the_pages() -> None:
    pages = [
        page((20, "The Contract"), (300, f"text {n * n}"), (780, f"page {n} of 6"))
        for n in range(1, 7)
    ]
    assert heads(pages) == [["The Contract", f"page {n} of 6"] for n in range(1, 7)]


def test_finds_heads_that_alternate_left_and_right() -> None:
    pages = [
        page((20, "Title" if n % 2 else "Author"), (300, f"text {n * n}")) for n in range(1, 9)
    ]
    assert heads(pages) == [["Title" if n % 2 else "Author"] for n in range(1, 9)]


def test_finds_a_foot_that_follows_the_text_up_the_page() -> None:
    pages = [page((100, f"text {n * n}"), (300 + 20 * n, f"Form | {n}")) for n in range(1, 7)]
    assert heads(pages) == [[f"Form | {n}"] for n in range(1, 7)]


CHAPTERS = ["Scope", "Scope", "Fees", "Fees", "Fees", "Fees", "Notice", "Notice", "Notice"]


def test_finds_heads_that_change_with_the_chapter() -> None:
    book = [
        page((20, f"{chapter} {n}"), (300, f"text {n * n}"))
        for n, chapter in enumerate(CHAPTERS, start=1)
    ]

    assert heads(book) == [[f"{c} {n}"] for n, c in enumerate(CHAPTERS, start=1)]


def test_finds_numbers_that_begin_anew_after_the_front_matter() -> None:
    numbers = ["i", "ii", "iii", "iv", "1", "2", "3", "4", "5"]
    pages = [
        page((20, f"{number} The Handbook" if n % 2 else f"{n * n} words {number}"))
        for n, number in enumerate(numbers)
    ]

    assert [len(found) for found in heads(pages)] == [1] * 9


def test_a_note_that_counts_with_the_pages_stays_text() -> None:
    pages = [
        page(
            (300, f"text {n * n}"), (760, f"{n} See {'abcdefghi'[n]} of the annex."), (780, str(n))
        )
        for n in range(1, 9)
    ]

    assert heads(pages) == [[str(n)] for n in range(1, 9)]


def test_a_title_that_comes_again_near_by_stays_text() -> None:
    pages = [
        PageText(
            height=800,
            lines=(
                Line("Invoice" if n < 4 else f"text {n * n}", Box(50, 20, 300, 40)),
                *(Line(f"item {n * n} {i}", Box(50, top, 300, top + 10)) for i, top in LINES),
            ),
        )
        for n in range(1, 15)
    ]

    assert heads(pages) == [[] for _ in pages]


def test_a_total_at_the_foot_of_each_page_stays_text() -> None:
    pages = [page((300, f"text {n * n}"), (780, f"Total {n * n * 100}")) for n in range(1, 9)]
    assert heads(pages) == [[] for _ in pages]


def test_a_line_that_comes_again_inside_the_pages_stays_text() -> None:
    pages = [
        page((200, f"begin {n * n}"), (400, "Signed by both"), (600, f"end {n * n}"))
        for n in range(1, 9)
    ]
    assert heads(pages) == [[] for _ in pages]


def test_a_short_document_has_no_running_heads() -> None:
    pages = [page((20, "Memo"), (300, f"text {n}")) for n in range(3)]
    assert heads(pages) == [[], [], []]


def test_copies_of_one_page_are_not_heads() -> None:
    pages = [page((20, "Memo"), (300, "the same text"))] * 6
    assert heads(pages) == [[] for _ in pages]
