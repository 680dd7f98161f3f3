"""The shapes of a slide, in their order: text, tables, groups, diagrams, charts, pictures."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from tasks.core.documents import BlockKind
from tasks.extract.assemble import Piece
from tasks.extract.guard import NOT_SHOWN, OFF_PAGE, TOO_SMALL, UNSEEN_COLOUR, faint
from tasks.extract.links import Links
from tasks.extract.office.charts import chart_pieces, diagram_pieces
from tasks.extract.office.opc import Package
from tasks.extract.rows import markdown_table
from tasks.extract.xml import CX, DGM, MC, A, C, Element, M, P, R, alternative

_TITLES = {"title": 1, "ctrTitle": 1, "subTitle": 2}
_TINY_CENTIPOINTS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Slide:
    """What shapes need to know of their slide; sizes are in English metric units.

    `background` is RRGGBB, None where nobody can tell what lies behind the text.
    """

    size: tuple[int, int]
    background: str | None
    targets: Mapping[str, str]
    diagrams: Mapping[str, str]
    charts: Mapping[str, str]


class Shapes:
    """Reads the shapes of one slide."""

    def __init__(self, slide: Slide, package: Package, links: Links) -> None:
        self._slide = slide
        self._package = package
        self._links = links

    def read(self, root: Element) -> list[Piece]:
        """Give the pieces of all shapes below an element."""
        pieces: list[Piece] = []
        for child in root:
            if child.tag == f"{MC}AlternateContent":
                branch = alternative(child)
                pieces += [] if branch is None else self.read(branch)
            elif child.tag in {f"{P}sp", f"{P}cxnSp", f"{P}pic", f"{P}graphicFrame"}:
                pieces += self._shape(child)
            else:
                pieces += self.read(child)
        return pieces

    def _shape(self, shape: Element) -> list[Piece]:
        described = shape.find(f"*/{P}cNvPr")
        unseen = self._unseen(shape, described)
        pieces = [*self._alternative(described), *self._content(shape)]
        return [replace(piece, set_apart=piece.set_apart or unseen) for piece in pieces]

    def _content(self, shape: Element) -> Iterator[Piece]:
        if shape.tag == f"{P}graphicFrame":
            yield from self._frame(shape)
            return
        holder = shape.find(f"{P}nvSpPr/{P}nvPr/{P}ph")
        level = None if holder is None else _TITLES.get(holder.get("type", ""))
        fill = shape.find(f"{P}spPr/{A}solidFill/{A}srgbClr")
        for body in shape.iterfind(f"{P}txBody"):
            for paragraph in body.iterfind(f"{A}p"):
                yield from self._paragraph(
                    paragraph, level, None if fill is None else fill.get("val")
                )

    def _paragraph(
        self, paragraph: Element, level: int | None, fill: str | None
    ) -> Iterator[Piece]:
        kind = BlockKind.HEADING if level else BlockKind.PARAGRAPH
        seen: list[str] = []
        apart: dict[str, list[str]] = {}
        for run in paragraph:
            text = self._run(run)
            unseen = self._unseen_run(run, fill)
            (apart.setdefault(unseen, []) if unseen else seen).append(text)
        yield Piece("".join(seen), kind, level)
        yield from (Piece("".join(p), kind, level, set_apart=why) for why, p in apart.items())

    def _run(self, run: Element) -> str:
        if run.tag == f"{A}br":
            return "\n"
        text = "".join(t.text or "" for t in run.iter(f"{A}t", f"{M}t"))
        link = run.find(f"{A}rPr/{A}hlinkClick")
        target = None if link is None else self._slide.targets.get(link.get(f"{R}id", ""))
        if not target or not text.strip():
            return text
        before, after = self._links.marks(target)
        return f"{before}{text}{after}"

    def _frame(self, frame: Element) -> Iterator[Piece]:
        for table in frame.iter(f"{A}tbl"):
            yield from self._table(table)
        for data in frame.iter(f"{DGM}relIds"):
            root = self._part(self._slide.diagrams.get(data.get(f"{R}dm", "")))
            yield from () if root is None else diagram_pieces(root)
        for chart in frame.iter(f"{C}chart", f"{CX}chart"):
            root = self._part(self._slide.charts.get(chart.get(f"{R}id", "")))
            yield from () if root is None else chart_pieces(root)

    def _table(self, table: Element) -> Iterator[Piece]:
        rows = [
            [
                "" if cell.get("hMerge") or cell.get("vMerge") else _text(cell)
                for cell in row.iterfind(f"{A}tc")
            ]
            for row in table.iterfind(f"{A}tr")
        ]
        if any(any(row) for row in rows):
            yield Piece(markdown_table(rows), BlockKind.TABLE)

    def _part(self, name: str | None) -> Element | None:
        """Give the part that a diagram's data or a chart is kept in."""
        return self._package.part(name) if name else None

    def _alternative(self, described: Element | None) -> Iterator[Piece]:
        text = "" if described is None else " ".join((described.get("descr") or "").split())
        if text:
            yield Piece(f"[Picture: {text}]")

    def _unseen(self, shape: Element, described: Element | None) -> str | None:
        """Give the reason why a shape is not seen: switched off, or beside the slide."""
        if described is not None and described.get("hidden") in {"1", "true"}:
            return NOT_SHOWN
        place = (
            shape.find(f"*/{A}xfrm") if shape.tag != f"{P}graphicFrame" else shape.find(f"{P}xfrm")
        )
        if place is None or shape.getparent().tag == f"{P}grpSp":
            return None
        try:
            left, top = (int(place.find(f"{A}off").get(axis)) for axis in ("x", "y"))
            width, height = (int(place.find(f"{A}ext").get(axis)) for axis in ("cx", "cy"))
        except (AttributeError, TypeError, ValueError):
            return None
        wide, high = self._slide.size
        beside = left >= wide or top >= high or left + width <= 0 or top + height <= 0
        return OFF_PAGE if beside else None

    def _unseen_run(self, run: Element, fill: str | None) -> str | None:
        properties = run.find(f"{A}rPr")
        if properties is None:
            return None
        size = properties.get("sz", "")
        if size.isdecimal() and int(size) <= _TINY_CENTIPOINTS:
            return TOO_SMALL
        colour = properties.find(f"{A}solidFill/{A}srgbClr")
        behind = fill or self._slide.background
        if colour is not None and behind and faint(colour.get("val", ""), behind):
            return UNSEEN_COLOUR
        return None


def _text(cell: Element) -> str:
    return " ".join(filter(None, map(_text_of_paragraph, cell.iter(f"{A}p"))))


def _text_of_paragraph(paragraph: Element) -> str:
    return "".join(
        " " if e.tag == f"{A}br" else e.text or "" for e in paragraph.iter(f"{A}t", f"{A}br")
    )
