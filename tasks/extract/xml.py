"""The XML of Office packages and books: a safe parser, and the names that we read in it."""

from typing import Any, TypeAlias

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from tasks.core.errors import DamagedError, LimitError
from tasks.extract.limits import ExtractionLimits

Element: TypeAlias = Any  # lxml's element, which has no types of its own

_SCHEMAS = "http://schemas.openxmlformats.org/"
_STRICT = "http://purl.oclc.org/ooxml/"
W = f"{{{_SCHEMAS}wordprocessingml/2006/main}}"
M = f"{{{_SCHEMAS}officeDocument/2006/math}}"
R = f"{{{_SCHEMAS}officeDocument/2006/relationships}}"
MC = f"{{{_SCHEMAS}markup-compatibility/2006}}"
A = f"{{{_SCHEMAS}drawingml/2006/main}}"
P = f"{{{_SCHEMAS}presentationml/2006/main}}"
PIC = f"{{{_SCHEMAS}drawingml/2006/picture}}"
WP = f"{{{_SCHEMAS}drawingml/2006/wordprocessingDrawing}}"
C = f"{{{_SCHEMAS}drawingml/2006/chart}}"
CX = "{http://schemas.microsoft.com/office/drawing/2014/chartex}"
DGM = f"{{{_SCHEMAS}drawingml/2006/diagram}}"
WPS = "{http://schemas.microsoft.com/office/word/2010/wordprocessingShape}"
V = "{urn:schemas-microsoft-com:vml}"

# ISO 29500 Strict says the same things in other namespaces.
_TRANSITIONAL_OF = {
    f"{_STRICT}wordprocessingml/main": f"{_SCHEMAS}wordprocessingml/2006/main",
    f"{_STRICT}officeDocument/math": f"{_SCHEMAS}officeDocument/2006/math",
    f"{_STRICT}officeDocument/relationships": f"{_SCHEMAS}officeDocument/2006/relationships",
    f"{_STRICT}spreadsheetml/main": f"{_SCHEMAS}spreadsheetml/2006/main",
    f"{_STRICT}presentationml/main": f"{_SCHEMAS}presentationml/2006/main",
    f"{_STRICT}drawingml/main": f"{_SCHEMAS}drawingml/2006/main",
    f"{_STRICT}drawingml/chart": f"{_SCHEMAS}drawingml/2006/chart",
    f"{_STRICT}drawingml/diagram": f"{_SCHEMAS}drawingml/2006/diagram",
    f"{_STRICT}drawingml/picture": f"{_SCHEMAS}drawingml/2006/picture",
    f"{_STRICT}drawingml/wordprocessingDrawing": (
        f"{_SCHEMAS}drawingml/2006/wordprocessingDrawing"
    ),
}


_GUARDED = (
    "its part {} is nested too deeply, or has a piece of more than 10 MB, as no program writes it. "
    "Save it again with the program it is from, or as PDF."
)


def parse_xml(content: bytes, name: str, limits: ExtractionLimits) -> Element:
    """Parse one part of a package and give its root, ISO Strict names made transitional.

    Raises `DamagedError` for what is not well-formed or brings a DTD, which the format forbids,
    and `LimitError` for trees or texts that are larger than libxml2's own guards allow.
    """
    elements = content.count(b"<") - content.count(b"</")
    if elements > limits.max_xml_elements:
        raise LimitError(f"its part {name} has {elements:,} elements. Split it.")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        if _is_guard(error):
            raise LimitError(_GUARDED.format(name)) from error
        raise DamagedError(f"its part {name} is not well-formed XML ({error.msg})") from error
    if root.getroottree().docinfo.doctype:
        raise DamagedError(f"its part {name} brings a DTD, which such files must not")
    if _STRICT in str(root.nsmap):
        _make_transitional(root)
    return root


def _is_guard(error: Any) -> bool:
    """Tell libxml2's limits on depth and size from real syntax errors."""
    words = ("huge", "excessive depth", "resource limit", "too long", "amplification")
    return any(word in str(error.msg).lower() for word in words)


def _make_transitional(root: Element) -> None:
    """Rename Strict elements and attributes in place."""
    for element in root.iter(etree.Element):
        element.tag = _transitional(element.tag)
        for key in element.keys():  # noqa: SIM118 - an element iterates its children, not its keys
            renamed = _transitional(key)
            if renamed != key:
                element.set(renamed, element.attrib.pop(key))


def _transitional(name: str) -> str:
    if not name.startswith("{" + _STRICT):
        return name
    namespace, local = name[1:].split("}")
    return f"{{{_TRANSITIONAL_OF.get(namespace, namespace)}}}{local}"


def value_of(parent: Element | None, tag: str) -> str | None:
    """Give the `w:val` of a child element, None where there is no such child or value."""
    child = None if parent is None else parent.find(tag)
    return None if child is None else child.get(f"{W}val")


def number_of(parent: Element | None, tag: str) -> int | None:
    """Give the `w:val` of a child element as a number, None where it is absent or no number."""
    try:
        return int(value_of(parent, tag) or "")
    except ValueError:
        return None


def switch_of(parent: Element | None, tag: str) -> bool | None:
    """Give an on/off property: None where it is absent, on where it has no value."""
    child = None if parent is None else parent.find(tag)
    if child is None:
        return None
    return child.get(f"{W}val", "true") not in {"0", "false", "off", "none"}


def alternative(content: Element) -> Element | None:
    """Choose one branch of `mc:AlternateContent`: the first with text, so that none comes twice."""
    branches = [*content.findall(f"{MC}Choice"), *content.findall(f"{MC}Fallback")]
    for branch in branches:
        if any(text.text for text in branch.iter(f"{W}t", f"{M}t")):
            return branch
    return branches[0] if branches else None
