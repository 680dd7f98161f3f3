"""The text of charts and diagrams in Office files: what they show, as their own parts keep it."""

from collections.abc import Iterator

from tasks.core.documents import BlockKind
from tasks.extract.assemble import Piece
from tasks.extract.rows import markdown_table
from tasks.extract.xml import A, C, Element

_VALUES = (f"{C}val", f"{C}yVal", f"{C}bubbleSize")


def chart_pieces(root: Element) -> Iterator[Piece]:
    """Give titles and other words of a chart, then its values as a table, a column a series.

    A chart of a kind that has no such parts, as a treemap, gives its words and values in order.
    """
    words = [_said(paragraph) for paragraph in root.iter(f"{A}p")]
    words += [_values(title)[0] for title in root.iter(f"{C}title") if _values(title)]
    told = " | ".join(dict.fromkeys(word for word in words if word))
    yield Piece(f"[Chart: {told}]" if told else "[Chart]")
    series = [_Series(element) for element in root.iter(f"{C}ser")]
    if series:
        yield from _tables(series)
        return
    points = (e.text or "" for e in root.iter("{*}pt", "{*}v") if not len(e))
    yield Piece(" | ".join(point.strip() for point in points if point.strip()))


def diagram_pieces(root: Element) -> Iterator[Piece]:
    """Give the words of a diagram (SmartArt), a paragraph each, in the order of its data."""
    yield from (Piece(_said(paragraph)) for paragraph in root.iter(f"{A}p"))


class _Series:
    """One series of a chart: its name, and labels and values by their place."""

    def __init__(self, element: Element) -> None:
        self.name = " ".join(_values(element.find(f"{C}tx")).values())
        labels = element.find(f"{C}cat")
        self.labels = _values(element.find(f"{C}xVal") if labels is None else labels)
        self.values = [_values(element.find(tag)) for tag in _VALUES]


def _tables(series: list[_Series]) -> Iterator[Piece]:
    """Give series with the same labels side by side, the others in tables of their own.

    In a chart of points each series has labels of its own.
    """
    alike: dict[tuple[tuple[int, str], ...], list[_Series]] = {}
    for one in series:
        labels = one.labels or series[0].labels
        alike.setdefault(tuple(labels.items()), []).append(one)
    for labels_of, group in alike.items():
        labels = dict(labels_of)
        columns = [(one.name, values) for one in group for values in one.values if values]
        places = sorted({place for _, values in columns for place in values} | set(labels))
        rows = [
            [labels.get(place, ""), *(values.get(place, "") for _, values in columns)]
            for place in places
        ]
        head = ["", *(name for name, _ in columns)]
        yield Piece(markdown_table([head, *rows]), BlockKind.TABLE)


def _values(element: Element | None) -> dict[int, str]:
    """Give the texts or numbers that are kept with a reference, by place; levels are joined."""
    found: dict[int, str] = {}
    if element is None:
        return found
    for point in element.iter(f"{C}pt"):
        text = (point.findtext(f"{C}v") or "").strip()
        place = int(point.get("idx", "0")) if point.get("idx", "0").isdecimal() else 0
        found[place] = f"{text} {found[place]}" if place in found else text
    if not found and element.findtext(f"{C}v"):
        found[0] = (element.findtext(f"{C}v") or "").strip()
    return found


def _said(paragraph: Element) -> str:
    parts = paragraph.iter(f"{A}t", f"{A}br")
    return "".join(" " if e.tag == f"{A}br" else e.text or "" for e in parts).strip()
