"""How long a long output takes in each format, beside pandoc for the same Markdown.

    python -m tests.benchmarks.writing [--pages 1000] [--times 3]

A page counts as 3,000 characters: some 500 words. pandoc writes the bare text; docmill's files hold
a footnote for each citation as well, and the reader holds the source.
"""

import argparse
import random
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tasks.core.documents import Document, Page
from tasks.core.outputs import Citation, CitationStatus, Output
from tasks.write.formats import render
from tests.write.made import a_source, an_output

CHARACTERS_OF_A_PAGE = 3000
WORDS = (
    "supplier buyer shall deliver goods notice term payment liability clause party agreement "
    "written consent within days after date of the and to in by for any under this such"
)
FORMATS = ("docx", "html", "md", "json", "pdf")


def an_answer(pages: int) -> tuple[Output, Document]:
    """Make an answer of so many pages over a source of as many, with a citation to a paragraph."""
    chance, words = random.Random(1), WORDS.split()
    body: list[str] = []
    citations: list[Citation] = []
    at = paragraph = 0
    while at < pages * CHARACTERS_OF_A_PAGE:
        quote = " ".join(chance.choices(words, k=9))
        text = " ".join(chance.choices(words, k=70))
        block = f"{text} **{words[0]}** “{quote}” [p. {paragraph % pages + 1}].\n\n"
        if paragraph % 8 == 0:
            block = f"## Part {paragraph}\n\n{block}| a | b |\n|---|---|\n| {quote} | 12 |\n\n"
        if paragraph % 5 == 0:
            block += f"- {quote}\n- *{words[1]}* {quote}\n\n"
        start = at + block.index("“")
        citations.append(
            Citation(
                quote=quote,
                status=CitationStatus.FOUND,
                page=paragraph % pages + 1,
                start=at,
                end=at + 60,
                body_start=start,
                body_end=at + block.index("]") + 1,
            )
        )
        body.append(block)
        at += len(block)
        paragraph += 1
    text = "".join(body)
    size = len(text) // pages
    source = Document(
        digest="d",
        text=text,
        pages=tuple(Page(number=n + 1, start=n * size, end=(n + 1) * size) for n in range(pages)),
    )
    return an_output(text, citations=tuple(citations), records=None), source


def seconds(do: Callable[[], object], times: int) -> float:
    """Give the median of several runs."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        do()
        taken.append(time.perf_counter() - began)
    return median(taken)


def by_pandoc(markdown: Path, fmt: str) -> Callable[[], object]:
    target = markdown.with_suffix(f".{fmt}")
    command = ["pandoc", "-f", "commonmark+pipe_tables", "-s", str(markdown), "-o", str(target)]
    return lambda: subprocess.run(command, check=True, capture_output=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=100)
    parser.add_argument("--times", type=int, default=3)
    asked = parser.parse_args()
    output, document = an_answer(asked.pages)
    source = a_source(documents={"": document})
    print(f"{len(output.body):,} characters, {len(output.citations):,} citations\n")
    print("| format | docmill s | pandoc s | docmill / pandoc |\n|---|--:|--:|--:|")
    with TemporaryDirectory() as folder:
        markdown = Path(folder) / "body.md"
        markdown.write_text(output.body, encoding="utf-8")
        for fmt in FORMATS:
            ours = seconds(lambda fmt=fmt: render(output, source, fmt), asked.times)  # type: ignore[misc]
            theirs = None
            if shutil.which("pandoc") and fmt in {"docx", "html"}:
                theirs = seconds(by_pandoc(markdown, fmt), asked.times)
            beside = f"{theirs:.2f} | {ours / theirs:.2f}" if theirs else "– | –"
            print(f"| {fmt} | {ours:.2f} | {beside} |", flush=True)


if __name__ == "__main__":
    main()
