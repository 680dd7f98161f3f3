"""What a person may ask of the readers beside the file itself."""

from dataclasses import dataclass, fields
from enum import StrEnum


class Changes(StrEnum):
    """Which tracked changes are in the text: as if all were accepted, or the deleted ones too."""

    ACCEPTED = "accepted"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractionOptions:
    """Each option changes what a document holds, so all of them are in the store's key.

    With `include_hidden`, text that no reader of the document sees is sent to the model as well.
    """

    changes: Changes = Changes.ACCEPTED
    include_hidden: bool = False

    def key(self) -> str:
        """Name the options that are not at their defaults."""
        chosen = ((field, getattr(self, field.name)) for field in fields(self))
        return " ".join(f"{f.name}={value}" for f, value in chosen if value != f.default)
