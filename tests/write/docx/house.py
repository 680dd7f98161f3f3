"""A template as a firm would have one: its own faces and colours, a letterhead with a logo."""

import io
import struct
import zlib

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt, RGBColor

GREEN = RGBColor(0x0B, 0x5D, 0x3B)
TEXT_OF_ITS_OWN = "This text of the template is not to be in any output."


def template() -> bytes:
    """Give the bytes of the template."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.59), Cm(27.94)
    section.left_margin = section.right_margin = Cm(3)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Georgia", Pt(10)
    for level in (1, 2):
        heading = document.styles[f"Heading {level}"]
        heading.font.name, heading.font.color.rgb = "Georgia", GREEN
    document.styles["Title"].font.color.rgb = GREEN
    head = section.header.paragraphs[0]
    head.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    head.add_run().add_picture(io.BytesIO(logo()), height=Cm(1.2))
    head.add_run("  Harrow & Lisle LLP")
    section.footer.paragraphs[0].text = "Privileged and confidential"
    document.add_heading("Old heading", 1)
    document.add_paragraph(TEXT_OF_ITS_OWN)
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def logo() -> bytes:
    """Give a PNG of a green square with a light bar."""
    size = 48
    light, dark = b"\xf2\xe9\xc8", b"\x0b\x5d\x3b"
    rows = (b"\0" + (light if 18 <= y < 30 else dark) * size for y in range(size))
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"".join(rows))),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
