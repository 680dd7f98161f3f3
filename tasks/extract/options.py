"""What a person may choose about reading; each choice changes the text, and so the store's key."""

from dataclasses import astuple, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingOptions:
    """How to read a source.

    `hidden_text`: text that a reader of the page would not see is sent like any other, and not set
    apart. `ocr_languages`: tesseract's names of the languages that scanned pages are in; without
    any, such pages are reported as `needs OCR`. `all_changes`: a Word file's tracked changes are
    read as such, `{++added++}` and `{--deleted--}`, and not as if all had been accepted.
    """

    hidden_text: bool = False
    ocr_languages: tuple[str, ...] = ()
    all_changes: bool = False

    def key(self) -> str:
        """Name the choices for the store."""
        return repr(astuple(self))
