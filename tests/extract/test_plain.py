import pytest

from tasks.core.documents import BlockKind
from tasks.core.tables import rows_of
from tasks.extract.assemble import Assembler
from tasks.extract.plain import left_out, plain_text
from tasks.extract.rows import markdown_table, plain_table

ROWS = [["Service", "Fee"], ["Cables | plugs", "300"], ["", "12"]]


def test_a_table_comes_back_from_markdown() -> None:
    assert rows_of(markdown_table(ROWS)) == ROWS


def test_a_plain_table_has_its_cells_in_reading_order() -> None:
    assert plain_table(markdown_table(ROWS)) == "Service Fee\nCables | plugs 300\n12"


@pytest.mark.parametrize("apart", ["invisible text", "labels of a plot"])
def test_plain_text_has_running_heads_and_leaves_out_what_nobody_reads(apart: str) -> None:
    out = Assembler()
    out.add("Head", BlockKind.HEADER_FOOTER, set_apart="running head")
    out.add("before")
    out.add("planted", set_apart=apart)
    out.add(markdown_table(ROWS), BlockKind.TABLE)
    document = out.document(digest="0")

    assert plain_text(document) == "Head\n\nbefore\n\nService Fee\nCables | plugs 300\n12"
    assert [document.text_of(block) for block in left_out(document)] == ["planted"]
