"""How true the text of PDFs is, and how quick: ours and its peers beside texts that people typed.

    python -m tests.benchmarks.pdf_text [FOLDER] [--rounds 3] [--peers ENVIRONMENT]

FOLDER holds pairs `name.pdf` and `name.txt`; the default are the real documents beside the
checkout, if there. Similarity is Levenshtein's, normalized, with white space collapsed; F1 is that
of the bags of words in lower case. Ours is the text of `docmill extract --as text`. Seconds are of
the processor and leave out the start of the program; they are those of the quickest round, in which
each reader reads all files once.

With `--peers` those that docmill does not need are read with, too: pdfminer.six, markitdown and
docling-parse from a virtual environment at that path, made there from the package index if it is
absent, and pdftotext from the system.
"""

import argparse
import json
import logging
import re
import shutil
import subprocess
import sys
import time
import venv
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdf
import pypdfium2
from rapidfuzz.distance import Levenshtein

from tasks.extract.plain import plain_text
from tests.corpora import CORPORA
from tests.extract.documents import read_pdf

PACKAGES = ("pdfminer.six", "markitdown[pdf]", "docling-parse")
PROGRAMS = {
    "pdfminer.six": "from pdfminer.high_level import extract_text as read",
    "markitdown": (
        "from markitdown import MarkItDown\nread = lambda path: MarkItDown().convert(path).markdown"
    ),
    "docling-parse": (
        "from docling_core.types.doc.page import TextCellUnit\n"
        "from docling_parse.pdf_parser import DoclingPdfParser\n"
        "def read(path):\n"
        "    pages = DoclingPdfParser().load(path_or_stream=path).iterate_pages()\n"
        "    return '\\n'.join(cell.text for _, page in pages\n"
        "        for cell in page.iterate_cells(unit_type=TextCellUnit.LINE))"
    ),
}
_AROUND = """
import json, sys, time
{program}
start = time.process_time()
text = read(sys.argv[1])
print(json.dumps([text, time.process_time() - start]))
"""
Reading = tuple[str, float]
"""A text, and the seconds that it took."""
Read = Callable[[Path], Reading]


@dataclass(frozen=True, slots=True)
class Score:
    """How one reader did on one file."""

    similarity: float
    f1: float
    seconds: float


def main() -> None:
    """Read with all and print one table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", type=Path, default=CORPORA / "pdf-truth")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", type=Path)
    chosen = parser.parse_args()
    logging.disable(logging.CRITICAL)
    papers = sorted(chosen.folder.glob("*.pdf"))
    readers: dict[str, Read] = {
        "docmill": _timed(with_ours),
        "pypdfium2": _timed(with_pdfium),
        "pypdf": _timed(with_pypdf),
    }
    if chosen.peers:
        readers |= _peers(chosen.peers)
    print("| reader | similarity | worst | word F1 | worst | seconds |")
    print("|---|---|---|---|---|---|")
    for name, read in readers.items():
        rounds = [[read(paper) for paper in papers] for _ in range(chosen.rounds)]
        quickest = min(rounds, key=lambda readings: sum(seconds for _, seconds in readings))
        scores = [_scored(*pair) for pair in zip(quickest, papers, strict=True)]
        print(_line(name, scores))


def _line(name: str, scores: Sequence[Score]) -> str:
    if not scores:
        return f"| {name} | no files | | | | |"
    similarities, f1s = [s.similarity for s in scores], [s.f1 for s in scores]
    return (
        f"| {name} | {sum(similarities) / len(scores):.4f} | {min(similarities):.4f} "
        f"| {sum(f1s) / len(scores):.4f} | {min(f1s):.4f} | {sum(s.seconds for s in scores):.2f} |"
    )


def score(read: Callable[[Path], str], pdf: Path, truth: str) -> Score:
    """Read a file and compare it with its truth."""
    text, seconds = _timed(read)(pdf)
    similarity = Levenshtein.normalized_similarity(" ".join(text.split()), " ".join(truth.split()))
    return Score(similarity, word_f1(text, truth), seconds)


def word_f1(text: str, truth: str) -> float:
    """Give the harmonic mean of precision and recall of the words."""
    ours, theirs = (Counter(re.findall(r"\w+", side.lower())) for side in (text, truth))
    return 2 * (ours & theirs).total() / max(1, ours.total() + theirs.total())


def with_pdfium(pdf: Path) -> str:
    """Read as pypdfium2 does by itself."""
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))


def with_pypdf(pdf: Path) -> str:
    """Read as pypdf does by itself."""
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(pdf).pages)


def with_ours(pdf: Path) -> str:
    """Read as docmill does, in this process."""
    return plain_text(read_pdf(pdf.read_bytes()))


def _scored(reading: Reading, pdf: Path) -> Score:
    text, seconds = reading
    measured = score(lambda _: text, pdf, pdf.with_suffix(".txt").read_text("utf-8"))
    return Score(measured.similarity, measured.f1, seconds)


def _timed(read: Callable[[Path], str]) -> Read:
    def timed(pdf: Path) -> Reading:
        start = time.process_time()
        text = read(pdf)
        return text, time.process_time() - start

    return timed


def _peers(environment: Path) -> dict[str, Read]:
    python = environment / "bin" / "python"
    if not python.exists():
        venv.create(environment, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    peers = {name: _program(python, program) for name, program in PROGRAMS.items()}
    if shutil.which("pdftotext"):
        peers["pdftotext"] = _pdftotext
    else:
        print("pdftotext is not installed and left out", file=sys.stderr)
    return peers


def _program(python: Path, program: str) -> Read:
    def read(pdf: Path) -> Reading:
        command = [str(python), "-c", _AROUND.format(program=program), str(pdf)]
        ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
        if ended.returncode:
            print(f"{program.split()[1]}: {ended.stderr.splitlines()[-1:]}", file=sys.stderr)
            return "", 0.0
        text, seconds = json.loads(ended.stdout.splitlines()[-1])
        return text, seconds

    return read


def _pdftotext(pdf: Path) -> Reading:
    start = time.perf_counter()
    ended = subprocess.run(["pdftotext", pdf, "-"], capture_output=True, text=True, check=True)
    return ended.stdout, time.perf_counter() - start


if __name__ == "__main__":
    main()
