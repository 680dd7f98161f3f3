"""Markdown that does nothing in any viewer: no HTML, no pictures fetched, no odd link targets.

The text is edited and not written anew, so that everything else stays as the model wrote it. What
the edits yield is then read back as a viewer would; should anything be left that acts, all marks
are written as entities, which is ugly at worst.
"""

import re
from collections.abc import Iterator
from itertools import chain

from markdown_it.common.utils import unescapeAll
from markdown_it.token import Token

from tasks.write.clean import clean
from tasks.write.inner import NESTING_LIMIT, is_safe_target, parse, parser

_MARK = re.compile(
    r"""
      (?P<escape>\\.)
    | (?P<ticks>`+)
    | (?P<angle><(?=[A-Za-z/!?])(?=(?P<auto>[^\s<>]*>)?))
    | (?P<image>!(?=\[))
    | (?P<entity>&\#[xX]?[0-9a-fA-F]{1,8};)
    | (?P<target>\][(:](?=\s*(?P<where><[^<>\n]*>|[^\s)]*)))
    """,
    re.VERBOSE | re.DOTALL,
)
_CELL_END = re.compile(r"(?<!\\)(?=\|)")
_FRAGMENT = re.compile(r"#[^\s\\:]*")
_CODE = {"fence", "code_block"}
_ACTING = {"html_block", "html_inline", "image"}


def inert(markdown: str) -> str:
    """Take from a clean Markdown text everything that acts, and leave what it says."""
    edited = _edited(markdown)
    return edited if _is_inert(edited) else re.sub(r"\\?([<\[])", _as_entity, markdown)


def _edited(markdown: str) -> str:
    """Edit what lies between the code blocks."""
    lines = markdown.split("\n")
    done: list[str] = []
    at = 0
    for start, end, kind in _regions(parse(markdown)):
        done += map(_edit_text, lines[at:start])
        done.append(_edit_region("\n".join(lines[start:end]), kind))
        at = end
    return "\n".join([*done, *map(_edit_text, lines[at:])])


def _regions(tokens: list[Token]) -> Iterator[tuple[int, int, str]]:
    """Give in order the runs of lines that are code, a table's row or inline text."""
    at = 0
    for token in tokens:
        if token.map is None or token.type not in {*_CODE, "inline", "tr_open"}:
            continue
        start, end = token.map
        if at <= start < end:
            yield start, end, token.type
            at = end


def _edit_region(text: str, kind: str) -> str:
    """Edit a region; a code span ends with its region, and in a table with its cell."""
    if kind in _CODE:
        return text
    if kind == "tr_open":
        return "".join(map(_edit_text, _CELL_END.split(text)))
    return _edit_text(text)


def _edit_text(text: str) -> str:
    """Edit inline text outside its code spans."""
    done: list[str] = []
    unclosed: set[str] = set()
    at = 0
    while found := _MARK.search(text, at):
        done.append(text[at : found.start()])
        at = found.end()
        if found["ticks"] and found["ticks"] not in unclosed:
            at = _end_of_code(text, found)
            unclosed |= {found["ticks"]} if at == found.end() else set()
            done.append(text[found.start() : at])
        else:
            done.append(_replacement(found))
    return "".join([*done, text[at:]])


def _end_of_code(text: str, opening: re.Match[str]) -> int:
    """Find where the code span ends that some backticks open; right behind them if it does not."""
    closing = re.compile(rf"(?<!`){opening['ticks']}(?!`)").search(text, opening.end())
    return closing.end() if closing else opening.end()


def _replacement(found: re.Match[str]) -> str:
    """Say what to write in place of a mark."""
    if found["angle"]:
        return "<" if _is_autolink(found["auto"] or "") else "&lt;"
    if found["image"]:
        return "\\!"
    if found["entity"]:
        character = unescapeAll(found["entity"])
        return found["entity"] if clean(character) == character else "\ufffd"
    if found["target"] and not _may_lead_to(unescapeAll(found["where"].strip("<>"))):
        return f"]\\{found['target'][-1]}"
    return found[0]


def _is_autolink(inside: str) -> bool:
    target = inside.removesuffix(">")
    return is_safe_target(target) or ("/" not in target and is_safe_target(f"mailto:{target}"))


def _may_lead_to(target: str) -> bool:
    """Allow the safe targets, and places within the same document."""
    return is_safe_target(target) or bool(_FRAGMENT.fullmatch(target))


def _is_inert(markdown: str) -> bool:
    """Read the text as a viewer that allows everything, and see whether anything acts."""
    tokens = parser(with_html=True).parse(markdown)
    return all(
        token.type not in _ACTING
        and token.level < NESTING_LIMIT - 1
        and (token.type != "link_open" or _may_lead_to(str(token.attrs["href"])))
        for token in chain(tokens, *(t.children or () for t in tokens))
    )


def _as_entity(found: re.Match[str]) -> str:
    return "&lt;" if found[1] == "<" else "&#91;"
