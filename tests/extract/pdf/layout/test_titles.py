from tasks.core.documents import BlockKind, Box
from tasks.extract.pdf.layout.paragraphs import Passage
from tasks.extract.pdf.layout.titles import Titles, letters_of
from tasks.extract.pdf.lines.line import Line


def line(text: str, *, size: float = 10, bold: bool = False) -> Line:
    return Line(text, Box(50, 100, 300, 100 + size), bold)


def passage(text: str, *, size: float = 10, bold: bool = False, lines: int = 1) -> Passage:
    return Passage(BlockKind.PARAGRAPH, text, height=size, bold=bold, lines=lines)


BODY = [line("a long line of the text of this document")] * 20
KNOWN = Titles(
    letters_of([line("Title", size=18), line("1 Part", size=14), line("Scope", bold=True), *BODY])
)


def levels(*passages: Passage) -> list[int | None]:
    return [p.level if p.kind is BlockKind.HEADING else None for p in KNOWN.marked(passages)]


def test_larger_and_bolder_lines_are_headings_by_rank() -> None:
    title, part = passage("Title", size=18), passage("1 Part", size=14)
    assert levels(title, part, passage("Scope", bold=True), passage("text")) == [1, 2, 3, None]


def test_small_marked_passages_at_the_foot_of_the_page_are_notes() -> None:
    note = passage("1 See the annex.", size=8)._replace(box=Box(50, 700, 300, 720))
    high = note._replace(box=Box(50, 100, 300, 120))
    unmarked = note._replace(text="small print")
    kinds = [p.kind for p in KNOWN.marked([note, high, unmarked], 842)]
    assert kinds == [BlockKind.NOTE, BlockKind.PARAGRAPH, BlockKind.PARAGRAPH]


def test_sentences_captions_and_long_passages_are_no_headings() -> None:
    assert (
        levels(
            passage("This ends with a full stop.", size=14),
            passage("Fig. 3 A large caption", size=14),
            passage("A pull quote", size=14, lines=5),
            passage("12 345", size=18),
        )
        == [None] * 4
    )
