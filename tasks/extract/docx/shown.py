"""What stands in the text of a Word file and is kept in parts of its own: charts, diagrams, files.

A file that is taken in whole (`w:altChunk`) is a Word file, a web page or a text, read by the
reader of its kind.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace

from tasks.core.documents import Document
from tasks.core.errors import InputError, LimitError
from tasks.extract.assemble import Piece
from tasks.extract.formats import recognise
from tasks.extract.links import Links
from tasks.extract.office.charts import chart_pieces, diagram_pieces
from tasks.extract.office.opc import Package
from tasks.extract.reader import Request
from tasks.extract.xml import Element

_DEEPEST = 3
_DRAWN: dict[str, Callable[[Element], Iterator[Piece]]] = {
    "chart": chart_pieces,
    "chartEx": chart_pieces,
    "diagramData": diagram_pieces,
}
_TAKEN_IN = "aFChunk"


class Shown:
    """Reads what the parts of a Word file show; `links` are those of the whole.

    A part is read the first time that it is shown: files that take in one another many times, three
    deep, would otherwise have no end.
    """

    def __init__(self, package: Package, request: Request, links: Links) -> None:
        self._package = package
        self._request = request
        self._links = links
        self._told: set[str] = set()

    def of(self, part: str) -> Callable[[str], list[Piece]]:
        """Give what reads a relationship of a part, by its id; none gives no pieces."""
        related = {link.id: link for link in self._package.relationships(part)}

        def read(name: str) -> list[Piece]:
            link = related.get(name)
            if link is None or link.target in self._told:
                return []
            self._told.add(link.target)
            if link.kind == _TAKEN_IN:
                return self._taken_in(link.target)
            draw = _DRAWN.get(link.kind)
            root = self._package.part(link.target) if draw else None
            return [] if draw is None or root is None else list(draw(root))

        return read

    def _taken_in(self, name: str) -> list[Piece]:
        try:
            document = self._document(name)
        except InputError as error:
            self._package.unread.append(f"not read: its part {name}: {error}")
            return []
        lost = (f"the file {each.name} in it was not read" for each in document.attachments)
        self._package.unread.extend(f"{name}: {lack}" for lack in (*document.unread, *lost))
        self._package.warnings.extend(f"{name}: {warning}" for warning in document.warnings)
        return list(self._pieces(document))

    def _document(self, name: str) -> Document:
        if self._request.depth >= _DEEPEST:
            raise LimitError("it is a file in a file in a file")
        data = self._package.entry(name)
        inner = replace(self._request, name=name, depth=self._request.depth + 1)
        return recognise(data, name).reader().document(data, inner)

    def _pieces(self, document: Document) -> Iterator[Piece]:
        """Take a document apart again, without its pages; links get their marks back."""
        links = deque(document.links)
        for block in document.blocks:
            told: list[str] = []
            at = block.start
            while links and links[0].start < block.end:
                link = links.popleft()
                start, end = max(link.start, at), max(min(link.end, block.end), at)
                before, after = self._links.marks(link.target)
                told += [document.text[at:start], before, document.text[start:end], after]
                at = end
            text = "".join([*told, document.text[at : block.end]])
            yield Piece(text, block.kind, block.level, set_apart=block.set_apart)
