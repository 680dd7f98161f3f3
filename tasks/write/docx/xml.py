"""Pieces of WordprocessingML, written as text, their properties in the schema's order.

An element tree that is built node by node takes three times as long.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from docx.oxml.ns import nsdecls

from tasks.write.clean import clean
from tasks.write.direction import by_direction, reads_right_to_left

NAMESPACES = nsdecls("w", "r")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How text is set; emphasis counts, since it may be nested."""

    style: str | None = None
    strong: int = 0
    emphasis: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph before it is written; lengths are in twips, `content` is XML, `text` is not."""

    style: str
    content: str = ""
    text: str = ""
    keep_next: bool = False
    number: tuple[int, int] | None = None
    after: int | None = None
    left: int | None = None
    hanging: int | None = None
    side: str | None = None

    def __str__(self) -> str:
        """Write the paragraph; one that begins in Arabic or the like runs from the right."""
        return f"<w:p><w:pPr>{''.join(self._properties())}</w:pPr>{self.content}</w:p>"

    def _properties(self) -> Iterable[str]:
        yield f'<w:pStyle w:val="{self.style}"/>'
        if self.keep_next:
            yield "<w:keepNext/>"
        if self.number:
            level, identifier = self.number
            yield f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{identifier}"/></w:numPr>'
        if reads_right_to_left(self.text):
            yield "<w:bidi/>"
        if self.after is not None:
            yield f'<w:spacing w:after="{self.after}"/>'
        if self.left is not None:
            hanging = "" if self.hanging is None else f' w:hanging="{self.hanging}"'
            yield f'<w:ind w:left="{self.left}"{hanging}/>'
        if self.side:
            yield f'<w:jc w:val="{self.side}"/>'


def run(text: str, manner: Manner = Manner(), *, from_right: bool = False) -> str:
    """Write text, a run for each of its directions; `from_right` is that of the paragraph."""
    return "".join(
        f"<w:r>{_run_properties(manner, from_right=rtl)}{_text(piece)}</w:r>"
        for piece, rtl in by_direction(clean(text), from_right=from_right)
    )


def field(instruction: str, shown: str) -> str:
    """Write a field that Word counts itself, with what is shown until it does."""
    return f'<w:fldSimple w:instr="{instruction}">{run(shown)}</w:fldSimple>'


def _run_properties(manner: Manner, *, from_right: bool) -> str:
    inner = (
        (f'<w:rStyle w:val="{manner.style}"/>' if manner.style else "")
        + ("<w:b/><w:bCs/>" if manner.strong else "")
        + ("<w:i/><w:iCs/>" if manner.emphasis else "")
        + ("<w:rtl/>" if from_right else "")
    )
    return f"<w:rPr>{inner}</w:rPr>" if inner else ""


def _text(text: str) -> str:
    """Write plain text with its tabs and line breaks."""
    shown = f'<w:t xml:space="preserve">{escape(text, quote=False)}</w:t>'
    if "\t" in shown or "\n" in shown:
        again = '<w:t xml:space="preserve">'
        shown = shown.replace("\t", f"</w:t><w:tab/>{again}").replace("\n", f"</w:t><w:br/>{again}")
    return shown
