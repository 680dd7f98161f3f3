"""A copy of a workbook with no more than our reader asks for, for one that openpyxl does not take.

openpyxl checks all that a workbook says, down to the names of its styles, and reads nothing where
one word is out of place; of ISO Strict ones it sees no sheet. The copy keeps the cells, what is
hidden, comments, what is printed above and below, and of formats those of `plain_styles`.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from tasks.core.errors import DamagedError
from tasks.extract.office.opc import Package, Relationship
from tasks.extract.xlsx.formats import MAIN, S, listed, plain_styles
from tasks.extract.xml import Element, R

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_TYPES = {"workbook": "sheet.main"}
_TEXTS = {"str", "inlineStr", "e"}
_TRUE = {"1", "true", "on"}


def plain_copy(package: Package) -> bytes:
    """Copy a workbook; parts that cannot be read are left out, and named by the package.

    Raises `DamagedError` for one without sheets.
    """
    links = package.relationships(package.main_part)
    styles = package.related("styles")
    formats = sum(1 for _ in listed(styles, "cellXfs"))
    strings = next((link.target for link in links if link.kind == "sharedStrings"), None)
    parts = {
        "styles": plain_styles(styles),
        "sharedStrings": _strings(package.part(strings) if strings else None),
    }
    workbook = etree.Element(f"{S}workbook", nsmap={None: MAIN, "r": R[1:-1]})
    dates = package.main.find("{*}workbookPr")
    if dates is not None and dates.get("date1904") in _TRUE:
        etree.SubElement(workbook, f"{S}workbookPr", date1904="1")
    sheets = etree.SubElement(workbook, f"{S}sheets")
    comments: dict[str, str] = {}
    for number, (sheet, link) in enumerate(_sheets(package.main, links), start=1):
        name = f"worksheet{number}"
        own = {key: sheet.get(key) for key in ("name", "state") if sheet.get(key)}
        etree.SubElement(sheets, f"{S}sheet", {**own, "sheetId": str(number), f"{R}id": name})
        root = package.part(link.target) if link.kind == "worksheet" else None
        parts[name] = _sheet(etree.Element("none") if root is None else root, formats)
        for said in package.relationships(link.target):
            if said.kind == "comments":
                comments[name] = f"comments{number}"
                parts[comments[name]] = _comments(package.part(said.target))
    if not len(sheets):
        raise DamagedError("it has no sheets. Save it again with the program it is from.")
    parts["workbook"] = workbook
    return _zipped(parts, comments)


def _sheets(
    workbook: Element, links: Iterable[Relationship]
) -> Iterator[tuple[Element, Relationship]]:
    known = {link.id: link for link in links}
    for sheet in workbook.iterfind("{*}sheets/{*}sheet"):
        link = known.get(sheet.get(f"{R}id", ""))
        if link is not None:
            yield sheet, link


def _strings(root: Element | None) -> Element:
    copied = etree.Element(f"{S}sst", nsmap={None: MAIN})
    for item in () if root is None else root.iter("{*}si", "{*}sstItem"):  # as once in 2006
        _text(etree.SubElement(copied, f"{S}si"), item)
    return copied


def _text(parent: Element, item: Element) -> None:
    """Write a text that may be of several runs; how it is pronounced is not of it."""
    runs = [item.findtext("{*}t", ""), *(run.findtext("{*}t", "") for run in item.iterfind("{*}r"))]
    etree.SubElement(parent, f"{S}t").text = "".join(runs)


def _sheet(root: Element, formats: int) -> Element:
    copied = etree.Element(f"{S}worksheet", nsmap={None: MAIN})
    hidden = [{**_own(c, "min", "max"), "hidden": "1"} for c in _hidden_columns(root)]
    _listing(copied, "cols", "col", hidden)
    rows = etree.SubElement(copied, f"{S}sheetData")
    for row in root.iterfind("{*}sheetData/{*}row"):
        away = {"hidden": "1"} if row.get("hidden") in _TRUE else {}
        line = etree.SubElement(rows, f"{S}row", {**_own(row, "r"), **away})
        for cell in row.iterfind("{*}c"):
            _cell(line, cell, formats)
    merged = [_own(cells, "ref") for cells in root.iterfind("{*}mergeCells/{*}mergeCell")]
    _listing(copied, "mergeCells", "mergeCell", merged)
    for printed in root.iterfind("{*}headerFooter"):
        heads = etree.SubElement(copied, f"{S}headerFooter")
        for head in printed:
            etree.SubElement(heads, f"{S}{etree.QName(head).localname}").text = head.text
    return copied


def _listing(sheet: Element, name: str, item: str, items: Sequence[dict[str, str]]) -> None:
    """Write a list, which must not be there when it is empty."""
    listing = etree.SubElement(sheet, f"{S}{name}") if items else None
    for own in items:
        etree.SubElement(listing, f"{S}{item}", own)


def _hidden_columns(root: Element) -> Iterator[Element]:
    for column in root.iterfind("{*}cols/{*}col"):
        ends = (column.get("min", ""), column.get("max", ""))
        if column.get("hidden") in _TRUE and all(end.isdecimal() for end in ends):
            yield column


def _own(element: Element, *names: str) -> dict[str, str]:
    return {name: element.get(name) for name in names if element.get(name)}


def _cell(line: Element, cell: Element, formats: int) -> None:
    """Copy a cell: its value, or the value of its formula, as text where it is no number."""
    style, kind, value = cell.get("s", ""), cell.get("t", "n"), cell.findtext("{*}v")
    own = _own(cell, "r")
    if style.isdecimal() and int(style) < formats:
        own["s"] = style
    inline = cell.find("{*}is")
    if inline is not None:
        _text(
            etree.SubElement(etree.SubElement(line, f"{S}c", own, t="inlineStr"), f"{S}is"), inline
        )
    elif value is not None:
        known = kind in {"s", "b", "d"} or kind in _TEXTS or _is_number(value)
        copied = etree.SubElement(line, f"{S}c", own, t=kind if known else "str")
        etree.SubElement(copied, f"{S}v").text = value


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _comments(root: Element | None) -> Element:
    copied = etree.Element(f"{S}comments", nsmap={None: MAIN})
    etree.SubElement(etree.SubElement(copied, f"{S}authors"), f"{S}author").text = ""
    listing = etree.SubElement(copied, f"{S}commentList")
    for comment in () if root is None else root.iterfind("{*}commentList/{*}comment"):
        one = etree.SubElement(listing, f"{S}comment", _own(comment, "ref"), authorId="0")
        text = comment.find("{*}text")
        if text is not None:
            _text(etree.SubElement(one, f"{S}text"), text)
    return copied


def _zipped(parts: dict[str, Element], comments: dict[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, root in parts.items():
            archive.writestr(f"xl/{name}.xml", etree.tostring(root))
        inner = [name for name in parts if name != "workbook" and not name.startswith("comments")]
        archive.writestr("_rels/.rels", _links({"officeDocument": "xl/workbook"}))
        archive.writestr("xl/_rels/workbook.xml.rels", _links({name: name for name in inner}))
        for sheet, name in comments.items():
            archive.writestr(f"xl/_rels/{sheet}.xml.rels", _links({"comments": name}))
        archive.writestr("[Content_Types].xml", _content_types(parts))
    return stream.getvalue()


def _links(targets: dict[str, str]) -> str:
    links = "".join(
        f'<Relationship Id="{name}" Type="{R[1:-1]}/{name.rstrip("0123456789")}" '
        f'Target="{target}.xml"/>'
        for name, target in targets.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def _content_types(parts: Iterable[str]) -> str:
    kinds = {name: name.rstrip("0123456789") for name in parts}
    overrides = "".join(
        f'<Override PartName="/xl/{name}.xml" ContentType="{_TYPE}.{_TYPES.get(kind, kind)}+xml"/>'
        for name, kind in kinds.items()
    )
    rels = "application/vnd.openxmlformats-package.relationships+xml"
    return (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="{rels}"/>'
        f"{overrides}</Types>"
    )
