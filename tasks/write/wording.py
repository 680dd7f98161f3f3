"""How figures are written in outputs and reports."""

from collections.abc import Sequence
from itertools import groupby


def number(count: int) -> str:
    """Write a count with thousands apart."""
    return f"{count:,}"


def plural(count: int, word: str) -> str:
    """Write a count with its word."""
    return f"{number(count)} {word}{'' if count == 1 else 's'}"


def percent(share: float | None) -> str:
    """Write a share of 1 in per cent, never rounded up to the whole; a dash where there is none."""
    if share is None:
        return "\u2013"
    if share >= 1:
        return "100%"
    return f"{min(share * 100, 99.9):.1f}%"


def usd(amount: float) -> str:
    """Write an amount of money with as many figures as small prices need."""
    return f"${amount:,.2f}" if amount >= 1 or not amount else f"${amount:.4f}"


def pages(numbers: Sequence[int]) -> str:
    """Write page numbers with a dash for a run of them; empty without any."""
    ordered = sorted(set(numbers))
    runs = [
        [page for _, page in run] for _, run in groupby(enumerate(ordered), lambda p: p[1] - p[0])
    ]
    parts = [str(run[0]) if len(run) == 1 else f"{run[0]}\u2013{run[-1]}" for run in runs]
    return f"{'page' if len(ordered) == 1 else 'pages'} {', '.join(parts)}" if parts else ""
