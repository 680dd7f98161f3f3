"""What runs along the pages of a Word file: the title above, the page's number below."""

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement

from tasks.write.clean import one_line
from tasks.write.docx.sheet import Sheet
from tasks.write.docx.xml import NAMESPACES, Paragraph, field, run

_LONGEST = 80


def add_running_lines(document: Document, sheet: Sheet, *, title: str, source: str) -> None:
    """Put title and page numbers on a new document's pages; a template's own lines are kept.

    The first page bears the title itself, and has no line at its head.
    """
    section = document.sections[0]
    foot = _short(source) + "\tPage "
    lines = (run(foot), field("PAGE", "1"), run(" of "), field("NUMPAGES", "1"))
    footer = Paragraph(style=sheet.id("footer"), content="".join(lines))
    if not sheet.is_house:
        section.different_first_page_header_footer = True
        header = Paragraph(style=sheet.id("header"), content=run(_short(title)))
        _fill(section.header._element, header)
        _fill(section.first_page_header._element, Paragraph(style=sheet.id("Table Gap")))
        _fill(section.first_page_footer._element, footer)
        _fill(section.footer._element, footer)
    elif section.footer.is_linked_to_previous and section.first_page_footer.is_linked_to_previous:
        _fill(section.footer._element, footer)


def _fill(part: BaseOxmlElement, paragraph: Paragraph) -> None:
    """Make a paragraph all that a header or footer holds."""
    for child in list(part):
        part.remove(child)
    part.extend(parse_xml(f"<w:ftr {NAMESPACES}>{paragraph}</w:ftr>"))


def _short(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "\u2026"
