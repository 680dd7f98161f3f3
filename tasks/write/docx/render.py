"""Write an output as a Word file."""

from docx import Document
from docx.document import Document as DocumentType
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.text.paragraph import Paragraph

from tasks.core.documents import Output
from tasks.write.about import ABOUT_TITLE, NOT_COVERED, about_facts, gap_lines, warnings_of
from tasks.write.clean import clean, one_line
from tasks.write.docx.blocks import BlockWriter
from tasks.write.docx.inline import set_direction
from tasks.write.docx.package import as_bytes, set_properties
from tasks.write.docx.styles import set_look, style_id
from tasks.write.docx.tables import add_paragraph, add_table, plain_cell, strong_cell
from tasks.write.escape import escaped
from tasks.write.inner import parse
from tasks.write.source import SourceInfo

_LONGEST_FOOTER_TITLE = 90


def render_docx(output: Output, source: SourceInfo) -> bytes:
    """Give the output as a Word file in Word's own styles; the same output gives the same bytes."""
    document = Document()
    set_look(document)
    title = one_line(output.title)
    set_properties(document, title)
    _add_footer(document, title)
    _add_text(document, title, style="Title")
    for notice in warnings_of(output):
        _add_text(document, one_line(notice), style="Intense Quote")
    writer = BlockWriter(document)
    writer.write(parse(clean(output.body)))
    _add_about(document, writer, output=output, source=source)
    return as_bytes(document)


def _add_text(document: DocumentType, text: str, *, style: str) -> None:
    """Add a paragraph of plain text."""
    paragraph = add_paragraph(document, style)
    paragraph.add_run(text)
    set_direction(paragraph, text)


def _add_about(
    document: DocumentType, writer: BlockWriter, *, output: Output, source: SourceInfo
) -> None:
    """Add the closing section."""
    _add_text(document, ABOUT_TITLE, style="heading 1")
    facts = about_facts(output, source)
    rows = [[strong_cell(label), plain_cell(one_line(fact))] for label, fact in facts]
    add_table(document, rows, headed=False)
    if output.gaps:
        _add_text(document, NOT_COVERED, style="heading 2")
        writer.write(parse("\n".join(f"- {escaped(line)}" for line in gap_lines(output))))


def _add_footer(document: DocumentType, title: str) -> None:
    """Put the title and the page's number at the foot of each page."""
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph._p.style = style_id("footer")
    short = title[: _LONGEST_FOOTER_TITLE - 1] + "\u2026"
    paragraph.add_run(title if len(title) <= _LONGEST_FOOTER_TITLE else short)
    paragraph.add_run("\tPage ")
    _add_field(paragraph, "PAGE")
    paragraph.add_run(" of ")
    _add_field(paragraph, "NUMPAGES")


def _add_field(paragraph: Paragraph, name: str) -> None:
    """Add a number that Word counts."""
    field = f'<w:fldSimple {nsdecls("w")} w:instr="{name}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    paragraph._p.append(parse_xml(field))
