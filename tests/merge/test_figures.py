"""Figures of records, looked up in the rows that they are said to stand in."""

from dataclasses import replace

import pytest

from tasks.merge.unite import united
from tests.merge.building import answer, document, items, records_of
from tests.schemas import NUMBER, TEXT

REPORT = document(
    "Table 4: Berths\n\n| Harbour | 2023 | 2024 |\n| --- | --- | --- |\n"
    "| Pennard | 1,204.5 | (96) |\n| Saltash | – | 310 |\n",
    "Cash     96   1,310\nTrade debts 310  96 %\n",
)
CELLS = records_of(
    {"row": TEXT, "value": TEXT, "number": NUMBER, "page": NUMBER}, evidence=("value", "row")
)


@pytest.mark.parametrize(
    ("row", "value", "page", "status", "line"),
    [
        ("Pennard", "1,204.5", 1, "found", "| Pennard | 1,204.5 | (96) |"),
        ("Harbours > Pennard", "(96)", 1, "found", "| Pennard | 1,204.5 | (96) |"),
        ("Saltash", "310", 2, "approximate", "| Saltash | – | 310 |"),
        ("Saltash", "1,204.5", 1, "approximate", "| Pennard | 1,204.5 | (96) |"),
        ("Pennard", "96", 1, "not_found", ""),
        ("Pennard", "96", None, "approximate", "Cash     96   1,310"),
        ("Pennard", "1,204", 1, "not_found", ""),
        ("Saltash", "", 1, "", ""),
        ("Saltash", "–", 1, "", ""),
        ("Cash", "96", 2, "found", "Cash     96   1,310"),
        ("Trade debts", "96 %", 2, "found", "Trade debts 310  96 %"),
        ("Trade debts", "96", 2, "approximate", "Cash     96   1,310"),
        ("Cash", "310", 2, "approximate", "Trade debts 310  96 %"),
        ("Cash", "1,310", None, "found", "Cash     96   1,310"),
    ],
)
def test_a_figure_is_looked_up_in_its_row(
    row: str, value: str, page: int | None, status: str, line: str
) -> None:
    said = items({"row": row, "value": value, **({"page": page} if page else {})})
    whole = replace(answer(1, said), chunk=replace(answer(1, said).chunk, end=len(REPORT.text),
                                                   pages=(1, 2)))  # fmt: skip

    merged = united([whole], CELLS, {"": REPORT})

    found = [(c.status, REPORT.text[c.start or 0 : c.end or 0]) for c in merged.citations]
    assert found == ([(status, line)] if status else [])
    assert ("not found in the source" in merged.body) is (status == "not_found")


def test_equal_figures_of_one_row_have_each_their_place_in_the_table() -> None:
    source = document("| Saltash | 5 | 5 |\n")
    said = items(*({"row": "Saltash", "value": "5", "number": n, "page": 1} for n in (5, 55)))
    chunk = replace(answer(1, said).chunk, end=len(source.text))

    merged = united([replace(answer(1, said), chunk=chunk)], CELLS, {"": source})

    places = [merged.body[: c.body_start].count("\n") for c in merged.citations]
    assert [merged.body[c.body_start : c.body_end] for c in merged.citations] == ["5", "5"]
    assert places == [2, 3]
