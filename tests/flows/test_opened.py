"""The outputs, opened by the programs that people open them with."""

import subprocess
from pathlib import Path

import pytest

from tests.flows.running import SAMPLES, docmill

pytestmark = [pytest.mark.full, pytest.mark.xdist_group("prefect")]


def text_in_libreoffice(document: Path, folder: Path) -> str:
    """Have LibreOffice set a document as PDF, and give the text of its pages."""
    office = ["soffice", f"-env:UserInstallation=file://{folder}/office", "--headless"]
    subprocess.run(
        [*office, "--convert-to", "pdf", "--outdir", folder, document],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    pdf = folder / f"{document.stem}.pdf"
    shown = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True)
    return shown.stdout.decode()


@pytest.mark.parametrize("recipe", ["summarize", "key-facts"])
def test_word_documents_open_in_libreoffice(
    recipe: str, prefect_server: dict[str, str], tmp_path: Path
) -> None:
    ended = docmill(
        "run", SAMPLES / "contract.pdf", "--recipe", recipe, "--to", tmp_path,
        "--provider", "offline", env=prefect_server,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr

    shown = text_in_libreoffice(tmp_path / f"contract.{recipe}.docx", tmp_path)

    assert "No model was asked" in shown
    assert "About this document" in shown
    assert "EUR" in shown
