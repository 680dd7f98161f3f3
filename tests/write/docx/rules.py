"""What Word wants of a package beyond well-formed XML, as rules that a file can break."""

import io
from collections.abc import Iterator
from zipfile import ZipFile

from docx.oxml.ns import qn
from lxml import etree  # type: ignore[import-untyped]

_ORDER = {
    "pPr": "pStyle keepNext keepLines numPr pBdr shd tabs bidi spacing ind jc outlineLvl",
    "rPr": "rStyle rFonts b bCs i iCs color sz szCs u vertAlign rtl lang",
    "tblPr": "tblStyle bidiVisual tblW tblInd tblBorders tblLayout tblCellMar",
    "tcPr": "tcW shd",
    "trPr": "cantSplit tblHeader",
}
_RELATIONS = "word/_rels/document.xml.rels"


def broken_rules(data: bytes, *, styles: bool = True) -> list[str]:
    """Give what is wrong with a Word file; `styles` are looked at too where they are ours."""
    with ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    roots = {
        name: etree.fromstring(part)
        for name, part in parts.items()
        if name.startswith("word/") and name.endswith(".xml")
    }
    targets = {relation.get("Id") for relation in etree.fromstring(parts[_RELATIONS])}
    return [
        *_misplaced(roots, styles=styles),
        *_dangling(roots, targets),
        *_tables(roots["word/document.xml"]),
    ]


def _misplaced(roots: dict[str, etree._Element], *, styles: bool) -> Iterator[str]:
    """Find properties that stand in another order than the schema's."""
    for name in ("word/document.xml", "word/footnotes.xml", *["word/styles.xml"] * styles):
        for kind, words in _ORDER.items():
            order = {qn(f"w:{word}"): place for place, word in enumerate(words.split())}
            for properties in roots[name].iter(qn(f"w:{kind}")) if name in roots else ():
                places = [order.get(child.tag, -1) for child in properties]
                if places != sorted(set(places)) or -1 in places:
                    yield f"{name}: {kind} out of order: {[child.tag for child in properties]}"


def _dangling(roots: dict[str, etree._Element], targets: set[str]) -> Iterator[str]:
    """Find references that lead nowhere."""
    document = roots["word/document.xml"]
    notes = roots.get("word/footnotes.xml", etree.Element("none"))
    known = {
        "w:numId": _values(roots["word/numbering.xml"], "w:num", "w:numId"),
        "w:abstractNumId": _values(roots["word/numbering.xml"], "w:abstractNum", "w:abstractNumId"),
        "w:pStyle": _values(roots["word/styles.xml"], "w:style", "w:styleId"),
        "w:rStyle": _values(roots["word/styles.xml"], "w:style", "w:styleId"),
        "w:tblStyle": _values(roots["word/styles.xml"], "w:style", "w:styleId"),
    }
    for name, root in roots.items():
        for tag, there in known.items():
            for value in _values(root, tag, "w:val") - there:
                yield f"{name}: {tag} {value} is not defined"
    marks = [mark.get(qn("w:name")) for mark in document.iter(qn("w:bookmarkStart"))]
    if len(marks) != len(set(marks)):
        yield "two bookmarks of one name"
    yield from _missing("bookmark", _values(document, "w:hyperlink", "w:anchor"), set(marks))
    yield from _missing("relation", _values(document, "w:hyperlink", "r:id"), targets)
    referred = [note.get(qn("w:id")) for note in document.iter(qn("w:footnoteReference"))]
    yield from _missing("note", set(referred), _values(notes, "w:footnote", "w:id"))
    if len(referred) != len(set(referred)):
        yield "a note is referred to twice"


def _tables(document: etree._Element) -> Iterator[str]:
    """Find tables with ragged rows, and cells that do not end with a paragraph."""
    for table in document.iter(qn("w:tbl")):
        columns = len(table.find(qn("w:tblGrid")))
        if {len(row.findall(qn("w:tc"))) for row in table.iter(qn("w:tr"))} != {columns}:
            yield "a table with ragged rows"
        if any(cell[-1].tag != qn("w:p") for cell in table.iter(qn("w:tc"))):
            yield "a cell that does not end with a paragraph"


def _missing(what: str, wanted: set[str], there: set[str]) -> Iterator[str]:
    yield from (f"{what} {value} is referred to and not there" for value in wanted - there)


def _values(root: etree._Element, tag: str, attribute: str) -> set[str]:
    found = (element.get(qn(attribute)) for element in root.iter(qn(tag)))
    return {value for value in found if value is not None}
