"""Write the sample documents: `python -m tests.samples.make`; the same bytes each time."""

import json
import sys
from pathlib import Path

from tests.samples.facts import facts_with_pages
from tests.samples.pdfs import (
    contract_pdf,
    damaged_pdf,
    encrypted_pdf,
    scan_pdf,
    two_columns_pdf,
)
from tests.samples.report import report_docx

HERE = Path(__file__).parent


def samples() -> dict[str, bytes]:
    """Make all samples and the list of their facts, by file name."""
    contract = contract_pdf()
    files = {
        "contract.pdf": contract,
        "annual-report.docx": report_docx(),
        "minutes.md": (HERE / "prose" / "minutes.md").read_bytes(),
        "two-columns.pdf": two_columns_pdf(),
        "scan.pdf": scan_pdf(),
        "encrypted.pdf": encrypted_pdf(),
        "damaged.pdf": damaged_pdf(contract),
    }
    facts = json.dumps(facts_with_pages(files), indent=2, ensure_ascii=False) + "\n"
    return {**files, "facts.json": facts.encode()}


def write(folder: Path) -> None:
    """Make all samples and write them into a folder."""
    for name, content in samples().items():
        (folder / name).write_bytes(content)
        sys.stdout.write(f"{name}: {len(content):,} bytes\n")


if __name__ == "__main__":
    write(HERE)
