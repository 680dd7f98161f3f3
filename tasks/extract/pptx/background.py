"""What lies behind the text of a slide, where that can be told: a plain fill, and no picture."""

from tasks.extract.office.opc import Package
from tasks.extract.xml import A, Element, P

_WHITE = "FFFFFF"


def background_of(package: Package, name: str, slide: Element) -> str | None:
    """Give the colour behind a slide as RRGGBB, None where nobody can tell.

    The slide's own fill comes before its layout's, and that before its master's.
    """
    root: Element | None = slide
    for above in ("slideLayout", "slideMaster", ""):
        if root is None or _covers(root):
            return None
        fill = root.find(f"{P}cSld/{P}bg")
        if fill is not None:
            return _colour(fill)
        links = package.relationships(name)
        name = next((link.target for link in links if link.kind == above), "")
        root = package.side_part(name) if name else None
    return _WHITE


def _covers(root: Element) -> bool:
    """Tell whether pictures or filled shapes may lie under the text."""
    tree = root.find(f"{P}cSld/{P}spTree")
    if tree is None:
        return False
    pictures = next(tree.iter(f"{P}pic"), None)
    fills = (shape.find(f"{P}spPr/{A}solidFill") for shape in tree.iter(f"{P}sp"))
    return pictures is not None or any(fill is not None for fill in fills)


def _colour(fill: Element) -> str | None:
    plain = fill.find(f"{P}bgPr/{A}solidFill/{A}srgbClr")
    if plain is not None:
        return str(plain.get("val", "")).upper()
    scheme = fill.find(f"{P}bgRef/{A}schemeClr")
    return _WHITE if scheme is not None and scheme.get("val") in {"bg1", "lt1"} else None
