"""Recognising the axes of plots by their numbers: even steps in value, at even steps in place."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from tasks.core.documents import Box
from tasks.extract.pdf.lines.line import Line

_ONE = r"[-\u2212+]?(?:\d+(?:[.,]\d+)?|[.,]\d+)%?"
_NUMBER, _NUMBERS = re.compile(_ONE), re.compile(rf"{_ONE}(?:\s+{_ONE})+")
_POWER = re.compile(r"10([-\u2212]?\d+)")
_FEWEST_TICKS = 3
_MOST_LINES = 600
_ASIDE_PT = 4.0
_UNEVEN = 0.15  # of a step
_BELOW_PT = 40.0

Tick = tuple[float, Box]


def find_axes(lines: Sequence[Line]) -> Iterator[Box]:
    """Give the places of upright axes that have a level one below or beside their foot."""
    placed = [(line.text.strip(), line.box) for line in lines if line.box]
    alone = [tick for tick in placed if _is_number(tick[0])][:_MOST_LINES]
    if len(alone) < _FEWEST_TICKS:
        return
    rows = [box for text, box in placed if _NUMBERS.fullmatch(text)]  # along a level axis, perhaps
    while alone:
        first = alone[0][1]
        column = [(t, box) for t, box in alone if _in_column(first, box)]
        alone = [tick for tick in alone if tick not in column]
        yield from (axis for axis in _upright(column) if _has_foot(axis, rows))


def _is_number(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text) or _POWER.fullmatch(text))


def _in_column(one: Box, other: Box) -> bool:
    """Tell whether two numbers stand one over the other: right edges or centres meet."""
    across = abs(one.left + one.right - other.left - other.right) / 2
    return min(abs(one.right - other.right), across) < _ASIDE_PT


def _upright(column: Sequence[tuple[str, Box]]) -> Iterator[Box]:
    """Give the runs of a column whose numbers fall by even steps, evenly placed, downwards."""
    values = _values([text for text, _ in column])
    ticks = sorted(zip(values, (box for _, box in column), strict=True), key=lambda t: t[1].top)
    run = ticks[:1]
    for tick in ticks[1:]:
        if len(run) >= 2 and not _goes_on(run, tick):
            yield from _axis(run)
            run = run[-1:]
        run.append(tick)
    yield from _axis(run)


def _values(texts: Sequence[str]) -> list[float]:
    """Read numbers; powers of ten, whose exponents stand in line with them, by the exponent."""
    plain = [text.replace("\u2212", "-") for text in texts]
    powers = [_POWER.fullmatch(text) for text in plain]
    if all(powers) and any(map(_is_power, plain)):
        return [float(power[1]) for power in powers if power]
    return list(map(_value, plain))


def _value(text: str) -> float:
    return 10.0 ** int(text[2:]) if _is_power(text) else float(text.rstrip("%").replace(",", "."))


def _is_power(text: str) -> bool:
    """Tell 10-3 from a number; 103 may be either."""
    return "-" in text[1:]


def _goes_on(run: Sequence[Tick], tick: Tick) -> bool:
    (before, above), (value, box) = run[-2], run[-1]
    step, drop = before - value, box.bottom - above.bottom
    next_step, next_drop = value - tick[0], tick[1].bottom - box.bottom
    even = abs(next_drop - drop) < _UNEVEN * drop and abs(next_step - step) < _UNEVEN * abs(step)
    return step > 0 and even


def _axis(run: Sequence[Tick]) -> Iterator[Box]:
    if len(run) >= _FEWEST_TICKS and all(above[0] > below[0] for above, below in pairwise(run)):
        boxes = [box for _, box in run]
        yield Box(
            min(box.left for box in boxes),
            boxes[0].top,
            max(box.right for box in boxes),
            boxes[-1].bottom,
        )


def _has_foot(axis: Box, rows: Sequence[Box]) -> bool:
    """Tell whether a row of numbers stands to the right of an axis, at its foot."""
    return any(
        row.right > axis.right and axis.bottom - _ASIDE_PT < row.bottom < axis.bottom + _BELOW_PT
        for row in rows
    )
