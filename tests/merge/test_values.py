from datetime import date
from decimal import Decimal

import pytest
from pydantic import JsonValue

from tasks.merge.values import Amount, amount_of, date_of, meaning


@pytest.mark.parametrize(
    ("value", "number", "unit"),
    [
        (12, "12", ""),
        (12.5, "12.5", ""),
        ("1,250.00", "1250.00", ""),
        ("EUR 1.250,50", "1250.50", "EUR"),
        ("$90", "90", "$"),
        ("90 %", "90", "%"),
        ("CHF 1'250", "1250", "CHF"),
        ("1 250,5 €", "1250.5", "€"),
        ("1,250", "1250", ""),
        ("1.5", "1.5", ""),
        ("-3", "-3", ""),
    ],
)
def test_reads_amounts_however_they_are_written(value: JsonValue, number: str, unit: str) -> None:
    assert amount_of(value) == Amount(Decimal(number), unit)


@pytest.mark.parametrize(
    "value", ["", None, True, "twelve", "12 to 15", "EUR 5 net", "4.1.2", "1-2"]
)
def test_reads_no_amount_into_anything_else(value: JsonValue) -> None:
    assert amount_of(value) is None


@pytest.mark.parametrize(
    "value",
    ["2021-05-03", "3 May 2021", "May 3, 2021", "03.05.2021", "3. Mai 2021", "3rd May 2021",
     "2021年5月3日"],
)  # fmt: skip
def test_reads_days_however_they_are_written(value: str) -> None:
    assert date_of(value) == date(2021, 5, 3)


@pytest.mark.parametrize("value", ["03/04/2021", "May 2021", "31 February 2021", "3 Mayor 2021", 3])
def test_a_day_that_may_be_another_is_no_day(value: JsonValue) -> None:
    assert date_of(value) is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("EUR 1,250", "eur 1250.00", True),
        ("EUR 1,250", "USD 1,250", False),
        ("3 May 2021", "2021-05-03", True),
        (" The fee. ", "the  fee", True),
        (["b", "a"], ["a", "b"], True),
        ("payable", "not payable", False),
        (True, "true", False),
    ],
)
def test_tells_whether_two_values_mean_the_same(
    one: JsonValue,
    other: JsonValue,
    same: bool,  # noqa: FBT001 - a case of the table
) -> None:
    assert (meaning(one) == meaning(other)) is same
