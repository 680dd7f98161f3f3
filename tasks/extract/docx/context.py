"""What all stories of one Word file share: styles, link targets, what comments are about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tasks.extract.assemble import Piece
from tasks.extract.docx.styles import Styles
from tasks.extract.links import Links, without_marks
from tasks.extract.xml import Element, W

_ANCHOR_CHARS = 80


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


def show_nothing(_: str) -> list[Piece]:
    """Stand in where a part shows nothing of others."""
    return []


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """See the module; `background` lies behind all text, RRGGBB.

    Of the part that is read, `targets` are those of its links, and `shown` gives what it shows of
    other parts, both by relationship. With `all_changes` tracked changes are shown as such.
    """

    styles: Styles
    links: Links = field(default_factory=Links)
    anchors: Anchors = field(default_factory=Anchors)
    targets: Mapping[str, str] = field(default_factory=dict)
    shown: Callable[[str], list[Piece]] = show_nothing
    background: str = "FFFFFF"
    all_changes: bool = False
