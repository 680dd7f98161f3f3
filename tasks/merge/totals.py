"""Sums of record fields, by code: exact, by unit, and with what could not be summed said."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from tasks.core.outputs import Record
from tasks.merge.values import Amount, amount_of, meaning


def totals(records: Sequence[Record], names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Sum each of the fields over all records, as in "EUR 1,250.00; USD 90"."""
    return tuple((name, _total(records, name)) for name in names)


def _total(records: Sequence[Record], name: str) -> str:
    values = [dict(record.fields).get(name) for record in records]
    sums: dict[str, Decimal] = defaultdict(Decimal)
    odd = 0
    for value in values:
        amount = amount_of(value)
        if amount is not None:
            sums[amount.unit] += amount.number
        elif meaning(value):
            odd += 1
    parts = [_written(Amount(number, unit)) for unit, number in sorted(sums.items())]
    disputed = sum(any(c.field == name for c in record.conflicts) for record in records)
    doubts = [
        *([f"{odd} of {len(values)} values are not numbers and not in it"] if odd else []),
        *([f"the sources of {disputed} of the values differ"] if disputed else []),
    ]
    return ("; ".join(parts) or "none") + (f" ({'; '.join(doubts)})" if doubts else "")


def _written(amount: Amount) -> str:
    number = f"{amount.number:,f}"
    return f"{amount.unit} {number}" if amount.unit else number
