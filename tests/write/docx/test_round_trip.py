"""Markdown to Word and back by our own reader: the same structure, block by block."""

import random
from dataclasses import dataclass, field

import pytest

from tasks.core.documents import BlockKind
from tasks.core.outputs import Citation, CitationStatus
from tasks.extract.limits import ExtractionLimits
from tasks.write.docx.render import render_docx
from tests.extract.documents import read_docx
from tests.write.made import SOURCE, an_output

WORDS = (
    *("rent", "term", "größe", "契約", "notice", "R&D", "<b>", "3%"),
    *("“so”", "price_list", "a*b", "C#", "été", "שלום", "due"),
)
BULLETS = "•–•"

Shape = tuple[BlockKind, int | None, str]


@dataclass
class Draft:
    """A document as Markdown, and the blocks that it is to come back as."""

    chance: random.Random
    markdown: str = ""
    blocks: list[Shape] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)

    def words(self, most: int = 9) -> str:
        return " ".join(self.chance.choices(WORDS, k=self.chance.randint(1, most)))

    def add(self, kind: BlockKind, level: int | None, text: str) -> None:
        self.blocks.append((kind, level, text))

    def heading(self) -> None:
        level, text = self.chance.randint(1, 4), self.words()
        self.markdown += f"{'#' * level} {escaped(text)}\n\n"
        self.add(BlockKind.HEADING, level, text)

    def paragraph(self) -> None:
        text = self.words(30)
        self.markdown += f"{escaped(text)}\n\n"
        self.add(BlockKind.PARAGRAPH, None, text)

    def cited(self) -> None:
        before, quote, page = self.words(), self.words(), self.chance.randint(1, 99)
        shown = f"{before} “{quote}” [p. {page}]"
        start = len(self.markdown) + len(escaped(before)) + 1
        self.markdown += f"{escaped(before)} “{escaped(quote)}” [p. {page}] end.\n\n"
        self.citations.append(
            Citation(
                quote=quote,
                status=CitationStatus.FOUND,
                page=page,
                body_start=start,
                body_end=len(self.markdown) - len(" end.\n\n"),
            )
        )
        self.add(BlockKind.PARAGRAPH, None, f"{shown} end.")
        self.add(BlockKind.NOTE, None, f"lease.pdf, p.\u00a0{page}: “{quote}”")

    def list_(self, depth: int = 1, indent: str = "") -> None:
        ordered = self.chance.random() < 0.5
        # CommonMark lets a list right behind text begin with 1 alone.
        first = self.chance.randint(1, 12) if depth == 1 else 1
        for number in range(first, first + self.chance.randint(1, 4)):
            mark, text = (f"{number}." if ordered else "-"), self.words()
            self.markdown += f"{indent}{mark} {escaped(text)}\n"
            shown = mark if ordered else BULLETS[(depth - 1) % 3]
            self.add(BlockKind.LIST_ITEM, depth, f"{shown} {text}")
            if depth < 4 and self.chance.random() < 0.3:
                self.list_(depth + 1, indent + " " * (len(mark) + 1))
        if depth == 1:
            self.markdown += "\n---\n\n"  # else the next list would go on with this one

    def table(self) -> None:
        columns = self.chance.randint(1, 5)
        rows = [[self.words(4) for _ in range(columns)] for _ in range(self.chance.randint(2, 6))]
        lines = [f"| {' | '.join(map(escaped, row))} |" for row in rows]
        lines.insert(1, "|" + "---|" * columns)
        self.markdown += "\n".join(lines) + "\n\n"
        shown = [f"| {' | '.join(row)} |" for row in rows]
        shown.insert(1, f"| {' | '.join(['---'] * columns)} |")
        self.add(BlockKind.TABLE, None, "\n".join(shown))


def escaped(text: str) -> str:
    return text.replace("*", "\\*").replace("<", "\\<").replace("#", "\\#").replace("_", "\\_")


def drafted(seed: int) -> Draft:
    """Make a document of a seed: a heading of level 1, and a mixture of blocks."""
    draft = Draft(random.Random(seed))
    draft.markdown = "# Start\n\n"
    draft.blocks = [(BlockKind.HEADING, 1, "Start")]
    steps = (draft.heading, draft.paragraph, draft.cited, draft.list_, draft.table)
    for _ in range(draft.chance.randint(5, 25)):
        draft.chance.choice(steps)()
    return draft


def read_back(draft: Draft) -> list[Shape]:
    """Give the blocks between the notice and the closing section, as our reader finds them."""
    output = an_output(draft.markdown, citations=tuple(draft.citations), title="The title")
    document = read_docx(render_docx(output, SOURCE), ExtractionLimits())
    blocks = [(b.kind, b.level, document.text_of(b)) for b in document.blocks]
    texts = [text for _, _, text in blocks]
    return blocks[texts.index("Start") : texts.index("About this document")]


@pytest.mark.parametrize(
    "tens", [0, *(pytest.param(n, marks=pytest.mark.full) for n in range(1, 10))]
)
def test_documents_come_back_as_they_were(tens: int) -> None:
    for seed in range(tens * 10, tens * 10 + 10):
        draft = drafted(seed)

        assert read_back(draft) == draft.blocks, seed
