"""The inside of a paragraph: runs, fields, breaks, symbols, equations, and what hangs on them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from tasks.extract.docx.math import linear
from tasks.extract.docx.pages import PageTurns
from tasks.extract.docx.styles import Styles
from tasks.extract.docx.symbols import checkbox, symbol
from tasks.extract.docx.xml import MC, Element, M, W, alternative

NO_BREAK_HYPHEN = "\u2011"
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"

_UNSHOWN = ("del", "moveFrom", "delText", "delInstrText", "instrText", "fldData")
_PROPERTIES = (
    *("pPr", "rPr", "sectPr", "sdtPr", "sdtEndPr", "smartTagPr", "customXmlPr", "rubyPr"),
    *("tblPr", "tblPrEx", "tblGrid", "trPr", "tcPr"),
)
# Deleted text, field codes and properties: nothing that a reader of the document sees.
INVISIBLE = frozenset(f"{W}{name}" for name in _UNSHOWN + _PROPERTIES)


@dataclass(slots=True)
class Inline:
    """What a paragraph holds, as it is being read.

    `codes` is text inside the instruction of a field. `boxes` are text boxes that hang on the
    paragraph, with whether the run is hidden; `references` are (kind, id) of notes and comments.
    """

    visible: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    boxes: list[tuple[Element, bool]] = field(default_factory=list)
    references: list[tuple[str, str]] = field(default_factory=list)


class InlineReader:
    """Reads the content of one paragraph into an `Inline`; `hidden` holds until a run differs."""

    def __init__(self, into: Inline, styles: Styles, turns: PageTurns, *, hidden: bool) -> None:
        self._into = into
        self._styles = styles
        self._turns = turns
        self._hidden = hidden
        self._in_code: list[bool] = []  # one for each open field: before its separator?
        self._code_parts: list[int] = []  # what of `visible` was read inside a field's code

    def read(self, parent: Element) -> None:
        """Read the children of a paragraph, or of anything that wraps runs."""
        for child in parent:
            self.read_one(child)

    def read_one(self, child: Element) -> None:
        """Read one inline element; wrappers that we do not know are looked into."""
        if child.tag in INVISIBLE:
            return
        handler = _HANDLERS.get(child.tag)
        if handler is None:
            self.read(child)
        else:
            handler(self, child)

    def say(self, text: str) -> None:
        """Put down text of the document where it belongs."""
        if self._hidden:
            self._into.hidden.append(text)
            return
        if any(self._in_code):
            self._code_parts.append(len(self._into.visible))
        self._into.visible.append(text)
        if text and not text.isspace():
            self._turns.content()

    def _run(self, run: Element) -> None:
        around = self._hidden
        self._hidden = self._styles.run_hidden(run.find(f"{W}rPr"), inherited=around)
        self.read(run)
        self._hidden = around

    def _text(self, element: Element) -> None:
        self.say(text_of(element))

    def _equation(self, element: Element) -> None:
        self.say(linear(element))

    def _equations(self, element: Element) -> None:
        """Read `m:oMathPara`, equations on lines of their own."""
        self.say("\n".join(linear(child) for child in element))

    def _break(self, element: Element) -> None:
        if element.get(f"{W}type") == "page" and not self._hidden:
            self._into.visible.append(self._turns.typed())
        else:
            self.say("\n")

    def _rendered_break(self, _: Element) -> None:
        self._into.visible.append(self._turns.rendered())

    def _picture(self, element: Element) -> None:
        self._turns.content()
        self.read(element)

    def _text_box(self, element: Element) -> None:
        self._into.boxes.append((element, self._hidden))

    def _alternative(self, element: Element) -> None:
        branch = alternative(element)
        if branch is not None:
            self.read(branch)

    def _ruby(self, element: Element) -> None:
        """Read the base text first and its pronunciation in brackets behind it."""
        for base in element.iterfind(f"{W}rubyBase"):
            self.read(base)
        for reading in element.iterfind(f"{W}rt"):
            self.say("(")
            self.read(reading)
            self.say(")")

    def _reference(self, element: Element) -> None:
        kind = element.tag.rpartition("}")[2].removesuffix("Reference")
        self._into.references.append((kind, element.get(f"{W}id", "")))

    def _field(self, element: Element) -> None:
        """Follow a complex field: its code ends at `separate`, or at `end` if it has no result."""
        match element.get(f"{W}fldCharType"):
            case "begin":
                self.say(checkbox(element))
                self._in_code.append(True)
            case "separate" if self._in_code:
                self._in_code[-1] = False
            case "end" if self._in_code:
                self._in_code.pop()
        if not any(self._in_code):
            self._move_codes()

    def _move_codes(self) -> None:
        """Take text out of the visible that turned out to lie inside a field's code.

        A field that never ends moves nothing: what looks like its code may be the whole rest.
        """
        for at in self._code_parts:
            self._into.codes.append(self._into.visible[at])
            self._into.visible[at] = ""
        self._code_parts.clear()


def text_of(element: Element) -> str:
    """Give the text of a `w:t`, without the line breaks of XML that was laid out for reading."""
    text = element.text or ""
    if "\n" not in text and "\r" not in text:
        return text
    if element.get(_XML_SPACE) == "preserve":
        return " ".join(text.splitlines())
    return " ".join(line.strip() for line in text.splitlines()).strip()


_Handler: TypeAlias = Callable[[InlineReader, Element], None]


def _constant(text: str) -> _Handler:
    return lambda reader, _: reader.say(text)


_HANDLERS: dict[str, _Handler] = {
    f"{W}r": InlineReader._run,
    f"{W}t": InlineReader._text,
    f"{M}oMath": InlineReader._equation,
    f"{M}oMathPara": InlineReader._equations,
    f"{W}br": InlineReader._break,
    f"{W}lastRenderedPageBreak": InlineReader._rendered_break,
    f"{W}drawing": InlineReader._picture,
    f"{W}pict": InlineReader._picture,
    f"{W}object": InlineReader._picture,
    f"{W}txbxContent": InlineReader._text_box,
    f"{MC}AlternateContent": InlineReader._alternative,
    f"{W}ruby": InlineReader._ruby,
    f"{W}footnoteReference": InlineReader._reference,
    f"{W}endnoteReference": InlineReader._reference,
    f"{W}commentReference": InlineReader._reference,
    f"{W}fldChar": InlineReader._field,
    f"{W}sym": lambda reader, element: reader.say(symbol(element)),
    f"{W}tab": _constant("\t"),
    f"{W}ptab": _constant("\t"),
    f"{W}cr": _constant("\n"),
    f"{W}noBreakHyphen": _constant(NO_BREAK_HYPHEN),
}
