"""Shapes that are drawn on a page: what they paint, and whether the text in them is shown."""

from tasks.extract.docx.look import WHITE
from tasks.extract.guard import NOT_SHOWN
from tasks.extract.xml import WP, WPS, A, Element, V, W

_FILLS = tuple(f"{A}{kind}Fill" for kind in ("no", "solid", "grad", "patt", "blip", "grp"))
_UNFILLED = {"f", "false"}
_WHITES = {"WHITE", "WINDOW", "FFF"}


def behind_box(box: Element, around: str | None) -> str | None:
    """Give the background of a text box (`w:txbxContent`), None where nobody can tell."""
    shape = box.getparent().getparent() if box.getparent() is not None else None
    return around if shape is None else fill_of_shape(shape, around)


def fill_of_shape(shape: Element, around: str | None) -> str | None:
    """Give the colour of a shape's inside, or what is around it; None where nobody can tell."""
    if shape.tag.startswith(V):
        if shape.get("filled") in _UNFILLED:
            return around
        named = shape.get("fillcolor", "#FFFFFF").partition(" ")[0].lstrip("#").upper()
        return WHITE if named in _WHITES else named
    properties = shape.find(f"{WPS}spPr")
    own = [] if properties is None else [child for child in properties if child.tag in _FILLS]
    fill: Element | None = own[0] if own else None
    if fill is None:
        by_style = shape.find(f"{WPS}style/{A}fillRef")
        return around if by_style is None or by_style.get("idx") == "0" else None
    if fill.tag == f"{A}noFill":
        return around
    solid = fill.find(f"{A}srgbClr") if fill.tag == f"{A}solidFill" else None
    return None if solid is None or len(solid) else solid.get("val", "").upper()


def box_unseen(box: Element) -> str | None:
    """Give the reason why a text box is not shown, None if it is."""
    for ancestor in box.iterancestors():
        if ancestor.tag in {f"{W}drawing", f"{W}pict"}:
            frame = ancestor.find(f"*/{WP}docPr")
            hidden = frame is not None and frame.get("hidden") in {"1", "true"}
            return NOT_SHOWN if hidden else None
        style = ancestor.get("style", "").replace(" ", "") if ancestor.tag.startswith(V) else ""
        if "visibility:hidden" in style:
            return NOT_SHOWN
    return None
