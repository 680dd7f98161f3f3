"""Reading Word files: our own walk over the package's XML, so that nothing in it is passed over.

Kept are insertions, content controls, tables in their place, notes, comments, text boxes, equations
and running heads, and what Word computes: the numbers of lists and headings. Tracked deletions are
left out, as if all changes had been accepted, unless all changes are asked for.
"""

from collections.abc import Iterator
from dataclasses import replace

from tasks.core.errors import DamagedError, LimitError, UnsupportedFormatError
from tasks.extract.assemble import Facts, Piece, reader_of_pieces
from tasks.extract.docx.context import Context
from tasks.extract.docx.floats import has_large_float, near_floats
from tasks.extract.docx.look import WHITE
from tasks.extract.docx.notes import Notes, heads_of, own_context, running_heads
from tasks.extract.docx.pages import PageTurns
from tasks.extract.docx.shown import Shown
from tasks.extract.docx.story import Story
from tasks.extract.docx.styles import Styles
from tasks.extract.inside import needs_ocr
from tasks.extract.office.embedded import embedded_facts, unpack_office
from tasks.extract.office.opc import Package, core_properties, unread_parts
from tasks.extract.reader import Request
from tasks.extract.xml import Element, W, value_of

_MOST_CHARS_ON_A_PAGE = 10_000  # small print on a large sheet
_UNREAD = {
    "subDocument": "linked document",
    "vbaProject": "set of macros",
}


def read_docx(data: bytes, request: Request) -> Iterator[Piece | Facts]:
    """Read a Word file (.docx, .docm, .dotx; ISO Strict too).

    Raises `EncryptedError`, `DamagedError`, `LimitError`, `UnsupportedFormatError` for what is no
    Word file of the XML kind, and `NeedsOcrError` for one that holds pictures but no text and no
    file that can be read.
    """
    try:
        yield from _read(data, request)
    except RecursionError as error:
        raise LimitError("its tables or content controls are nested too deep") from error


READER = reader_of_pieces(read_docx, unpack_office)


def _read(data: bytes, request: Request) -> Iterator[Piece | Facts]:
    package = Package(data, request.limits)
    if package.main.tag != f"{W}document":
        raise UnsupportedFormatError(
            f"it is an Office file but no Word document (its main part is {package.main_part})"
        )
    body = _body(package)
    context = _context(package, request)
    shown = Shown(package, request, context.links)
    context = own_context(context, package, shown, package.main_part)
    notes = Notes(package, context, shown)
    turns = PageTurns(max_pages=request.limits.max_pages)
    sections = _section_turns(body)
    heads = heads_of(package)
    story = Story(
        context=context,
        turns=turns,
        notes=notes.read,
        section_turns=sections,
        background=None if any(map(has_large_float, heads.values())) else context.background,
        near_floats=near_floats(body),
    )
    heads_read = running_heads(heads, package, context, shown)
    pieces = [*story.read(body), *notes.rest(), *heads_read]
    doubts: list[str] = []
    if not turns.rendered_marks and any(piece.turns for piece in pieces):
        pieces, doubts = _doubt_pages(pieces)
    inside = list(embedded_facts(package))
    pictures = any(link.kind == "image" for link in package.relationships(package.main_part))
    if pictures and not any(piece.text.strip() for piece in pieces):
        yield from needs_ocr("it holds pictures but no text: read it with OCR", inside)
    yield from map(context.links.resolved, pieces)
    yield from inside
    yield Facts(
        metadata=core_properties(package),
        warnings=(*package.warnings, *unread_parts(package, [package.main_part], _UNREAD), *doubts),
        unread=tuple(package.unread),
    )


def _context(package: Package, request: Request) -> Context:
    page = package.main.find(f"{W}background")
    numbering = package.related_name("numbering")  # a part with text: that of labels
    return Context(
        styles=Styles(package.related("styles"), package.part(numbering) if numbering else None),
        background=WHITE if page is None else page.get(f"{W}color", WHITE).upper(),
        all_changes=request.options.all_changes,
    )


def _doubt_pages(pieces: list[Piece]) -> tuple[list[Piece], list[str]]:
    """Say how far page numbers hold that no layout has confirmed; drop those that cannot be.

    Programs other than Word seldom write the turns of their layout. A document with typed breaks
    only may have them on every page, as forms do, or one for each chapter.
    """
    on_page = 0
    for piece in pieces:
        on_page += len(piece.text)
        if on_page > _MOST_CHARS_ON_A_PAGE:
            unpaged = [replace(piece, turns=0) for piece in pieces]
            return unpaged, ["it keeps no page numbers: it has page breaks only here and there"]
        on_page = 0 if piece.turns else on_page
    return pieces, ["its pages are counted by its page breaks alone and may differ from print"]


def _body(package: Package) -> Element:
    """Give the body; where a file has several, against the schema, all are read as one."""
    bodies = package.main.findall(f"{W}body")
    if not bodies:
        raise DamagedError(f"its main part {package.main_part} has no body")
    for more in bodies[1:]:
        bodies[0].extend(list(more))
    return bodies[0]


def _section_turns(body: Element) -> Iterator[bool]:
    """Tell for each section but the last whether the next one begins on a new page."""
    kinds = [value_of(s, f"{W}type") or "nextPage" for s in body.iter(f"{W}sectPr")]
    return iter([kind in {"nextPage", "oddPage", "evenPage"} for kind in kinds[1:]])
