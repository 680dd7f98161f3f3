"""How much of a Word file's text each reader gives: ours beside its peers.

    python -m tests.benchmarks.docx_text [FOLDER] [--peers ENVIRONMENT]

For each reader: the share of the characters of the package's XML (body, headers, footers, notes,
comments, text boxes) that it gives, the worst file, and how many features of our sample it reads.
Characters that nobody sees, as zero-width ones, do not count: we take them out, and say so.
FOLDER holds .docx files; the default are the real documents beside the checkout, if there.

With `--peers` the peers are read with, too: python-docx, docx2python, mammoth and markitdown from a
virtual environment at that path, made there from the package index if it is absent, and pandoc from
the system.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tasks.extract.characters import clean
from tests.corpora import CORPORA
from tests.extract.documents import read_docx
from tests.extract.docx.package_text import characters, texts_in
from tests.samples.features import COMPUTED, MARKERS, features_docx

PACKAGES = ("python-docx", "docx2python", "mammoth", "markitdown[docx]")
PROGRAMS = {
    "python-docx": (
        "import docx\nd = docx.Document(path)\nfor b in d.iter_inner_content():\n"
        "    print(b.text if hasattr(b, 'text') else"
        " '\\n'.join(c.text for r in b.rows for c in r.cells))"
    ),
    "docx2python": "from docx2python import docx2python\nprint(docx2python(path).text)",
    "mammoth": "import mammoth\nprint(mammoth.convert_to_markdown(open(path, 'rb')).value)",
    "markitdown": (
        "from markitdown import MarkItDown\nprint(MarkItDown().convert(path).text_content)"
    ),
}
_SAME = str.maketrans({"\\": "", "\u00ad": "", "🗹": "☑"})  # other ways to write the same
Read = Callable[[Path], str]


@dataclass(frozen=True, slots=True)
class Score:
    """How one reader did: shares of characters by file, and features of the sample."""

    shares: dict[str, float]
    features: list[str]
    labels: int


def main() -> None:
    """Read with all and print one table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", type=Path, default=CORPORA / "docx")
    parser.add_argument("--peers", type=Path)
    chosen = parser.parse_args()
    readers: dict[str, Read] = {"docmill": _ours}
    if chosen.peers:
        readers |= _peers(chosen.peers)
    print(f"| reader | characters, mean | worst file | features of {len(MARKERS)} | labels |")
    print("|---|---|---|---|---|")
    missing = {}
    with tempfile.TemporaryDirectory() as folder:
        sample = Path(folder) / "features.docx"
        sample.write_bytes(features_docx())
        paths = [*sorted(chosen.folder.glob("*.docx")), sample]
        for name, read in readers.items():
            score = _score(read, paths, sample)
            missing[name] = [feature for feature in MARKERS if feature not in score.features]
            print(_line(name, score))
    for name, features in missing.items():
        print(f"\n{name} misses: {', '.join(features) or 'nothing'}")


def _score(read: Read, paths: list[Path], sample: Path) -> Score:
    shares, text = {}, ""
    for path in paths:
        expected = characters(clean("".join(texts_in(path.read_bytes())))[0])
        text = read(path)
        found = (expected & characters(text)).total()
        shares[path.name] = found / max(expected.total(), 1)
    assert paths[-1] is sample
    spaced = " ".join(text.translate(_SAME).split())
    features = [feature for feature, word in MARKERS.items() if word in spaced]
    labels = sum(f"{label}{MARKERS[feature]}" in spaced for feature, label in COMPUTED.items())
    return Score(shares, features, labels)


def _line(name: str, score: Score) -> str:
    worst = min(score.shares, key=lambda path: score.shares[path])
    mean = sum(score.shares.values()) / len(score.shares)
    return (
        f"| {name} | {mean:.2%} | {score.shares[worst]:.2%} ({worst}) | {len(score.features)} "
        f"| {score.labels} of {len(COMPUTED)} |"
    )


def _ours(path: Path) -> str:
    document = read_docx(path.read_bytes())
    return "\n".join([document.text, *(link.target for link in document.links)])


def _peers(environment: Path) -> dict[str, Read]:
    python = environment / "bin" / "python"
    if not python.exists():
        venv.create(environment, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    peers = {name: _program(python, program) for name, program in PROGRAMS.items()}
    pandoc = shutil.which("pandoc")
    if pandoc:
        peers["pandoc"] = lambda path: _output([pandoc, "-t", "markdown", "--wrap=none", str(path)])
    else:
        print("pandoc is not installed and left out", file=sys.stderr)
    return peers


def _program(python: Path, program: str) -> Read:
    return lambda path: _output([str(python), "-c", f"path = {json.dumps(str(path))}\n{program}"])


def _output(command: list[str]) -> str:
    """Give what a command prints; a reader that fails gives nothing."""
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    return ended.stdout


if __name__ == "__main__":
    main()
