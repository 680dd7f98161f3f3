"""Joining answers in the order of their chunks: translations, rewrites."""

from collections.abc import Iterable

from tasks.core.documents import Answer, Chunk


def concat(answers: Iterable[Answer]) -> str:
    """Join the answers as paragraphs; a failed chunk leaves a mark that names it."""
    ordered = sorted(answers, key=lambda answer: answer.chunk.index)
    return "\n\n".join(
        answer.usable.text if answer.usable else gap_mark(answer) for answer in ordered
    )


def side_by_side(answers: Iterable[Answer]) -> str:
    """Put answers that could not be merged under a heading each, claiming nothing of the whole."""
    ordered = sorted(answers, key=lambda answer: answer.chunk.index)
    return "\n\n".join(
        f"## {part_name(answer.chunk)}\n\n"
        + (answer.usable.text if answer.usable else gap_mark(answer))
        for answer in ordered
    )


def gap_mark(answer: Answer) -> str:
    """Give the line that stands where an answer is missing."""
    return f"*[{part_name(answer.chunk)} is missing: {answer.failure}]*"


def part_name(chunk: Chunk) -> str:
    """Name a chunk for people, as in "Part 2 of 5 (pages 12-30)"."""
    name = f"Part {chunk.index} of {chunk.total}"
    return f"{name} ({pages_name(chunk.pages)})" if chunk.pages else name


def pages_name(pages: tuple[int, ...]) -> str:
    """Name a run of pages, as in "page 3" or "pages 3-7"."""
    if len(pages) == 1:
        return f"page {pages[0]}"
    return f"pages {pages[0]}-{pages[-1]}"
