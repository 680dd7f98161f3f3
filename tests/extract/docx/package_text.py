"""The text of a Word file, counted straight from its XML, by no code of the reader's."""

import io
import zipfile
from collections import Counter
from xml.etree import ElementTree as ET

_PARTS = ("document", "header", "footer", "footnotes", "endnotes", "comments")
_DELETED = {"del", "moveFrom"}


def local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def texts_of(element: ET.Element) -> list[str]:
    """Collect the text of `t` elements, without deletions and the second form of alternatives."""
    if local(element) in _DELETED or any(local(e) == "del" for e in element.findall("{*}trPr/*")):
        return []
    if local(element) == "t" and "drawingml" not in element.tag:
        return [element.text or ""]
    branches = list(element)
    if local(element) == "AlternateContent":
        branches = next(([b] for b in branches if "".join(texts_of(b))), [])
    return [text for child in branches for text in texts_of(child)]


def texts_in(data: bytes) -> list[str]:
    """Collect the texts of body, headers, footers, notes, comments, and the boxes in them."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [
            name
            for name in archive.namelist()
            if name.endswith(".xml") and name.rpartition("/")[2].startswith(_PARTS)
        ]
        return [t for n in names for t in texts_of(ET.fromstring(archive.read(n)))]


def characters(text: str) -> Counter[str]:
    """Count the characters that are not white space."""
    return Counter("".join(text.split()))
