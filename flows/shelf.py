"""What a run keeps of its outputs until the last document is finished."""

from dataclasses import dataclass, field

from tasks.core.outputs import Output
from tasks.core.store import DocumentRef
from tasks.write.source import SourceInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An output with its source and the place of the source's text."""

    output: Output
    source: SourceInfo
    ref: DocumentRef


@dataclass(slots=True)
class Shelf:
    """The outputs of a run by the path of their source, as it was given."""

    kept: dict[str, Kept] = field(default_factory=dict)

    def put(self, output: Output, source: SourceInfo, ref: DocumentRef) -> None:
        """Keep the output of a document."""
        self.kept[ref.path] = Kept(output=output, source=source, ref=ref)
