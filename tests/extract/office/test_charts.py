"""Charts as python-pptx writes them, and what is read of their own parts."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from pptx import Presentation
from pptx.chart.data import BubbleChartData, CategoryChartData, XyChartData
from pptx.enum.chart import XL_CHART_TYPE

from tasks.extract.limits import ExtractionLimits
from tasks.extract.office.charts import chart_pieces
from tasks.extract.xml import parse_xml


def categories() -> Any:
    data: Any = CategoryChartData()  # type: ignore[no-untyped-call]  # python-pptx has no types
    north = data.add_category("North")
    north.add_sub_category("Ayr")
    north.add_sub_category("Bute")
    data.add_series("2024", (1, 2.5))
    data.add_series("2025", (None, 4))
    return data


def points() -> Any:
    data: Any = XyChartData()  # type: ignore[no-untyped-call]
    for name, x in (("a", 1), ("b", 5)):
        data.add_series(name).add_data_point(x, 2)
    return data


def bubbles() -> Any:
    data: Any = BubbleChartData()  # type: ignore[no-untyped-call]
    data.add_series("a").add_data_point(1, 2, 30)
    return data


@pytest.mark.parametrize(
    ("data", "kind", "tables"),
    [
        (
            categories,
            XL_CHART_TYPE.COLUMN_CLUSTERED,
            ["|  | 2024 | 2025 |", "| North Ayr | 1 |  |", "| Bute | 2.5 | 4 |"],
        ),
        (points, XL_CHART_TYPE.XY_SCATTER, ["|  | a |", "| 1 | 2 |", "|  | b |", "| 5 | 2 |"]),
        (bubbles, XL_CHART_TYPE.BUBBLE, ["|  | a | a |", "| 1 | 2 | 30 |"]),
    ],
)
def test_values_stand_in_tables_a_column_for_each_series(
    data: Callable[[], Any], kind: XL_CHART_TYPE, tables: list[str]
) -> None:
    pieces = list(chart_pieces(parse_xml(chart(data(), kind), "chart", ExtractionLimits())))
    lines = [line for piece in pieces[1:] for line in piece.text.splitlines()]

    assert [line for line in lines if "---" not in line] == tables


def test_titles_of_chart_and_axes_stand_before_the_values() -> None:
    made = chart(categories(), XL_CHART_TYPE.LINE, title="Rent", axis="EUR")
    first, _ = chart_pieces(parse_xml(made, "chart", ExtractionLimits()))

    assert first.text == "[Chart: Rent | EUR]"


def chart(data: Any, kind: XL_CHART_TYPE, title: str = "", axis: str = "") -> bytes:
    made: Any = Presentation()
    slide = made.slides.add_slide(made.slide_layouts[6])
    drawn = slide.shapes.add_chart(kind, 0, 0, 9, 9, data).chart
    if title:
        drawn.chart_title.text_frame.text = title
        drawn.value_axis.axis_title.text_frame.text = axis
    made.save(io.BytesIO())
    return bytes(drawn.part.blob)
