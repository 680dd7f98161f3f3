"""What the text of a Word file refers to: its styles, lists, links and footnotes."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE

from tasks.core.outputs import Citation
from tasks.write.docx.lists import Numbering
from tasks.write.docx.notes import Footnotes
from tasks.write.docx.sheet import Sheet
from tasks.write.source import SourceInfo


@dataclass(slots=True)
class Links:
    """The targets of links, each under a name made from it, since a search would be slow."""

    targets: dict[str, str] = field(default_factory=dict)

    def name(self, target: str) -> str:
        """Give the name under which a target is referred to."""
        name = f"link{hashlib.sha256(target.encode()).hexdigest()[:24]}"
        self.targets[name] = target
        return name

    def attach(self, document: Document) -> None:
        """Put the targets into a document."""
        for name, target in self.targets.items():
            document.part.rels.add_relationship(
                RELATIONSHIP_TYPE.HYPERLINK, target, name, is_external=True
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """What text refers to."""

    sheet: Sheet
    numbering: Numbering
    notes: Footnotes
    links: Links

    def attach(self, document: Document) -> None:
        """Put what was referred to into a document."""
        self.links.attach(document)
        self.notes.attach(document)


def resources(
    document: Document, sheet: Sheet, citations: Sequence[Citation], source: SourceInfo
) -> Resources:
    """Give the resources of a document whose styles are set."""
    return Resources(
        sheet=sheet,
        numbering=Numbering(document, sheet),
        notes=Footnotes(sheet, citations, source),
        links=Links(),
    )
