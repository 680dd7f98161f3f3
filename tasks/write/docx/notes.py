"""Footnotes of Word files: one for each citation, in a part of their own as Word has them."""

from collections.abc import Sequence

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from tasks.core.outputs import Citation
from tasks.write.docx.sheet import Sheet
from tasks.write.docx.xml import NAMESPACES, Manner, Paragraph, run
from tasks.write.references import reference
from tasks.write.source import SourceInfo

# Word wants the two lines that part notes from the text as notes themselves.
_LINES = "".join(
    f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:pPr><w:spacing w:after="0" w:line="240" '
    f'w:lineRule="auto"/></w:pPr><w:r><w:{kind}/></w:r></w:p></w:footnote>'
    for number, kind in ((-1, "separator"), (0, "continuationSeparator"))
)
_SPECIAL = "".join(f'<w:footnote w:id="{number}"/>' for number in (-1, 0))
_PART = PackURI("/word/footnotes.xml")


class Footnotes:
    """The notes of one document, written down as the text refers to them."""

    def __init__(self, sheet: Sheet, citations: Sequence[Citation], source: SourceInfo) -> None:
        self._sheet = sheet
        self._citations = citations
        self._source = source
        self._notes: list[str] = []

    def refer(self, number: int) -> str:
        """Note a citation, counted from 1, and write what refers to it."""
        if not 1 <= number <= len(self._citations):
            return ""
        identifier = len(self._notes) + 1
        note = self._written(self._citations[number - 1])
        self._notes.append(f'<w:footnote w:id="{identifier}">{note}</w:footnote>')
        return self._mark(f'<w:footnoteReference w:id="{identifier}"/>')

    def attach(self, document: Document) -> None:
        """Put the notes into a document, if there are any."""
        if not self._notes:
            return
        package = document.part.package
        xml = f"<w:footnotes {NAMESPACES}>{_LINES}{''.join(self._notes)}</w:footnotes>"
        head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        blob = (head + xml).encode()
        part = Part(_PART, CONTENT_TYPE.WML_FOOTNOTES, blob, package)
        document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
        settings = document.settings.element
        properties = parse_xml(f"<w:footnotePr {nsdecls('w')}>{_SPECIAL}</w:footnotePr>")
        settings.find(qn("w:compat")).addprevious(properties)

    def _written(self, citation: Citation) -> str:
        """Write a note: where it leads, what is doubtful about it, and the words."""
        told = reference(citation, self._source)
        parts = [run(told.place)]
        if told.doubt:
            parts += [run(": "), run(told.doubt, Manner(strong=1))]
        if told.quote:
            parts += [run(": "), run(f"\u201c{told.quote}\u201d")]
        mark = self._mark("<w:footnoteRef/>") + run(" ")
        return str(Paragraph(style=self._sheet.id("footnote text"), content=mark + "".join(parts)))

    def _mark(self, content: str) -> str:
        style = self._sheet.id("footnote reference")
        return f'<w:r><w:rPr><w:rStyle w:val="{style}"/></w:rPr>{content}</w:r>'
