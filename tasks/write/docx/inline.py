"""Text within a paragraph of a Word file: emphasis, code, links, line breaks, notes."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from markdown_it.token import Token

from tasks.write.anchors import pieces
from tasks.write.direction import reads_right_to_left
from tasks.write.docx.resources import Resources
from tasks.write.docx.xml import Manner, run
from tasks.write.inner import BREAKS, is_safe_target, plain

_EMPHASIS = {"strong_open": (1, 0), "strong_close": (-1, 0), "em_open": (0, 1), "em_close": (0, -1)}


def runs(tokens: Sequence[Token], resources: Resources, *, strong: bool = False) -> str:
    """Write inline tokens as runs, links and references to footnotes."""
    from_right = reads_right_to_left(plain(tokens))
    return "".join(_written(tokens, resources, Manner(strong=int(strong)), from_right))


def _written(
    tokens: Sequence[Token],
    resources: Resources,
    manner: Manner,
    from_right: bool,  # noqa: FBT001 - handed on
) -> Iterator[str]:
    link = ""
    for token in tokens:
        if token.type in _EMPHASIS:
            strong, emphasis = _EMPHASIS[token.type]
            manner = replace(
                manner, strong=manner.strong + strong, emphasis=manner.emphasis + emphasis
            )
        elif token.type == "link_open":
            link = _opened(str(token.attrs.get("href", "")), resources)
            manner = replace(manner, style=resources.sheet.id("Hyperlink") if link else None)
            yield link
        elif token.type == "link_close":
            yield "</w:hyperlink>" if link else ""
            link, manner = "", replace(manner, style=None)
        else:
            yield from _text(token, resources, manner, from_right)


def _opened(target: str, resources: Resources) -> str:
    """Begin a link; one that leads to an odd place is none."""
    if not is_safe_target(target):
        return ""
    return f'<w:hyperlink r:id="{resources.links.name(target)}">'


def _text(token: Token, resources: Resources, manner: Manner, from_right: bool) -> Iterator[str]:  # noqa: FBT001
    """Write the text of a token, with a note in the place of each anchor."""
    if token.type == "code_inline":
        manner = replace(manner, style=resources.sheet.id("Inline Code"))
    for text, number in pieces(BREAKS.get(token.type, token.content)):
        if text:
            yield run(text, manner, from_right=from_right)
        if number:
            yield resources.notes.refer(number)
