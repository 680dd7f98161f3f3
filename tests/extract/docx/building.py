"""Small Word packages for tests, built from the XML that matters."""

import io
import zipfile
from collections.abc import Mapping

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_NAMESPACES = (
    f'xmlns:w="{W}" xmlns:m="{_OFFICE}/math" xmlns:r="{_OFFICE}/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)


def part(tag: str, inner: str) -> str:
    """Wrap XML in a root element with all namespaces declared."""
    return f"<{tag} {_NAMESPACES}>{inner}</{tag}>"


def relationships(**targets: str) -> str:
    """List links; a key is the kind, a trailing digit aside, and the relationship's id."""
    links = "".join(
        f'<Relationship Id="{name}" Type="{_OFFICE}/relationships/{name.rstrip("0123456789")}" '
        f'Target="{target}"/>'
        for name, target in targets.items()
    )
    return f'<Relationships xmlns="{_RELATIONSHIPS}">{links}</Relationships>'


def docx(body: str, *, parts: Mapping[str, str | bytes] | None = None, **links: str) -> bytes:
    """Build a package; `parts` are further entries of the zip, `links` tie them to the body."""
    entries: dict[str, str | bytes] = {
        "_rels/.rels": relationships(officeDocument="word/document.xml"),
        "word/document.xml": part("w:document", f"<w:body>{body}</w:body>"),
        "word/_rels/document.xml.rels": relationships(**links),
        **(parts or {}),
    }
    return zipped(entries)


def zipped(entries: Mapping[str, str | bytes]) -> bytes:
    """Write a zip."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return stream.getvalue()


def p(inner: str, properties: str = "") -> str:
    """Write a paragraph; text without markup becomes a run."""
    content = inner if inner.startswith("<") or not inner else r(inner)
    return f"<w:p><w:pPr>{properties}</w:pPr>{content}</w:p>"


def r(text: str, properties: str = "") -> str:
    """Write a run."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def table(*rows: list[str]) -> str:
    """Write a table; a cell without markup becomes a paragraph."""
    return f"<w:tbl>{''.join(row(*cells) for cells in rows)}</w:tbl>"


def row(*cells: str) -> str:
    """Write a table row."""
    written = (cell if cell.startswith("<w:tc>") else tc(cell) for cell in cells)
    return f"<w:tr>{''.join(written)}</w:tr>"


def tc(inner: str, properties: str = "") -> str:
    """Write a table cell."""
    content = inner if inner.startswith("<") else p(inner)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"
