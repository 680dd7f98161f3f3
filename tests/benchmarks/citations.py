"""True and altered quotations, looked up in text as PDFs give it, and the time that it takes.

    python -m tests.benchmarks.citations [QUOTES] [--pdf]

Quotations are drawn from the sentences of `tests/samples/languages`; each altered one differs from
a true one in a number, a name or a negation. With `--pdf` the sources are set by LibreOffice and
read by docmill; else their text is worn by code. The long source has the sentences again and again
among other words, so that an index is worth its while.
"""

import asyncio
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tasks.core.documents import Document
from tasks.core.outputs import CitationStatus
from tasks.extract.limits import ExtractionLimits
from tasks.extract.read import extract
from tasks.merge.lookup.cited import NOWHERE
from tasks.merge.lookup.find import find
from tasks.merge.lookup.source import Source
from tests.samples.languages import LANGUAGES, Prose, altered, prose, quotations
from tests.samples.languages.layout import laid_out

KINDS = ("number", "name", "negation")


def main() -> None:
    """Print one table of what was found, and one of the time."""
    numbers = [int(argument) for argument in sys.argv[1:] if argument.isdigit()]
    count = (numbers[0] if numbers else 400) // len(LANGUAGES)
    print("| language | quotes | of | found | approximate | not found |")
    print("|---|---|---|---|---|---|")
    for language in LANGUAGES:
        text = prose(language)
        source = Source(_as_pdf(text) if "--pdf" in sys.argv else laid_out(text, _draw(language)))
        for kind, quotes in _quotes(text, count):
            print(f"| {language} | {kind} | {_counts(quotes, source)} |")
    _time()


def _quotes(text: Prose, count: int) -> Iterator[tuple[str, list[str]]]:
    source = _draw(text.language)
    yield "true", quotations(text, source, count)
    for kind in KINDS:
        wanted = -(-count // len(KINDS))
        lies: list[str] = []
        while len(lies) < wanted:
            (quote,) = quotations(text, source, 1)
            lie = altered(quote, text, kind, source)
            lies += [lie] if lie is not None else []
        yield kind, lies


def _counts(quotes: list[str], source: Source) -> str:
    got = Counter(find(quote, NOWHERE, source).status for quote in quotes)
    shares = (f"{got[status]} ({got[status] / len(quotes):.1%})" for status in CitationStatus)
    return " | ".join([str(len(quotes)), *shares])


def _time() -> None:
    text = prose("english")
    source = _draw("time")
    words = " ".join(text.sentences).split()
    filling = " ".join("".join(source.sample(w, len(w))) for w in source.choices(words, k=400_000))
    document = Document(digest="long", text=f"{filling} {' '.join(text.sentences)} {filling}")
    begun = time.perf_counter()
    prepared = Source(document)
    find("something that nobody has ever said of this", NOWHERE, prepared)
    indexed = time.perf_counter()
    print(f"\n| source of {len(document.text):,} characters | |\n|---|---|")
    print(f"| made ready, index and all | {indexed - begun:.2f} s |")
    for kind, quotes in _quotes(text, 90):
        begun = time.perf_counter()
        got = _counts(quotes, prepared)
        spent = (time.perf_counter() - begun) / len(quotes)
        print(f"| {kind} | {spent * 1000:.1f} ms each; {got} |")


def _draw(seed: str) -> random.Random:
    return random.Random(seed)


def _as_pdf(text: Prose) -> Document:
    """Set the sentences in two narrow columns by LibreOffice and read the PDF."""
    direction = ' dir="rtl"' if text.language == "arabic" else ""
    paragraphs = "".join(f"<p align='justify'{direction}>{s}</p>" for s in text.sentences)
    with TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(
            f'<html lang="{text.language[:2]}"><meta charset="utf-8"><body{direction}>'
            f'<table width="45%"><tr><td>{paragraphs}</td></tr></table></body></html>',
            encoding="utf-8",
        )
        subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{folder}/office", "--headless",
             "--convert-to", "pdf:writer_web_pdf_Export", "--outdir", folder, str(page)],
            check=True, capture_output=True, timeout=180,
        )  # fmt: skip
        return asyncio.run(extract(Path(folder) / "page.pdf", ExtractionLimits()))


if __name__ == "__main__":
    main()
