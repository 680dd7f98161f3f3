"""A document as plain text: what a person reads on its pages, in order, without any marks."""

from collections.abc import Iterator

from tasks.core.documents import Block, BlockKind, Document
from tasks.extract.rows import plain_table


def plain_text(document: Document) -> str:
    """Give the text with running heads, and tables without their bars.

    What a person would not read as text is left out: hidden text, labels of plots.
    """
    return "".join(_parts(document)).strip()


def left_out(document: Document) -> tuple[Block, ...]:
    """Give the blocks that `plain_text` leaves out."""
    return tuple(block for block in document.blocks if _is_left_out(block))


def _is_left_out(block: Block) -> bool:
    return block.set_apart is not None and block.kind is not BlockKind.HEADER_FOOTER


def _parts(document: Document) -> Iterator[str]:
    at = 0
    for block in document.blocks:
        if _is_left_out(block):
            at = block.end
            continue
        yield document.text[at : block.start]
        text = document.text_of(block)
        yield _plain_table(block, text) if block.kind is BlockKind.TABLE else text
        at = block.end
    yield document.text[at:]


def _plain_table(block: Block, text: str) -> str:
    """Give a table's cells; one that goes on overleaf has the header of the page before."""
    table = plain_table(text)
    return table.partition("\n")[2] if block.continues else table
