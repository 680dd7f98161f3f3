"""A Word file as bytes: the same document always gives the same."""

import io

from docx.document import Document
from docx.oxml.ns import qn

from tasks.write.package import MOMENT, pinned

_STALE = ("thumbnail", "stylesWithEffects")  # they tell of the text and styles as they were
_FOREIGN = ("customXml", "extended-properties")


def set_properties(document: Document, title: str, *, language: str, is_house: bool) -> None:
    """Fill the properties that Word shows, and drop what python-docx's own document brought."""
    properties = document.core_properties
    properties.title = title[:255]
    properties.author = properties.last_modified_by = "docmill"
    properties.comments = ""
    properties.language = language
    properties.created = properties.modified = MOMENT
    _modernise(document, is_house=is_house)
    for holder in (document.part.package.rels, document.part.rels):
        for reference, relation in list(holder.items()):
            if relation.reltype.endswith(_STALE if is_house else _STALE + _FOREIGN):
                del holder[reference]


def _modernise(document: Document, *, is_house: bool) -> None:
    """Mend what the schema forbids; keep Word from opening ours in the manner of 2010."""
    settings = document.settings.element
    zoom = settings.find(qn("w:zoom"))
    if zoom is not None and (not is_house or zoom.get(qn("w:percent")) is None):
        zoom.attrib.update({qn("w:val"): "none", qn("w:percent"): "100"})
    for setting in () if is_house else settings.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")


def as_bytes(document: Document) -> bytes:
    """Save a document with fixed times and a fixed order of its parts."""
    saved = io.BytesIO()
    document.save(saved)
    return pinned(saved.getvalue())
