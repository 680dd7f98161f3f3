"""What stands outside the body of a Word file: notes, comments, headers and footers."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from tasks.core.documents import BlockKind
from tasks.extract.assemble import Piece
from tasks.extract.docx.context import Context
from tasks.extract.docx.floats import near_floats
from tasks.extract.docx.shown import Shown
from tasks.extract.docx.story import Story
from tasks.extract.guard import NOT_SHOWN, RUNNING_HEAD
from tasks.extract.office.opc import Package
from tasks.extract.xml import Element, R, W

_PARTS = {"footnote": "footnotes", "endnote": "endnotes", "comment": "comments"}


class Notes:
    """The footnotes, endnotes and comments of a document; each is given out once."""

    def __init__(self, package: Package, context: Context, shown: Shown) -> None:
        self._contexts: dict[str, Context] = {}
        self._left: dict[tuple[str, str], Element] = {}
        for kind, relation in _PARTS.items():
            name = package.related_name(relation)
            root = package.part(name) if name else None
            self._contexts[kind] = own_context(context, package, shown, name or "")
            for note in () if root is None else root.iterfind(f"{W}{kind}"):
                self._left[kind, note.get(f"{W}id", "")] = note

    def read(self, kind: str, name: str) -> list[Piece]:
        """Give the pieces of a note or comment, none when it was read before or is not there."""
        note = self._left.pop((kind, name), None)
        if note is None:
            return []
        context = self._contexts[kind]
        story = Story(context=context, notes=self.read, background=context.background)
        pieces = story.read(note)
        if kind != "comment":
            return _as_kind(pieces, BlockKind.NOTE)
        anchor = context.anchors.of(name)
        about = f" on “{anchor}”" if anchor else ""
        author = note.get(f"{W}author", "").strip() or "Comment"
        return list(_authored(_as_kind(pieces, BlockKind.COMMENT), author + about))

    def rest(self) -> list[Piece]:
        """Give those that nothing refers to, in the order of the file; no page shows the notes."""
        pieces: list[Piece] = []
        for (kind, name), note in list(self._left.items()):
            unseen = kind != "comment" and note.get(f"{W}type", "normal") == "normal"
            reason = NOT_SHOWN if unseen else None
            pieces += (replace(p, set_apart=p.set_apart or reason) for p in self.read(kind, name))
        return pieces


def own_context(context: Context, package: Package, shown: Shown, part: str) -> Context:
    """Give the context of a part, whose relationships are its own."""
    return replace(context, targets=package.targets(part), shown=shown.of(part))


def heads_of(package: Package) -> dict[str, Element]:
    """Give each header and footer part once, in the order in which the sections use them."""
    roots = ((name, package.part(name)) for name in _running_head_parts(package))
    return {name: root for name, root in roots if root is not None}


def running_heads(
    heads: Mapping[str, Element], package: Package, context: Context, shown: Shown
) -> Iterator[Piece]:
    """Read the parts that are headers and footers."""
    for name, root in heads.items():
        own = own_context(context, package, shown, name)
        story = Story(context=own, background=context.background, near_floats=near_floats(root))
        for piece in _as_kind(story.read(root), BlockKind.HEADER_FOOTER):
            yield replace(piece, set_apart=piece.set_apart or RUNNING_HEAD)


def _running_head_parts(package: Package) -> list[str]:
    links = package.relationships(package.main_part)
    targets = {link.id: link.target for link in links if link.kind in {"header", "footer"}}
    used = package.main.iter(f"{W}headerReference", f"{W}footerReference")
    names = (targets.get(reference.get(f"{R}id")) for reference in used)
    return list(dict.fromkeys([*filter(None, names), *targets.values()]))


def _as_kind(pieces: list[Piece], kind: BlockKind) -> list[Piece]:
    return [replace(piece, kind=kind, level=None) for piece in pieces]


def _authored(pieces: list[Piece], author: str) -> Iterator[Piece]:
    """Put who says it, and of what, before the first text of a comment."""
    for piece in pieces:
        if author and piece.text.strip():
            yield replace(piece, text=f"{author}: {piece.text.lstrip()}")
            author = ""
        else:
            yield piece
