"""How true the text of PDFs is: pypdfium2, pypdf and ours beside texts that people typed.

    python -m tests.benchmarks.pdf_text [FOLDER]

FOLDER holds pairs `name.pdf` and `name.txt`. Similarity is Levenshtein's, normalized, with white
space collapsed; F1 is that of the bags of words in lower case.
"""

import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pypdf
import pypdfium2
from rapidfuzz.distance import Levenshtein

from tasks.extract.plain import plain_text
from tests.corpora import CORPORA
from tests.extract.documents import read_pdf

TRUTH = CORPORA / "pdf-truth"


@dataclass(frozen=True, slots=True)
class Score:
    """How one reader did on one file."""

    similarity: float
    f1: float
    seconds: float


def main() -> None:
    """Print one table."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else TRUTH
    pairs = [(pdf, pdf.with_suffix(".txt")) for pdf in sorted(folder.glob("*.pdf"))]
    scores = {
        name: [score(read, pdf, text.read_text("utf-8")) for pdf, text in pairs]
        for name, read in READERS.items()
    }
    print(f"{'':<24}" + "".join(f"{name:>30}" for name in READERS))
    print(f"{'':<24}" + f"{'similarity      F1   seconds':>30}" * len(READERS))
    for row, (pdf, _) in enumerate(pairs):
        print(f"{pdf.name:<24}" + "".join(_cells(scores[name][row]) for name in READERS))
    print(f"{'mean, total seconds':<24}" + "".join(_cells(mean(scores[n])) for n in READERS))


def score(read: Callable[[Path], str], pdf: Path, truth: str) -> Score:
    """Read a file and compare it with its truth."""
    start = time.perf_counter()
    text = read(pdf)
    seconds = time.perf_counter() - start
    similarity = Levenshtein.normalized_similarity(" ".join(text.split()), " ".join(truth.split()))
    return Score(similarity, word_f1(text, truth), seconds)


def word_f1(text: str, truth: str) -> float:
    """Give the harmonic mean of precision and recall of the words."""
    ours, theirs = (Counter(re.findall(r"\w+", side.lower())) for side in (text, truth))
    return 2 * (ours & theirs).total() / max(1, ours.total() + theirs.total())


def mean(scores: list[Score]) -> Score:
    """Give the mean scores and the total time."""
    count = max(1, len(scores))
    return Score(
        sum(s.similarity for s in scores) / count,
        sum(s.f1 for s in scores) / count,
        sum(s.seconds for s in scores),
    )


def with_pdfium(pdf: Path) -> str:
    """Read as pypdfium2 does by itself."""
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))


def with_pypdf(pdf: Path) -> str:
    """Read as pypdf does by itself."""
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(pdf).pages)


def with_ours(pdf: Path) -> str:
    """Read as docmill does, in this process."""
    return plain_text(read_pdf(pdf.read_bytes()))


READERS: dict[str, Callable[[Path], str]] = {
    "pypdfium2": with_pdfium,
    "pypdf": with_pypdf,
    "docmill": with_ours,
}


def _cells(s: Score) -> str:
    return f"{s.similarity:>14.4f}{s.f1:>8.4f}{s.seconds:>8.1f}"


if __name__ == "__main__":
    main()
