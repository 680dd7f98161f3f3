"""Reading letters off pictures with tesseract, the extra `[ocr]`.

The extra brings the program's library. What it knows of languages lies in files of their own, which
Debian has as `tesseract-ocr-eng`, `tesseract-ocr-deu` and so on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from tasks.core.documents import Box

if TYPE_CHECKING:
    from tesserocr import PyTessBaseAPI

DPI = 300
"""What tesseract reads best."""

_FOLDERS = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/share/tesseract/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
)


@dataclass(frozen=True, slots=True)
class Picture:
    """A page in shades of grey, a byte a pixel; `stride` is the length of its rows."""

    pixels: bytes
    width: int
    height: int
    stride: int


@dataclass(frozen=True, slots=True)
class SeenWord:
    """A word that was read off a picture; its box is in pixels, `confidence` from 0 to 1."""

    text: str
    box: Box
    confidence: float


def data_folder(languages: Sequence[str]) -> Path | None:
    """Give the folder that has the data of all these languages, if there is one."""
    for folder in map(Path, _FOLDERS):
        if all((folder / f"{language}.traineddata").is_file() for language in languages):
            return folder
    return None


def usable(languages: Sequence[str]) -> tuple[str, ...]:
    """Give the languages if this machine can read them, else none."""
    there = languages and find_spec("tesserocr") is not None and data_folder(languages)
    return tuple(languages) if there else ()


def how_to_get(languages: Sequence[str]) -> str:
    """Say what is to be done so that pictures can be read."""
    packages = " ".join(f"tesseract-ocr-{language.replace('_', '-')}" for language in languages)
    return (
        f"install the extra [ocr] and the languages' data (on Debian: apt-get install {packages})"
    )


class Ocr:
    """Tesseract with its languages loaded, which takes a second; to be closed after use."""

    def __init__(self, languages: Sequence[str]) -> None:
        import tesserocr

        folder = data_folder(languages)
        if folder is None:
            raise FileNotFoundError(how_to_get(languages))
        self._api: PyTessBaseAPI = tesserocr.PyTessBaseAPI(
            path=str(folder), lang="+".join(languages), psm=tesserocr.PSM.AUTO
        )

    def close(self) -> None:
        """Give back its memory."""
        self._api.End()

    def lines(self, picture: Picture) -> Iterator[list[SeenWord]]:
        """Give the lines of a picture in reading order, each as its words."""
        import tesserocr

        self._api.SetImageBytes(picture.pixels, picture.width, picture.height, 1, picture.stride)
        self._api.SetSourceResolution(DPI)
        if not self._api.Recognize():
            return
        line: list[SeenWord] = []
        found = self._api.GetIterator()
        for place in tesserocr.iterate_level(found, tesserocr.RIL.WORD) if found else ():
            if line and place.IsAtBeginningOf(tesserocr.RIL.TEXTLINE):
                yield line
                line = []
            word = _word(place)
            if word:
                line.append(word)
        if line:
            yield line


def _word(place: object) -> SeenWord | None:
    import tesserocr

    level = tesserocr.RIL.WORD
    try:
        text = place.GetUTF8Text(level).strip()  # type: ignore[attr-defined]
    except RuntimeError:  # what it says where it saw a place for a word, but none in it
        return None
    box = place.BoundingBox(level)  # type: ignore[attr-defined]
    if not text or box is None:
        return None
    return SeenWord(text, Box(*map(float, box)), place.Confidence(level) / 100)  # type: ignore[attr-defined]
