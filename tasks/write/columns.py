"""How wide the columns of a table are to be, by their text."""

from collections.abc import Iterable, Sequence

_WIDEST = 60  # characters; what is longer is prose and wraps well
_LONGEST_WORD = 24
_PADDING = 5  # the margins of a cell, and that headings are bold
_LINE = 90  # characters that fit the width of a page


def column_widths(rows: Sequence[Sequence[str]], *, total: int) -> list[int]:
    """Share a width out: each column gets its longest word, then by how much text it has."""
    columns = list(zip(*rows, strict=True))
    least = [_PADDING + min(_LONGEST_WORD, _longest(_words(column))) for column in columns]
    full = [_PADDING + min(_WIDEST, _longest(column)) for column in columns]
    spare = max(0, _LINE - sum(least))
    wish = [max(0, wide - narrow) for wide, narrow in zip(full, least, strict=True)]
    weights = [n + spare * w / (sum(wish) or 1) for n, w in zip(least, wish, strict=True)]
    widths = [int(total * weight / sum(weights)) for weight in weights]
    widths[-1] += total - sum(widths)
    return widths


def _words(column: Iterable[str]) -> Iterable[str]:
    return (word for text in column for word in text.split())


def _longest(texts: Iterable[str]) -> int:
    return max(map(len, texts), default=0)
