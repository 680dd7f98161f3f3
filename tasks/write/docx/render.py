"""Write an output as a Word file."""

from collections.abc import Iterator
from pathlib import Path

from docx.document import Document
from docx.oxml import parse_xml

from tasks.core.outputs import Output
from tasks.write.about import ABOUT_TITLE, NOT_COVERED, about_facts, gap_lines, warnings_of
from tasks.write.anchors import anchored
from tasks.write.clean import clean, one_line
from tasks.write.direction import reads_right_to_left
from tasks.write.docx.blocks import BlockWriter
from tasks.write.docx.contents import contents
from tasks.write.docx.house import house_document, new_document, text_width
from tasks.write.docx.package import as_bytes, set_properties
from tasks.write.docx.resources import Resources, resources
from tasks.write.docx.running import add_running_lines
from tasks.write.docx.sheet import house_sheet, own_sheet
from tasks.write.docx.tables import plain_cell, strong_cell, table
from tasks.write.docx.xml import NAMESPACES, Paragraph, run
from tasks.write.escape import escaped
from tasks.write.headings import wants_contents
from tasks.write.inner import parse
from tasks.write.language import language_of
from tasks.write.source import SourceInfo


def render_docx(output: Output, source: SourceInfo, *, template: Path | None = None) -> bytes:
    """Give the output as a Word file in Word's own styles; the same output gives the same bytes.

    With a template its styles, page, headers and footers are kept. Citations become footnotes.
    """
    document = house_document(template) if template else new_document()
    language = language_of(output.body)
    sheet = (house_sheet if template else own_sheet)(
        document, language=language, width=text_width(document)
    )
    title = one_line(output.title)
    set_properties(document, title, language=language.main, is_house=sheet.is_house)
    add_running_lines(document, sheet, title=title, source=source.name)
    refers = resources(document, sheet, output.citations, source)
    blocks = "".join(_blocks(output, source, refers, title))
    _fill(document, blocks)
    refers.attach(document)
    return as_bytes(document)


def _blocks(output: Output, source: SourceInfo, refers: Resources, title: str) -> Iterator[str]:
    """Write the blocks from the title to the closing section."""
    yield _line(title, "Title", refers)
    for notice in warnings_of(output):
        yield _line(one_line(notice), "Intense Quote", refers)
    writer = BlockWriter(refers)
    tokens = parse(clean(anchored(output.body, output.citations)))
    body = writer.write(tokens)
    if wants_contents(tokens, characters=len(output.body)):
        yield contents(writer.headings, refers.sheet)
    yield body
    yield _line(ABOUT_TITLE, "heading 1", refers)
    facts = about_facts(output, source)
    rows = [[strong_cell(label), plain_cell(one_line(fact))] for label, fact in facts]
    yield table(rows, refers, headed=False)
    if output.gaps:
        yield _line(NOT_COVERED, "heading 2", refers)
        yield writer.write(parse("\n".join(f"- {escaped(line)}" for line in gap_lines(output))))


def _line(text: str, style: str, refers: Resources) -> str:
    """Write a paragraph of plain text."""
    content = run(text, from_right=reads_right_to_left(text))
    return str(Paragraph(style=refers.sheet.id(style), content=content, text=text))


def _fill(document: Document, blocks: str) -> None:
    """Put blocks before the section's properties, which close the body."""
    body = document.element.body
    last = body[-1]
    for block in list(parse_xml(f"<w:body {NAMESPACES}>{blocks}</w:body>")):
        last.addprevious(block)
