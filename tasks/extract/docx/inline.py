"""The inside of a paragraph: runs, fields, breaks, symbols, equations, and what hangs on them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from tasks.extract.docx.codes import shown_by_code
from tasks.extract.docx.context import Context
from tasks.extract.docx.fields import form_value, link_target
from tasks.extract.docx.held import Inline
from tasks.extract.docx.look import Look
from tasks.extract.docx.math import linear, take_out
from tasks.extract.docx.pages import PageTurns
from tasks.extract.docx.symbols import symbol
from tasks.extract.docx.texts import text_of
from tasks.extract.xml import CX, DGM, MC, PIC, WP, WPS, A, C, Element, M, R, V, W, alternative

NO_BREAK_HYPHEN = "\u2011"

_UNSHOWN = ("del", "moveFrom", "delText", "delInstrText", "instrText", "fldData")
_PROPERTIES = (
    *("pPr", "rPr", "sectPr", "sdtPr", "sdtEndPr", "smartTagPr", "customXmlPr", "rubyPr"),
    *("tblPr", "tblPrEx", "tblGrid", "trPr", "tcPr"),
)
# Deleted text, field codes and properties: nothing that a reader of the document sees.
INVISIBLE = frozenset(f"{W}{name}" for name in _UNSHOWN + _PROPERTIES)

_REFERENCES = tuple(f"{W}{kind}Reference" for kind in ("footnote", "endnote", "comment"))


@dataclass(slots=True)
class _Field:
    """A complex field that is open: its code so far, and where its result began."""

    in_code: bool = True
    code: list[str] = field(default_factory=list)
    mark: int | None = None


class InlineReader:
    """Reads the content of one paragraph into an `Inline`; `look` holds until a run differs."""

    def __init__(self, into: Inline, context: Context, turns: PageTurns, *, look: Look) -> None:
        self._into = into
        self._context = context
        self._turns = turns
        self._look = look
        self._fields: list[_Field] = []
        self._code_parts: list[int] = []  # what of `visible` was read inside a field's code
        self._deleted = 0
        self._last_alternative = ""

    def read(self, parent: Element) -> None:
        """Read the children of a paragraph, or of anything that wraps runs."""
        for child in parent:
            self.read_one(child)

    def read_one(self, child: Element) -> None:
        """Read one inline element; wrappers that we do not know are looked into."""
        handler = _HANDLERS.get(child.tag)
        if handler is not None:
            handler(self, child)
        elif child.tag not in INVISIBLE:
            self.read(child)

    def say(self, text: str) -> None:
        """Put down text of the document where it belongs."""
        unseen = self._look.unseen
        if unseen is not None:
            self._into.hidden.append((unseen, text))
            return
        if self._coding:
            self._code_parts.append(len(self._into.visible))
        self._into.visible.append(text)
        self._context.anchors.say(text)
        if text and not text.isspace():
            self._turns.content()

    @property
    def _coding(self) -> bool:
        return any(each.in_code for each in self._fields)

    def _run(self, run: Element) -> None:
        around = self._look
        self._look = self._context.styles.run(run.find(f"{W}rPr"), around)
        self.read(run)
        self._look = around

    def _text(self, element: Element) -> None:
        self.say(text_of(element))

    def _deleted_text(self, element: Element) -> None:
        if self._deleted:
            self.say(text_of(element))

    def _inserted(self, element: Element) -> None:
        if self._context.all_changes:
            self._changed(element, "{++", "++}")
        else:
            self.read(element)

    def _deletion(self, element: Element) -> None:
        if self._context.all_changes:
            self._deleted += 1
            self._changed(element, "{--", "--}")
            self._deleted -= 1

    def _changed(self, element: Element, before: str, after: str) -> None:
        """Read a tracked change between marks, which stand where it has text."""
        mark = len(self._into.visible)
        self._into.visible.append("")
        self.read(element)
        if self._has_text_since(mark):
            self._into.visible[mark] = before
            self._into.visible.append(after)

    def _link(self, element: Element) -> None:
        address = self._context.targets.get(element.get(f"{R}id", ""), "")
        place = element.get(f"{W}anchor")
        self._linked(element, address + (f"#{place}" if place else ""))

    def _simple_field(self, element: Element) -> None:
        self._linked(element, link_target(element.get(f"{W}instr", "")))

    def _linked(self, element: Element, target: str | None) -> None:
        mark = self._begin_link()
        self.read(element)
        self._end_link(mark, target)

    def _begin_link(self) -> int:
        self._into.visible.append("")
        return len(self._into.visible) - 1

    def _end_link(self, mark: int, target: str | None) -> None:
        """Put marks around the text since `mark`, if there is text, and somewhere that it leads."""
        if target and self._has_text_since(mark):
            self._into.visible[mark], end = self._context.links.marks(target)
            self._into.visible.append(end)

    def _has_text_since(self, mark: int) -> bool:
        return any(part.strip() for part in self._into.visible[mark:])

    def _equation(self, element: Element) -> None:
        styles, around = self._context.styles, self._look
        if not around.unseen:
            unseen = take_out(element, lambda run: styles.run(run.find(f"{W}rPr"), around).unseen)
            self._into.hidden.extend(unseen)
        self.say(linear(element))
        for reference in element.iter(*_REFERENCES):
            self._reference(reference)

    def _equations(self, element: Element) -> None:
        """Read `m:oMathPara`, equations on lines of their own."""
        for child in element:
            self._equation(child)
            self.say("\n")

    def _break(self, element: Element) -> None:
        if element.get(f"{W}type") == "page" and not self._look.unseen:
            self._into.visible.append(self._turns.typed())
        else:
            self.say("\n")

    def _rendered_break(self, _: Element) -> None:
        self._into.visible.append(self._turns.rendered())

    def _picture(self, element: Element) -> None:
        self._turns.content()
        self.read(element)

    def _described(self, element: Element) -> None:
        """Say the alternative text of a drawing, which its frame and its picture may both have."""
        text = element.get("descr") or element.get("alt") or ""
        if text.strip() and text != self._last_alternative:
            self.say(f"[Picture: {' '.join(text.split())}]")
        self._last_alternative = text
        self.read(element)

    def _word_art(self, element: Element) -> None:
        self.say(element.get("string", ""))

    def _drawing_text(self, element: Element) -> None:
        """Say a paragraph of a shape on a locked canvas, whose text is that of drawings."""
        self.say("\n" + "".join(text.text or "" for text in element.iter(f"{A}t")))

    def _drawn(self, element: Element) -> None:
        """Note a chart, or a diagram, whose words are in the part with its data."""
        name = element.get(f"{R}id") or element.get(f"{R}dm") or ""
        self._into.drawn.append((name, self._look))

    def _text_box(self, element: Element) -> None:
        self._into.boxes.append((element, self._look))

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

    def _range(self, element: Element) -> None:
        self._context.anchors.take(element)

    def _code(self, element: Element) -> None:
        if self._fields:
            self._fields[-1].code.append(element.text or "")

    def _field(self, element: Element) -> None:
        """Follow a complex field: its code ends at `separate`, or at `end` if it has no result."""
        match element.get(f"{W}fldCharType"):
            case "begin":
                self.say(form_value(element))
                self._fields.append(_Field())
            case "separate" if self._fields:
                self._fields[-1].in_code = False
                self._fields[-1].mark = self._begin_link()
            case "end" if self._fields:
                ended = self._fields.pop()
                code = "".join(ended.code)
                if ended.mark is not None:
                    self._end_link(ended.mark, link_target(code))
                else:
                    self.say(shown_by_code(code))
        if not self._coding:
            self._move_codes()

    def _move_codes(self) -> None:
        """Take text out of the visible that turned out to lie inside a field's code.

        A field that never ends moves nothing: what looks like its code may be the whole rest.
        """
        for at in self._code_parts:
            self._into.codes.append(self._into.visible[at])
            self._into.visible[at] = ""
        self._code_parts.clear()


_Handler: TypeAlias = Callable[[InlineReader, Element], None]


def _constant(text: str) -> _Handler:
    return lambda reader, _: reader.say(text)


_HANDLERS: dict[str, _Handler] = {
    f"{W}r": InlineReader._run,
    f"{W}t": InlineReader._text,
    f"{W}delText": InlineReader._deleted_text,
    f"{W}ins": InlineReader._inserted,
    f"{W}moveTo": InlineReader._inserted,
    f"{W}del": InlineReader._deletion,
    f"{W}moveFrom": InlineReader._deletion,
    f"{W}hyperlink": InlineReader._link,
    f"{W}fldSimple": InlineReader._simple_field,
    f"{M}oMath": InlineReader._equation,
    f"{M}oMathPara": InlineReader._equations,
    f"{W}br": InlineReader._break,
    f"{W}lastRenderedPageBreak": InlineReader._rendered_break,
    f"{W}drawing": InlineReader._picture,
    f"{W}pict": InlineReader._picture,
    f"{W}object": InlineReader._picture,
    **dict.fromkeys(
        (f"{WP}docPr", f"{PIC}cNvPr", f"{WPS}cNvPr", f"{V}shape", f"{V}rect"),
        InlineReader._described,
    ),
    **dict.fromkeys((f"{C}chart", f"{CX}chart", f"{DGM}relIds"), InlineReader._drawn),
    f"{A}p": InlineReader._drawing_text,
    f"{V}textpath": InlineReader._word_art,
    f"{W}txbxContent": InlineReader._text_box,
    f"{MC}AlternateContent": InlineReader._alternative,
    f"{W}ruby": InlineReader._ruby,
    **dict.fromkeys(_REFERENCES, InlineReader._reference),
    f"{W}commentRangeStart": InlineReader._range,
    f"{W}commentRangeEnd": InlineReader._range,
    f"{W}fldChar": InlineReader._field,
    f"{W}instrText": InlineReader._code,
    f"{W}sym": lambda reader, element: reader.say(symbol(element)),
    f"{W}tab": _constant("\t"),
    f"{W}ptab": _constant("\t"),
    f"{W}cr": _constant("\n"),
    f"{W}noBreakHyphen": _constant(NO_BREAK_HYPHEN),
}
