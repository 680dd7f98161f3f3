"""What writing needs to know of a source beside the output made from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tasks.core.documents import Document
from tasks.core.reports import Characters


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceInfo:
    """A source as its outputs name it.

    `name` is for people, `stem` begins the names of the output files, and `identity` is an opaque
    text that stays the same from run to run: by it a source finds its file names again. `digest`
    is the SHA-256 of the source's bytes. `documents` are the texts, for the formats that show
    them: one under the name "", or several under the names that the output gives them.
    """

    name: str
    stem: str
    identity: str
    digest: str
    characters: Characters
    documents: Mapping[str, Document] = field(default_factory=dict)
