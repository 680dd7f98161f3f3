"""Markdown tokens as Typst markup, in which all text is a string and can do nothing."""

from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile

from markdown_it.token import Token

from tasks.core.outputs import Citation
from tasks.write.anchors import ANCHOR, pieces
from tasks.write.clean import clean
from tasks.write.columns import column_widths
from tasks.write.direction import reads_right_to_left
from tasks.write.inner import is_safe_target, plain
from tasks.write.references import reference
from tasks.write.source import SourceInfo

_DEEPEST = 10
"""Typst gives up on text nested much deeper; what is further in stands at this depth."""

_INLINE = {
    "strong_open": "#strong[",
    "strong_close": "]",
    "em_open": "#emph[",
    "em_close": "]",
    "softbreak": " ",
    "hardbreak": "#linebreak();",
}
_NESTED = {"bullet_list", "ordered_list", "blockquote"}
_SHARES = 1000


def literal(text: str) -> str:
    """Give text as a string of Typst's."""
    shown = clean(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{shown}"'.replace("\n", "\\n").replace("\t", "\\t")


def shown(text: str) -> str:
    """Give text as markup that shows it."""
    return f"#{literal(text)};" if text else ""


class Markup:
    """Writes the tokens of one output; citations become footnotes."""

    def __init__(self, citations: Sequence[Citation], source: SourceInfo) -> None:
        self._citations = citations
        self._source = source
        self._depth = 0
        self._top_heading = 1

    def write(self, tokens: Sequence[Token]) -> str:
        """Write some blocks; their highest heading gets level 1."""
        levels = [int(token.tag[1:]) for token in tokens if token.type == "heading_open"]
        self._top_heading = min(levels, default=1)
        return "".join(self._block(tokens, at) for at in range(len(tokens)))

    def _block(self, tokens: Sequence[Token], at: int) -> str:
        token = tokens[at]
        kind, _, end = token.type.rpartition("_")
        if kind in _NESTED:
            return self._nested(token, opens=end == "open")
        if kind == "list_item":
            return self._item(opens=end == "open")
        if token.type == "table_open":
            return _table(list(takewhile(lambda t: t.type != "table_close", tokens[at:])))
        if token.type == "inline":
            return "".join(self._inline(token.children or ()))
        if kind == "paragraph":
            return _paragraph(tokens, at, opens=end == "open")
        step = _STEPS.get(token.type)
        return step(token, self._top_heading) if step else ""

    def _nested(self, token: Token, *, opens: bool) -> str:
        """Begin or end a list or quotation; beyond the deepest there is no further one."""
        self._depth += opens
        beyond = self._depth > _DEEPEST
        self._depth -= not opens
        if beyond:
            return ""
        if not opens:
            return "]\n" if token.type == "blockquote_close" else ")\n"
        if token.type == "blockquote_open":
            return "#quote(block: true)["
        if token.type == "bullet_list_open":
            return "#list("
        start = min(int(token.attrs.get("start", 1)), 2**31)
        return f'#enum(start: {start}, numbering: "1{token.markup or "."}",'

    def _item(self, *, opens: bool) -> str:
        if self._depth > _DEEPEST:
            return "#parbreak();"
        return "[" if opens else "],"

    def _inline(self, tokens: Sequence[Token]) -> Iterator[str]:
        """Write text with its emphasis, links and notes."""
        linked: list[bool] = []
        for token in tokens:
            if token.type == "link_open":
                target = str(token.attrs.get("href", ""))
                linked.append(is_safe_target(target))
                yield f"#link({literal(target)})[" if linked[-1] else ""
            elif token.type == "link_close":
                yield "]" if linked and linked.pop() else ""
            elif token.type in _INLINE:
                yield _INLINE[token.type]
            else:
                yield from self._text(token)

    def _text(self, token: Token) -> Iterator[str]:
        for text, number in pieces(token.content):
            if text and token.type == "code_inline":
                yield f"#raw({literal(text)});"
            else:
                yield shown(text)
            if 1 <= number <= len(self._citations):
                yield self._note(self._citations[number - 1])

    def _note(self, citation: Citation) -> str:
        told = reference(citation, self._source)
        doubt = f"{shown(': ')}#strong[{shown(told.doubt)}]" if told.doubt else ""
        quote = shown(f": \u201c{told.quote}\u201d") if told.quote else ""
        return f"#footnote[{shown(told.place)}{doubt}{quote}]"


def _paragraph(tokens: Sequence[Token], at: int, *, opens: bool) -> str:
    """Begin or end a paragraph; one in Arabic or the like runs from the right."""
    if tokens[at].hidden:
        return "" if opens else " "
    if not opens:
        return "]]\n"
    turned = reads_right_to_left(plain(tokens[at + 1].children or ()))
    return f"#[{'#set text(dir: rtl);' if turned else ''}#par["


def _heading(token: Token, top: int) -> str:
    return f"#heading(level: {int(token.tag[1:]) - top + 1})["


def _code(token: Token, _top: int) -> str:
    text = ANCHOR.sub("", token.content.removesuffix("\n"))
    return f"#raw({literal(text)}, block: true)\n"


def _table(tokens: Sequence[Token]) -> str:
    """Begin a table: columns as wide as their text needs, and how they are aligned."""
    rows: list[list[str]] = []
    sides: list[str] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(plain(token.children or ()))
        elif token.type == "th_open":
            sides.append(str(token.attrs.get("style", "")).removeprefix("text-align:") or "left")
    widths = column_widths(rows, total=_SHARES)
    columns = "".join(f"{width}fr," for width in widths)
    return f"#grid-table(columns: ({columns}), align: ({''.join(f'{s},' for s in sides)}),"


_STEPS: dict[str, Callable[[Token, int], str]] = {
    "heading_open": _heading,
    "heading_close": lambda _token, _top: "]\n",
    "fence": _code,
    "code_block": _code,
    "hr": lambda _token, _top: "#line(length: 100%, stroke: hairline)\n",
    "thead_open": lambda _token, _top: "table.header(repeat: true,",
    "thead_close": lambda _token, _top: "),",
    "th_open": lambda _token, _top: "[",
    "th_close": lambda _token, _top: "],",
    "td_open": lambda _token, _top: "[",
    "td_close": lambda _token, _top: "],",
    "table_close": lambda _token, _top: ")\n",
}
