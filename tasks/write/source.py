"""What writing needs to know of a source beside the output made from it."""

from dataclasses import dataclass

from tasks.core.documents import Characters, Document


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceInfo:
    """A source as its outputs name it.

    `name` is for people, `stem` begins the names of the output files, and `identity` is an opaque
    text that stays the same from run to run: by it a source finds its file names again. `digest`
    is the SHA-256 of the source's bytes. `document` is its text, for the formats that show it.
    """

    name: str
    stem: str
    identity: str
    digest: str
    characters: Characters
    document: Document | None = None
