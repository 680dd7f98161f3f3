"""Every change of what reads gives other keys, so that nothing old is taken for what is new."""

import ast
import shutil
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tasks.extract import version
from tasks.extract.version import LIBRARIES, reader_version

FOLDER = Path(version.__file__).parent
NO_READERS = {"prefect"}  # the stage's own task


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "extract"
    shutil.copytree(FOLDER, folder)
    monkeypatch.setattr(version, "_FOLDER", folder)
    return folder


def test_the_same_code_has_the_same_version_wherever_it_lies(copied: Path) -> None:
    assert reader_version.__wrapped__() == reader_version()


def test_any_change_of_a_reader_or_a_library_is_another_version(
    copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = {reader_version()}
    with (copied / "docx" / "story.py").open("a", encoding="utf-8") as stream:
        stream.write("\n")
    versions.add(reader_version.__wrapped__())
    (copied / "docx" / "fields.py").rename(copied / "docx" / "codes.py")
    versions.add(reader_version.__wrapped__())
    monkeypatch.setattr(version, "version", lambda name: f"9 {name}")
    versions.add(reader_version.__wrapped__())

    assert len(versions) == 4


def test_all_libraries_that_readers_import_are_in_it() -> None:
    by_module = packages_distributions()
    imported = {name for path in FOLDER.rglob("*.py") for name in modules(path)}
    outside = imported - set(sys.stdlib_module_names) - {"tasks"} - NO_READERS

    assert {by_module[name][0].lower() for name in outside} == set(LIBRARIES)


def modules(path: Path) -> set[str]:
    """Give the first words of the modules that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found
