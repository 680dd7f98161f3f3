"""How well and how quickly pages that are pictures are read: our OCR beside its peers.

    python -m tests.benchmarks.ocr [FOLDER] [--pages 1] [--peers ENVIRONMENT]

The sample scan is compared with the text that it was drawn from. The first pages of each PDF of
FOLDER, by default the real documents beside the checkout, are turned into pictures of 200 dots an
inch and compared with what pdfium reads of the pages themselves. Figures are the F1 of the words.

With `--peers`, rapidocr and ocrmypdf from a virtual environment at that path, made there if it is
absent; ocrmypdf calls the system's `tesseract`. Seconds are those of the clock, with what each
takes to start.
"""

import argparse
import io
import json
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pypdfium2 as pdfium
from fpdf import FPDF

from tasks.extract.ocr import how_to_get, usable
from tasks.extract.options import ReadingOptions
from tasks.extract.pdf.reader import READER
from tests.benchmarks.pdf_text import with_pdfium, word_f1
from tests.corpora import CORPORA
from tests.extract.documents import read_with
from tests.samples.prose_files import pages_of

SAMPLES = Path(__file__).parents[1] / "samples"
DPI = 200
PACKAGES = ("rapidocr", "onnxruntime", "pypdfium2", "pillow", "ocrmypdf")
_RAPIDOCR = """
import json, sys
import numpy, pypdfium2
from rapidocr import RapidOCR
engine, texts = RapidOCR(), []
for page in pypdfium2.PdfDocument(sys.argv[1]):
    seen = engine(numpy.array(page.render(scale=200 / 72).to_pil()))
    texts.append("\\n".join(seen.txts or ()))
print(json.dumps("\\n".join(texts)))
"""


@dataclass(frozen=True, slots=True)
class Case:
    """A PDF of pictures, and what is written on them."""

    name: str
    data: bytes
    pages: int
    truth: str


def main() -> None:
    """Read with all and print one table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", type=Path, default=CORPORA / "pdf-truth")
    parser.add_argument("--pages", type=int, default=1)
    parser.add_argument("--peers", type=Path)
    chosen = parser.parse_args()
    if not usable(("eng",)):
        print(f"no OCR here: {how_to_get(('eng',))}")
        return
    readers: dict[str, Callable[[Path], str]] = {"docmill (tesserocr)": _ours}
    if chosen.peers:
        readers |= _peers(chosen.peers)
    cases = list(_cases(chosen.folder, chosen.pages))
    print(f"| reader | {' | '.join(case.name for case in cases)} | seconds a page |")
    print(f"|---|{'---|' * (len(cases) + 1)}")
    with tempfile.TemporaryDirectory() as folder:
        for name, read in readers.items():
            print(_line(name, read, cases, Path(folder)), flush=True)


def _line(name: str, read: Callable[[Path], str], cases: list[Case], folder: Path) -> str:
    scores, seconds = [], 0.0
    for case in cases:
        path = folder / "case.pdf"
        path.write_bytes(case.data)
        start = time.perf_counter()
        text = read(path)
        seconds += time.perf_counter() - start
        scores.append(f"{word_f1(text, case.truth):.3f}")
    pages = sum(case.pages for case in cases)
    return f"| {name} | {' | '.join(scores)} | {seconds / pages:.1f} |"


def _cases(folder: Path, pages: int) -> Iterator[Case]:
    scan = (SAMPLES / "scan.pdf").read_bytes()
    yield Case("scan.pdf", scan, 2, "\n".join(pages_of("scan.txt")))
    for path in sorted(folder.glob("*.pdf")):
        yield _photographed(path, pages)


def _photographed(path: Path, pages: int) -> Case:
    """Make pictures of the first pages of a PDF."""
    pictures = FPDF(unit="pt")
    source = pdfium.PdfDocument(path)
    kept = pdfium.PdfDocument.new()
    kept.import_pages(source, list(range(min(pages, len(source)))))
    for page in kept:
        picture = io.BytesIO()
        page.render(scale=DPI / 72, grayscale=True).to_pil().save(picture, "PNG")
        pictures.add_page(format=page.get_size())
        pictures.image(picture, x=0, y=0, w=page.get_width(), h=page.get_height())
    own = io.BytesIO()
    kept.save(own)
    with tempfile.NamedTemporaryFile(suffix=".pdf") as copy:
        copy.write(own.getvalue())
        copy.flush()
        truth = with_pdfium(Path(copy.name)).replace("\ufffe", "")
    return Case(path.name, bytes(pictures.output()), len(kept), truth.replace("\x02", ""))


def _ours(path: Path) -> str:
    options = ReadingOptions(ocr_languages=("eng",))
    return read_with(READER, path.read_bytes(), options=options).text


def _peers(environment: Path) -> dict[str, Callable[[Path], str]]:
    python = environment / "bin" / "python"
    if not python.exists():
        venv.create(environment, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    peers: dict[str, Callable[[Path], str]] = {"rapidocr": partial(_rapidocr, python)}
    if shutil.which("tesseract"):
        peers["ocrmypdf"] = partial(_ocrmypdf, python)
    else:
        print("tesseract is not installed, and ocrmypdf left out", file=sys.stderr)
    return peers


def _rapidocr(python: Path, path: Path) -> str:
    command = [str(python), "-c", _RAPIDOCR, str(path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900)
    if ended.returncode:
        print(f"rapidocr: {ended.stderr.splitlines()[-1:]}", file=sys.stderr)
        return ""
    text: str = json.loads(ended.stdout.splitlines()[-1])
    return text


def _ocrmypdf(python: Path, path: Path) -> str:
    out = path.with_suffix(".ocr.pdf")
    paths = str(path), str(out)
    command = [str(python), "-m", "ocrmypdf", "--quiet", "--output-type", "pdf", *paths]
    subprocess.run(command, check=True, timeout=900)
    return with_pdfium(out)


if __name__ == "__main__":
    main()
