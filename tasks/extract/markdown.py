"""Reading Markdown: the text stays as it is, marks and all; a parser tells where its blocks are."""

import re
from collections.abc import Iterable
from dataclasses import replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from tasks.core.documents import Block, BlockKind, Document
from tasks.core.spans import Span
from tasks.extract.guard import HIDDEN_TEXT, Hidden, hidden_warnings
from tasks.extract.reader import Request, reader_at_once
from tasks.extract.text import decoded

_FRONT_MATTER = re.compile(r"---\n.*?\n(?:---|\.\.\.)(?:\n|\Z)", re.DOTALL)
_LEAVES = {"paragraph_open", "heading_open", "fence", "code_block", "html_block", "hr"}


def read_markdown(data: bytes, request: Request) -> Document:
    """Read Markdown; its blocks are those of CommonMark with tables, and comments are hidden."""
    text, warnings = decoded(data, request.limits)
    sent = request.options.hidden_text
    blocks = _blocks(text)
    hidden = {block for block in blocks if _is_comment(text[block.start : block.end])}
    if not sent:
        blocks = [replace(b, set_apart=HIDDEN_TEXT) if b in hidden else b for b in blocks]
    found = (Hidden(HIDDEN_TEXT, block.end - block.start, None) for block in hidden)
    told = (*warnings, *hidden_warnings(found, sent=sent))
    return Document(digest=request.digest, text=text, blocks=tuple(blocks), warnings=told)


READER = reader_at_once(read_markdown)


def _is_comment(text: str) -> bool:
    return text.startswith("<!--") and text.endswith("-->") and text.count("-->") == 1


def _blocks(text: str) -> list[Block]:
    """Cut Markdown where its blocks begin; a block ends where the next one begins."""
    offsets = _line_offsets(text)
    front = _FRONT_MATTER.match(text)
    first = text.count("\n", 0, front.end()) if front else 0
    tokens = MarkdownIt("commonmark").enable("table").parse(text[offsets[first] :])
    starts = [(0, BlockKind.PARAGRAPH, None), *_starts(tokens, first)]
    ends = [start for start, _, _ in starts[1:]] + [len(offsets) - 1]
    blocks = []
    for (start, kind, level), end in zip(starts, ends, strict=True):
        span = _stripped(text, offsets[start], offsets[end])
        if span.end > span.start:
            blocks.append(Block(kind=kind, start=span.start, end=span.end, level=level))
    return blocks


def _starts(tokens: Iterable[Token], first: int) -> list[tuple[int, BlockKind, int | None]]:
    """Give line, kind and level of each block; of what lies in a list, only the items count.

    A closed block also marks the line after it, where a link definition, which has no token,
    would otherwise become part of it.
    """
    starts: dict[int, tuple[BlockKind, int | None]] = {}
    lists = tables = 0
    for token in tokens:
        lists += _step(token, "bullet_list", "ordered_list")
        tables += _step(token, "table")
        block = _block_of(token, lists, tables)
        if block and token.map:
            start, end = (first + line for line in token.map)
            starts[start] = block
            starts.setdefault(end, (BlockKind.PARAGRAPH, None))
    return [(line, kind, level) for line, (kind, level) in sorted(starts.items())]


def _step(token: Token, *names: str) -> int:
    return token.nesting if token.type.rpartition("_")[0] in names else 0


def _block_of(token: Token, lists: int, tables: int) -> tuple[BlockKind, int | None] | None:
    if token.type == "list_item_open":
        return BlockKind.LIST_ITEM, lists
    if lists:
        return None
    if token.type == "table_open":
        return BlockKind.TABLE, None
    if tables or token.type not in _LEAVES:
        return None
    if token.type == "heading_open":
        return BlockKind.HEADING, int(token.tag[1:])
    return BlockKind.PARAGRAPH, None


def _line_offsets(text: str) -> list[int]:
    """Give where each line begins, and the end of the text."""
    offsets = [0, *(match.end() for match in re.finditer("\n", text))]
    return offsets if offsets[-1] == len(text) and len(offsets) > 1 else [*offsets, len(text)]


def _stripped(text: str, start: int, end: int) -> Span:
    part = text[start:end]
    return Span(start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip()))
