"""Records of planted entities: how well those of one are told from those of all others."""

import random
from collections.abc import Callable, Iterable
from itertools import combinations
from typing import Any

import pytest

from prompts.library import RecordRules
from tasks.core.outputs import Passage
from tasks.merge.entities import Reading, entities, grouped

RULES = RecordRules(key=("name",), alias=("aka",))
STEMS = (
    "Northern Harbour",
    "Blue Ridge",
    "Silver Lake",
    "Granite Peak",
    "Cedar Valley",
    "Golden Gate",
    "Iron Bridge",
    "Maple Street",
    "Crystal Springs",
    "Redwood Forest",
    "Amber Coast",
    "Copper Canyon",
    "Willow Creek",
    "Falcon Heights",
    "Orchard Park",
)
TRADES = ("Logistics", "Insurance", "Shipping", "Engineering")
FORMS = (("Ltd.", "Limited"), ("GmbH", "G.m.b.H."), ("Inc.", "Incorporated"))
FIRST = ("John", "Jane", "Alexander", "Maria", "Robert", "Ingrid", "Samuel", "Beatrice")
LAST = ("Whitfield", "Castellano", "Oyelaran", "Lindqvist", "Marchetti", "Abernathy", "Kowalczyk",
        "Fernandez")  # fmt: skip
SETS = 12
F1_AT_LEAST = 0.98


def firms(draw: random.Random) -> list[list[str]]:
    """Make firms, near ones among them, each with the ways in which it is written."""
    found = []
    for number, stem in enumerate(STEMS):
        for trade in draw.sample(TRADES, 2):
            short, long = FORMS[number % 3]
            plain = f"{stem} {trade} {short}"
            found.append([plain, f"{stem} {trade} {long}", plain.upper(),
                          f"{stem.replace(' ', '-')} {trade}, {short}"])  # fmt: skip
            if number % 4 == 0:
                found.append([f"{stem} {trade} {FORMS[(number + 1) % 3][0]}"])
    return found


def people(draw: random.Random) -> list[list[str]]:
    """Make people, some of one surname, each with the ways in which one is written."""
    pairs = draw.sample([(a, b) for a in FIRST for b in LAST], 24)
    return [[f"{a} {b}", f"{b}, {a}", f"Dr. {a} {b}", f"{a.upper()} {b.upper()}"] for a, b in pairs]


def slipped(name: str, draw: random.Random) -> str:
    """Leave a letter out of a long word, as a typist does."""
    words = name.split()
    long = [n for n, word in enumerate(words) if len(word) > 8 and word.isalpha()]
    if not long:
        return name
    at = draw.choice(long)
    place = draw.randrange(2, len(words[at]) - 1)
    words[at] = words[at][:place] + words[at][place + 1 :]
    return " ".join(words)


def planted(seed: int) -> list[Reading]:
    """Make readings of each entity, with overlap, slips, aliases and values that differ."""
    draw = random.Random(seed)
    records: list[dict[str, Any]] = []
    for number, names in enumerate([*firms(draw), *people(draw)]):
        for _ in range(draw.randint(1, 5)):
            name = draw.choice(names)
            name = slipped(name, draw) if draw.random() < 0.1 else name
            seat = f"Port {number}" if draw.random() < 0.9 else f"Bay {number}"
            records.append({"name": name, "seat": seat, "entity": number})
        if number % 10 == 0:
            code = f"Codename {number} of the Register"
            records.append({"name": names[0], "aka": [code], "entity": number})
            records.append({"name": code, "entity": number})
    draw.shuffle(records)
    return [
        Reading(fields=fields, source=Passage(start=at, end=at + 1))
        for at, fields in enumerate(records)
    ]


def pairs(groups: Iterable[Iterable[Reading]]) -> set[tuple[int, int]]:
    """Give the pairs of readings that are taken for one entity, by their places."""
    return {
        (min(a, b), max(a, b))
        for group in groups
        for a, b in combinations([reading.source.start for reading in group], 2)
    }


def by(readings: Iterable[Reading], of: Callable[[Reading], object]) -> list[list[Reading]]:
    groups: dict[object, list[Reading]] = {}
    for reading in readings:
        groups.setdefault(of(reading), []).append(reading)
    return list(groups.values())


def f1(found: set[tuple[int, int]], true: set[tuple[int, int]]) -> float:
    right = len(found & true)
    return 2 * right / (len(found) + len(true))


@pytest.mark.parametrize("seed", range(SETS))
def test_entities_are_told_apart_far_better_than_by_taking_the_first(seed: int) -> None:
    readings = planted(seed)
    true = pairs(by(readings, lambda reading: reading.fields["entity"]))

    ours = f1(pairs(grouped(readings, RULES)), true)
    first_wins = f1(pairs(by(readings, lambda r: str(r.fields["name"]).casefold())), true)

    assert ours >= F1_AT_LEAST
    assert first_wins < ours - 0.3


def test_no_value_that_differs_is_lost() -> None:
    readings = planted(0)
    told = {
        str(variant.value)
        for record in entities(readings, RULES)
        for variant in next((c.variants for c in record.conflicts if c.field == "seat"), ())
    } | {str(dict(record.fields).get("seat")) for record in entities(readings, RULES)}

    assert {str(r.fields["seat"]) for r in readings if "seat" in r.fields} <= told
