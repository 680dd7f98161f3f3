from pathlib import Path

import pytest

from tasks.core.errors import ConfigError
from tasks.write.destination import Destination
from tasks.write.formats import FORMATS, render
from tasks.write.write import write_output
from tests.write.made import OUTPUT, SOURCE


def test_an_output_is_written_in_each_format(tmp_path: Path) -> None:
    paths = write_output(
        OUTPUT, SOURCE, to=Destination(folder=tmp_path), formats=["json", "docx", "md", "md"]
    )

    assert [path.name for path in paths] == [
        "lease.summarize.json",
        "lease.summarize.docx",
        "lease.summarize.md",
    ]
    assert all(path.read_bytes() == render(OUTPUT, SOURCE, path.suffix[1:]) for path in paths)


def test_an_unknown_format_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="unknown format 'odt'; choose from docx, md, json"):
        write_output(OUTPUT, SOURCE, to=Destination(folder=tmp_path), formats=["md", "odt"])

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("fmt", FORMATS)
def test_the_same_output_gives_the_same_bytes(fmt: str) -> None:
    assert render(OUTPUT, SOURCE, fmt) == render(OUTPUT, SOURCE, fmt)


def test_writing_again_touches_nothing(tmp_path: Path) -> None:
    first = write_output(OUTPUT, SOURCE, to=Destination(folder=tmp_path), formats=list(FORMATS))
    before = [path.stat().st_mtime_ns for path in first]

    assert (
        write_output(OUTPUT, SOURCE, to=Destination(folder=tmp_path), formats=list(FORMATS))
        == first
    )
    assert [path.stat().st_mtime_ns for path in first] == before
