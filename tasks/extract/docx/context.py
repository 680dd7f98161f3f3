"""What all stories of one Word file share: styles, link targets, what comments are about."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tasks.core.documents import Link
from tasks.extract.assemble import Piece
from tasks.extract.docx.styles import Styles
from tasks.extract.docx.xml import Element, W

# XML cannot hold these characters, so no text brings them along.
_LINK, _LINK_END = "\x0e", "\x0f"
_LINK_MARK = re.compile(f"{_LINK}(\\d+){_LINK}|{_LINK_END}")
_ANCHOR_CHARS = 80


@dataclass(slots=True)
class Links:
    """The targets of links. Marks stand around a link's text until all text is in its place."""

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


@dataclass(slots=True)
class Anchors:
    """The texts that comments are about, collected while their ranges are open."""

    _open: dict[str, list[str]] = field(default_factory=dict)
    _closed: dict[str, str] = field(default_factory=dict)

    def take(self, element: Element) -> bool:
        """Open or close the range of a comment, if that is what the element does."""
        name = element.get(f"{W}id", "")
        if element.tag == f"{W}commentRangeStart":
            self._open[name] = []
        elif element.tag == f"{W}commentRangeEnd":
            self._closed[name] = " ".join("".join(self._open.pop(name, [])).split())
        else:
            return False
        return True

    def say(self, text: str) -> None:
        """Take in text that is being read."""
        for parts in self._open.values():
            parts.append(text)

    def of(self, name: str) -> str:
        """Give the text that a comment is about, shortened if it is long."""
        text = without_marks(self._closed.get(name, ""))
        if len(text) <= _ANCHOR_CHARS:
            return text
        return f"{text[:_ANCHOR_CHARS].rpartition(' ')[0] or text[:_ANCHOR_CHARS]}…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """See the module; `background` lies behind all text, RRGGBB.

    `targets` are those of the links of the part that is read, by relationship. With `all_changes`
    tracked changes are shown as such.
    """

    styles: Styles
    links: Links = field(default_factory=Links)
    anchors: Anchors = field(default_factory=Anchors)
    targets: Mapping[str, str] = field(default_factory=dict)
    background: str = "FFFFFF"
    all_changes: bool = False
