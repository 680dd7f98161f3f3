"""What a value of a record means: a number, a date, or words, whatever way it is written.

Nothing is guessed: `03/04/2021`, which may be March or April, is no date but words. Of numbers,
`1,250` has thousands and `1.250` a decimal point, unless what stands beside it says otherwise.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pydantic import JsonValue

# fmt: off
_MONTHS = {
    name: number
    for number, names in enumerate((
        "jan january januar janvier", "feb february februar février", "mar march märz mars",
        "apr april avril", "may mai", "jun june juni juin", "jul july juli juillet",
        "aug august août", "sep sept september septembre", "oct october oktober octobre",
        "nov november novembre", "dec december dezember décembre",
    ), 1)
    for name in names.split()
}
# fmt: on
_DATES = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"),
    re.compile(r"(?P<d>\d{1,2})\.\s*(?P<m>\d{1,2})\.\s*(?P<y>\d{4})"),
    re.compile(r"(?P<d>\d{1,2})(?:\.|[snrt][tdh])?\s+(?P<m>[^\W\d]+)\.?,?\s+(?P<y>\d{4})"),
    re.compile(r"(?P<m>[^\W\d]+)\.?\s+(?P<d>\d{1,2})(?:[snrt][tdh])?,?\s+(?P<y>\d{4})"),
    re.compile(r"(?P<y>\d{4})年(?P<m>\d{1,2})月(?P<d>\d{1,2})日"),
)
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_AMOUNT = re.compile(
    r"(?P<before>[^\d\s.,'’+-]*)\s*(?P<number>[+-]?\d[\d.,'’\s]*)\s*(?P<after>[^\d\s.,'’]*)"
)
_ENGLISH = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_CONTINENTAL = re.compile(r"[+-]?\d{1,3}((\.\d{3})+,\d+|(\.\d{3}){2,})")
_SIMPLE = re.compile(r"[+-]?\d+([.,]\d+)?")
_MONTHS_IN_YEAR = 12


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with what it counts: a currency or a unit, as it is written, or nothing."""

    number: Decimal
    unit: str = ""


def amount_of(value: JsonValue) -> Amount | None:
    """Read a number, with at most one unit before or after it; None for anything else."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return Amount(Decimal(str(value)))
    found = _AMOUNT.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None or (found["before"] and found["after"]):
        return None
    number = _number(found["number"].strip())
    return None if number is None else Amount(number, found["before"] or found["after"])


def date_of(value: JsonValue) -> date | None:
    """Read a day that can be meant in one way only; None for anything else."""
    if not isinstance(value, str):
        return None
    text = " ".join(unicodedata.normalize("NFKC", value).split())
    if slashed := _SLASHED.fullmatch(text):
        first, second, year = map(int, slashed.groups())
        if max(first, second) > _MONTHS_IN_YEAR or first == second:
            day, month = max(first, second), min(first, second)
            return _day(year, month, day)
        return None
    for form in _DATES:
        found = form.fullmatch(text)
        if found:
            named = found["m"]
            number = int(named) if named.isdigit() else _MONTHS.get(named.casefold(), 0)
            return _day(int(found["y"]), number, int(found["d"]))
    return None


def words_of(value: str) -> str:
    """Give a text without what does not change its meaning: case, spacing, shapes of characters."""
    return " ".join(unicodedata.normalize("NFKC", value).casefold().split()).rstrip(".;, ")


def meaning(value: JsonValue) -> str:
    """Give a name that two values share if they mean the same; "" for one that says nothing."""
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, list):
        return f"list {sorted(map(meaning, value))}"
    if isinstance(value, dict):
        return f"object {sorted((name, meaning(item)) for name, item in value.items())}"
    return f"truth {value}" if isinstance(value, bool) else _of_text_or_number(value)


def _of_text_or_number(value: str | float) -> str:
    day, amount = date_of(value), amount_of(value)
    if day is not None:
        return f"date {day.isoformat()}"
    if amount is not None:
        return f"number {amount.number.normalize():f} {amount.unit.casefold()}"
    return f"words {words_of(str(value))}"


def place_in_order(value: JsonValue) -> tuple[int, str, Decimal, str]:
    """Give what values are sorted by: days, then numbers, then words, then nothing."""
    day, amount = date_of(value), amount_of(value)
    if day is not None:
        return (0, "", Decimal(day.toordinal()), "")
    if amount is not None:
        return (1, amount.unit.casefold(), amount.number, "")
    text = meaning(value)
    return (2 if text else 3, "", Decimal(0), text)


def _number(text: str) -> Decimal | None:
    """Read digits with marks for thousands and decimals; None where these stand as in no number."""
    plain = re.sub(r"['’\s]", "", text)
    if _ENGLISH.fullmatch(plain):
        return Decimal(plain.replace(",", ""))
    if _CONTINENTAL.fullmatch(plain):
        return Decimal(plain.replace(".", "").replace(",", "."))
    return Decimal(plain.replace(",", ".")) if _SIMPLE.fullmatch(plain) else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
