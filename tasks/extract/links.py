"""The targets of links, kept by marks around their text until all text is in its place."""

import re
from dataclasses import dataclass, field, replace

from tasks.core.documents import Link
from tasks.extract.assemble import Piece

# XML cannot hold these characters, and readers of other formats take them out.
_LINK, _LINK_END = "\x0e", "\x0f"
_LINK_MARK = re.compile(f"{_LINK}(\\d+){_LINK}|{_LINK_END}")


@dataclass(slots=True)
class Links:
    """The targets of one document's links."""

    _targets: list[str] = field(default_factory=list)

    def marks(self, target: str) -> tuple[str, str]:
        """Give the marks to put before and after the text of a link."""
        self._targets.append(target)
        return f"{_LINK}{len(self._targets) - 1}{_LINK}", _LINK_END

    def resolved(self, piece: Piece) -> Piece:
        """Turn the marks in a piece into links; one that a page turn cuts ends with the piece."""
        if _LINK not in piece.text and _LINK_END not in piece.text:
            return piece
        bare: list[str] = []
        links: list[Link] = []
        length = at = 0
        begun: list[tuple[int, str]] = []
        for mark in _LINK_MARK.finditer(piece.text):
            bare.append(piece.text[at : mark.start()])
            length += mark.start() - at
            at = mark.end()
            if mark[1]:
                begun.append((length, self._targets[int(mark[1])]))
            elif begun:
                start, target = begun.pop()
                links.append(Link(start=start, end=length, target=target))
        text = "".join([*bare, piece.text[at:]])
        links += [Link(start=start, end=len(text), target=target) for start, target in begun]
        return replace(piece, text=text, links=tuple(sorted(links, key=lambda link: link.start)))


def without_marks(text: str) -> str:
    """Give text without the marks of links."""
    return _LINK_MARK.sub("", text)
