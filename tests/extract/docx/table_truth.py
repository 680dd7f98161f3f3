"""What tables hold, written down by hand from how the files look on paper.

A line is a row, a bar parts its columns, and what is empty stays so: a merged cell stands in the
first of its places. A table in a cell is written there with `¦` between its cells and `;` between
its rows.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Truth:
    """The rows of the table that is the `place`-th of its file, from 0."""

    place: int
    rows: str


CORPUS: dict[str, list[Truth]] = {
    "tablecell.docx": [Truth(0, "Tab1|Tab2|Tab3\nA|B|C\nD|E|F")],
    "docx-tables.docx": [
        Truth(0, "Header Col 1|Header Col 2\nLorem ipsum|A link example"),
        Truth(1, "a|>b<|c\nd|e ¦ f; g&t ¦ h|i\nj|k|l"),
        Truth(2, "a|b|\n|c|d\ne||"),
    ],
    "tables-with-incomplete-rows.docx": [
        Truth(0, "a|b\nc|d"),
        Truth(1, "a|\nb|c"),
        Truth(2, "a||\nb|c|d"),
        Truth(3, "a|b|\n|c|d"),
        Truth(4, "a||b|c\n|d||\ne|||f"),
    ],
    "word_tables.docx": [
        Truth(
            0,
            "Header 0.0|Header 0.1|Header 0.2\nCell 1.0|Cell 1.1|Cell 1.2\n"
            "Cell 2.0|Cell 2.1|Cell 2.2",
        ),
        Truth(
            1,
            "Header 0.0|Header 0.1|Header 0.2\nCell 1.0|Merged Cell 1.1 1.2|\n"
            "Cell 2.0|Merged Cell 2.1 2.2|",
        ),
        Truth(
            2,
            "Header 0.0|Header 0.1|Header 0.2|Header 0.3\nCell 1.0|Merged Cell 1.1 1.2||Cell 1.3\n"
            "Cell 2.0|Merged Cell 2.1 2.2||Cell 2.3",
        ),
        Truth(
            3,
            "Header 0.0|Header 0.1|Header 0.2\nCell 1.0|Merged Cell 1.1 2.1|Cell 1.2\n"
            "Cell 2.0||Cell 2.2\nCell 3.0|Merged Cell 3.1 4.1|Cell 3.2\nCell 4.0||Cell 4.2",
        ),
        Truth(
            4,
            "Header 0.0|Header 0.1|Header 0.2||\nCell 1.0|Merged Cell 1.1 2.1|Cell 1.2||\n"
            "Cell 2.0||Cell 2.2||\nCell 3.0|Merged Cell 3.1 4.1|Cell 3.2||\n"
            "Cell 4.0||Cell 4.2||Merged Cell 4.4 5.4\n||||\n||||\n||||\n||||Cell 8.4",
        ),
    ],
    "docx_rich_cells.docx": [
        Truth(
            2,
            "Column A|Column B\nOnly text|[Picture: Owner avatar]\n"
            "Text and picture [Picture: Owner avatar]|",
        ),
        Truth(3, "• Cell 1 item 1 • Cell 1 item 2\n• Cell 2 item 1 • Cell 2 item 2"),
    ],
}

OWN: dict[str, list[Truth]] = {
    "features.docx": [
        Truth(
            0,
            "Item|Juniper\nKnapweed|\nLarkspur ¦ beside it|c\nd|Marigold\nNasturtium|e",
        ),
    ],
    "annual-report.docx": [
        Truth(
            0,
            "Figure|2024|2025|Change\nHouseholds supplied|116,900|118,400|+1.3 %\n"
            "Water put into supply (million m3)|21.84|21.07|-3.5 %\n"
            "Water lost from pipes|19.6 %|17.1 %|-2.5 points\n"
            "Turnover (million pounds)|48.2|50.1|+3.9 %\n"
            "Surplus (million pounds)|3.1|2.6|-16.1 %\n"
            "Employees at the end of the year|342|351|+9\n"
            "Complaints for each 1,000 households|6.8|5.9|-0.9",
        ),
        Truth(
            2,
            "Item|Budget|Actual|Difference\nCivil works|14.2|14.9|+0.7\n"
            "Machines and pipes|9.8|10.1|+0.3\nElectrical and controls|4.1|5.0|+0.9\n"
            "Design and supervision|2.2|2.4|+0.2\nReserve|1.2|0.0|-1.2\n"
            "Total (million pounds)|31.5|32.4|+0.9",
        ),
        Truth(
            4,
            "Age of debt|Households|Amount (pounds)\nUp to 3 months|3,120|402,000\n"
            "3 to 12 months|1,455|611,000\nOver 12 months|890|774,000",
        ),
        Truth(
            5,
            "Cause|2023|2024|2025\nSlips and falls|6|5|5\nLifting|3|2|1\nTraffic|1|2|1\n"
            "Other|1|0|0",
        ),
    ],
}
