"""Reading the prose that the samples are made of: plain text with a few marks."""

from pathlib import Path

_FOLDER = Path(__file__).parent / "prose"


def lines_of(name: str) -> list[str]:
    """Give the lines of a prose file that hold something."""
    text = (_FOLDER / name).read_text(encoding="utf-8")
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def pages_of(name: str) -> list[str]:
    """Give the parts of a prose file between lines of `===`."""
    return (_FOLDER / name).read_text(encoding="utf-8").split("===\n")


def sections_of(name: str, *, mark: str) -> dict[str, list[str]]:
    """Give the lines below each line that begins with `mark`."""
    sections: dict[str, list[str]] = {}
    for line in lines_of(name):
        if line.startswith(mark):
            title = line.removeprefix(mark).strip()
            sections[title] = []
        else:
            sections[title].append(line)
    return sections


def rows_of(name: str) -> list[list[str]]:
    """Give the fields of each line, separated by bars."""
    return [[field.strip() for field in line.split("|")] for line in lines_of(name)]
