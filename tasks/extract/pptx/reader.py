"""Reading PowerPoint files: our own walk over each slide, so that nothing on it is passed over.

A slide is a page. After its shapes come its notes and the comments on it.
"""

from collections.abc import Iterator
from dataclasses import replace

from tasks.core.documents import BlockKind
from tasks.core.errors import DamagedError, UnsupportedFormatError
from tasks.extract.assemble import Facts, Piece, reader_of_pieces
from tasks.extract.guard import NOT_SHOWN, RUNNING_HEAD
from tasks.extract.links import Links
from tasks.extract.office.embedded import embedded_facts, unpack_office
from tasks.extract.office.opc import Package, core_properties, unread_parts
from tasks.extract.pptx.background import background_of
from tasks.extract.pptx.shapes import Shapes, Slide
from tasks.extract.reader import At, Request
from tasks.extract.xml import A, Element, P, R

_STANDARD_SIZE = (12_192_000, 6_858_000)  # in English metric units, 914,400 to the inch
_UNREAD = {
    "vbaProject": "set of macros",
}


def read_pptx(data: bytes, request: Request) -> Iterator[Piece | Facts | At]:
    """Read a presentation; a slide that is not shown is set apart as hidden."""
    package = Package(data, request.limits)
    root = package.main
    if root.tag != f"{P}presentation":
        raise UnsupportedFormatError("it is an Office file but no presentation")
    targets = {link.id: link.target for link in package.relationships(package.main_part)}
    links = Links()
    names: list[str] = []
    behind: set[str] = set()
    for number, entry in enumerate(root.iterfind(f"{P}sldIdLst/{P}sldId"), start=1):
        yield At(number)
        name = targets.get(entry.get(f"{R}id", ""), "")
        names.append(name)
        slide = package.part(name) if name else None
        if slide is None:
            yield Facts(unread=(f"slide {number} was not read: its part is damaged or missing",))
        pieces = [] if slide is None else _slide(package, name, slide, _size(root), links)
        yield from map(links.resolved, pieces)
        yield from _behind(package, name, behind)
        yield Piece(turns=1)
    if not names:
        raise DamagedError("it has no slides. Save it again with the program it is from.")
    yield from embedded_facts(package)
    yield Facts(
        metadata=core_properties(package),
        warnings=(*package.warnings, *unread_parts(package, (package.main_part, *names), _UNREAD)),
        unread=tuple(package.unread),
    )


READER = reader_of_pieces(read_pptx, unpack_office)


def _size(presentation: Element) -> tuple[int, int]:
    size = presentation.find(f"{P}sldSz")
    try:
        return _STANDARD_SIZE if size is None else (int(size.get("cx")), int(size.get("cy")))
    except (TypeError, ValueError):
        return _STANDARD_SIZE


def _slide(
    package: Package, name: str, root: Element, size: tuple[int, int], links: Links
) -> list[Piece]:
    related = package.relationships(name)
    slide = Slide(
        size=size,
        background=background_of(package, name, root),
        targets=package.targets(name),
        diagrams={link.id: link.target for link in related if link.kind == "diagramData"},
        charts={link.id: link.target for link in related if link.kind in {"chart", "chartEx"}},
    )
    pieces = Shapes(slide, package, links).read(root)
    for link in related:
        if link.kind == "notesSlide":
            pieces += _texts(package, link.target, BlockKind.NOTE, "sldNum")
        elif link.kind == "comments":
            pieces += _comments(package, link.target)
    if root.get("show") in {"0", "false"}:
        return [replace(piece, set_apart=piece.set_apart or NOT_SHOWN) for piece in pieces]
    return pieces


def _behind(package: Package, name: str, told: set[str]) -> Iterator[Piece]:
    """Give what layout and master print on slides, at the first slide that it stands on."""
    for above in ("slideLayout", "slideMaster"):
        links = package.relationships(name) if name else ()
        name = next((link.target for link in links if link.kind == above), "")
        root = package.part(name) if name and name not in told else None
        told.add(name)
        for shape in () if root is None else root.iter(f"{P}sp"):
            if shape.find(f"{P}nvSpPr/{P}nvPr/{P}ph") is None:
                texts = (
                    "".join(t.text or "" for t in p.iter(f"{A}t")) for p in shape.iter(f"{A}p")
                )
                text = "\n".join(filter(None, texts))
                yield Piece(text, BlockKind.HEADER_FOOTER, set_apart=RUNNING_HEAD)


def _texts(package: Package, name: str, kind: BlockKind, number_holder: str) -> list[Piece]:
    """Give the paragraphs of a notes page, without the slide's number on it."""
    root = package.part(name)
    pieces: list[Piece] = []
    for shape in () if root is None else root.iter(f"{P}sp"):
        holder = shape.find(f"{P}nvSpPr/{P}nvPr/{P}ph")
        if holder is None or holder.get("type") != number_holder:
            texts = (p.iter(f"{A}t") for p in shape.iter(f"{A}p"))
            pieces += [Piece("".join(t.text or "" for t in text), kind) for text in texts]
    return pieces


def _comments(package: Package, name: str) -> list[Piece]:
    """Read comments of the old kind (`p:text`) and of threads (`a:t`)."""
    root = package.part(name)
    found: list[Piece] = []
    for comment in () if root is None else root.iter("{*}cm", "{*}reply"):
        own = comment.findall(f"{P}text") or comment.findall("{*}txBody")
        text = " ".join(part for element in own for part in element.itertext()).strip()
        found.append(Piece(f"Comment: {text}" if text else "", BlockKind.COMMENT))
    return found
