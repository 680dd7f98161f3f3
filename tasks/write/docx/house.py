"""The document that an output is written into: a new one, or a copy of the user's template.

Of a template its styles, page, headers and footers are kept, with the pictures in them; its text is
not. Where its sections differ, the first one speaks: letterheads are on the first page.
"""

import io
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from docx import Document
from docx.document import Document as DocumentType
from docx.opc.constants import CONTENT_TYPE
from docx.opc.exceptions import OpcError
from docx.opc.packuri import PackURI
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.parts.numbering import NumberingPart
from lxml.etree import XMLSyntaxError  # type: ignore[import-untyped]

from tasks.core.errors import ConfigError
from tasks.write.docx.looks import MARGIN, PAGE_HEIGHT, PAGE_WIDTH

_EMU_PER_TWIP = 635
_LARGEST_BYTES = 20_000_000
_LARGEST_UNPACKED_BYTES = 200_000_000
_TEMPLATE_TYPE = b"wordprocessingml.template.main+xml"
_DOCUMENT_TYPE = b"wordprocessingml.document.main+xml"
_CONTENT_TYPES = "[Content_Types].xml"
_NUMBERING = PackURI("/word/numbering.xml")


def new_document() -> DocumentType:
    """Give an empty document with our page."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = PAGE_WIDTH, PAGE_HEIGHT
    section.left_margin = section.right_margin = MARGIN
    section.top_margin = section.bottom_margin = MARGIN
    return document


def house_document(template: Path) -> DocumentType:
    """Give a template without its text; ConfigError says what is wrong with one that cannot be."""
    document = _opened(template)
    body = document.element.body
    first = next(body.iter(qn("w:sectPr")), None)
    if first is None:
        raise ConfigError(f"{template}: a Word file without a page; save it anew from Word")
    for child in list(body):
        body.remove(child)
    body.append(first)
    _give_numbering(document)
    return document


def text_width(document: DocumentType) -> int:
    """Give the width between the margins in twips."""
    section = document.sections[0]
    margins = (section.left_margin or 0) + (section.right_margin or 0)
    return ((section.page_width or PAGE_WIDTH) - margins) // _EMU_PER_TWIP


def check_template(template: Path) -> None:
    """Refuse a template that cannot be written into, before anything is paid for."""
    house_document(template)


def _opened(template: Path) -> DocumentType:
    """Open a Word file or Word template whose size is within reason."""
    try:
        if template.stat().st_size > _LARGEST_BYTES:
            raise ConfigError(f"{template}: larger than {_LARGEST_BYTES:,} bytes; make it smaller")
        data = template.read_bytes()
        with ZipFile(io.BytesIO(data)) as package:
            if sum(part.file_size for part in package.infolist()) > _LARGEST_UNPACKED_BYTES:
                raise ConfigError(f"{template}: unpacks to more than is sensible for a template")
        return Document(io.BytesIO(_as_document(data)))
    except OSError as error:
        raise ConfigError(f"{template}: {error.strerror}; --template takes a .docx file") from None
    except (BadZipFile, OpcError, XMLSyntaxError, KeyError, ValueError) as error:
        cause = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ConfigError(
            f"{template}: not a Word file that can serve as a template ({cause}); "
            "save it from Word as .docx"
        ) from None


def _as_document(data: bytes) -> bytes:
    """Turn a .dotx into a .docx: they differ in one word."""
    with ZipFile(io.BytesIO(data)) as package:
        if _TEMPLATE_TYPE not in package.read(_CONTENT_TYPES):
            return data
        turned = io.BytesIO()
        with ZipFile(turned, "w") as target:
            for part in package.infolist():
                content = package.read(part)
                if part.filename == _CONTENT_TYPES:
                    content = content.replace(_TEMPLATE_TYPE, _DOCUMENT_TYPE)
                target.writestr(part, content)
    return turned.getvalue()


def _give_numbering(document: DocumentType) -> None:
    """Give a template that numbers nothing the part that lists need."""
    try:
        part = document.part.numbering_part
    except NotImplementedError:
        element = parse_xml(f"<w:numbering {nsdecls('w')}/>")
        package = document.part.package
        part = NumberingPart(_NUMBERING, CONTENT_TYPE.WML_NUMBERING, element, package)
        document.part.relate_to(
            part, "http://schemas.openxmlformats.org/officeDocument/2006/relationships/numbering"
        )
    for clean_up in part.element.findall(qn("w:numIdMacAtCleanup")):
        part.element.remove(clean_up)  # it would have to stand behind what is added
