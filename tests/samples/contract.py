"""The text of the sample contract: articles as written, schedules composed from patterns."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from tests.samples.prose_files import lines_of, rows_of, sections_of

TITLE = "Master Services Agreement"
NUMBER = "MSA-2024-0117"
CUSTOMER = "Brackwater Logistics plc"
SUPPLIER = "Tamsin & Orrell Systems Limited"

_HOURS = (
    "from 05:00 to 23:00 on every day of the year",
    "from 06:00 to 22:00 on Business Days and from 07:00 to 14:00 on Saturdays",
    "around the clock on every day of the year",
    "from 04:30 until the last van has left on every Business Day",
    "from Sunday 18:00 to Saturday 22:00 without a break",
)
_EVIDENCE = (
    "an extract of the records",
    "a signed checklist",
    "a report of the tool in use",
    "a comparison of the list with what is found on the spot",
    "the tickets of the period",
    "a screen recording",
)
_FREQUENCY = (
    "every month",
    "every quarter",
    "twice a year",
    "in February and in August",
    "within a week of each larger change and at least every quarter",
    "once in each Contract Year, without notice",
)
_LEVELS = (
    ("Availability in service hours", "99.{a} %", "critical"),
    ("Priority 1 solved within 4 hours", "9{b} %", "critical"),
    ("Priority 2 solved within 1 Business Day", "9{b} %", "standard"),
    ("Requests fulfilled on time", "9{b} %", "standard"),
    ("Response below 2 seconds", "9{b} %", "critical"),
    ("Messages passed on within 1 minute", "99.{a} %", "critical"),
    ("Calls answered within 30 seconds", "8{b} %", "standard"),
    ("Faults that come back within 10 days", "at most {b} %", "standard"),
    ("Data restored in the test", "100 %", "critical"),
    ("Reports delivered on time", "9{b} %", "standard"),
)


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of the contract; `style` is heading, section, clause, bullet or table."""

    style: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


def recitals() -> list[str]:
    """Give the paragraphs that name the parties and say how the contract came about."""
    names = {"number": NUMBER, "customer": CUSTOMER, "supplier": SUPPLIER}
    return [line.format(**names) for line in lines_of("contract-recitals.txt")]


def contract() -> list[Item]:
    """Compose the whole contract after its recitals; the same each time."""
    chance = random.Random(1974)
    return [
        *_articles(),
        Item("heading", "Schedule A: Services"),
        *_services(chance),
        Item("heading", "Schedule B: Measurement of Service Levels"),
        *_levels(),
        Item("heading", "Schedule C: Charges"),
        *_plain("C"),
        *_charges(chance),
        Item("heading", "Schedule D: Personal data"),
        *_plain("D"),
        Item("heading", "Schedule E: Transition and exit"),
        *_plain("E"),
        Item("heading", "Schedule F: Sites"),
        *_sites(chance),
        Item("heading", "Schedule G: Governance and persons"),
        *_plain("G"),
        Item("heading", "Schedule H: Security controls"),
        *_controls(chance),
    ]


def _articles() -> Iterator[Item]:
    for article, (title, lines) in enumerate(
        sections_of("contract-articles.txt", mark="#").items(), start=1
    ):
        yield Item("heading", f"Article {article}: {title}")
        clause = letter = 0
        for line in lines:
            if line.startswith("- "):
                letter += 1
                yield Item("bullet", f"({chr(96 + letter)}) {line[2:]}")
            else:
                clause, letter = clause + 1, 0
                yield Item("clause", f"{article}.{clause} {line}")


def _plain(schedule: str) -> Iterator[Item]:
    for number, line in enumerate(sections_of("contract-schedules.txt", mark="@")[schedule], 1):
        yield Item("clause", f"{schedule}.{number} {line}")


def _services(chance: random.Random) -> Iterator[Item]:
    patterns = sections_of("contract-patterns.txt", mark="#")
    for number, (name, purpose) in enumerate(rows_of("contract-services.txt"), start=1):
        yield Item("section", f"A.{number} {name}")
        yield Item("clause", f"A.{number}.1 Purpose. The Service {purpose}.")
        yield Item("clause", f"A.{number}.2 Scope. Beside daily operation the Service includes:")
        for letter, pattern in zip("abcd", chance.sample(patterns["scope"], 4), strict=True):
            yield Item("bullet", f"({letter}) {_filled(pattern, chance)};")
        for part, topic in enumerate(("hours", "volumes", "dependencies", "reporting"), start=3):
            pattern = chance.choice(patterns[topic])
            yield Item("clause", f"A.{number}.{part} {topic.title()}. {_filled(pattern, chance)}")
        yield Item("table", rows=_level_table(chance))


def _filled(pattern: str, chance: random.Random, **fixed: str) -> str:
    """Fill a pattern with numbers that fit together."""
    volume = chance.randrange(12, 900) * 100
    values = {
        "hours": chance.choice(_HOURS),
        "minutes": str(chance.choice((15, 20, 30, 45, 60))),
        "days": str(chance.choice((5, 10, 12, 15, 20, 25))),
        "months": str(chance.choice((3, 6, 12, 18, 24))),
        "number": str(chance.choice((3, 4, 6, 8, 10, 12))),
        "percent": str(chance.choice((4, 5, 6, 8, 10))),
        "volume": f"{volume:,}",
        "peak": f"{int(volume * chance.choice((1.6, 2.1, 2.8))):,}",
        "load": str(chance.choice((75, 80, 85))),
        "clock": chance.choice(("04:00", "05:30", "18:00", "21:15")),
        "day": chance.choice(("15th", "20th", "25th")),
        "hours_left": str(chance.choice((4, 8, 24, 36))),
        "evidence": chance.choice(_EVIDENCE),
        "frequency": chance.choice(_FREQUENCY),
        "amount": f"{chance.randrange(4, 60) * 500:,}",
    }
    return pattern.format(**(values | fixed))


def _level_table(chance: random.Random) -> tuple[tuple[str, ...], ...]:
    chosen = chance.sample(_LEVELS, 4)
    rows = [
        (
            measure,
            target.format(a=chance.choice("3579"), b=chance.randrange(2, 9)),
            grade,
            f"{chance.choice(('1.0', '1.5', '2.0', '2.5'))} %",
        )
        for measure, target, grade in chosen
    ]
    return (("Service Level", "Target", "Class", "Credit"), *rows)


def _levels() -> Iterator[Item]:
    for number, line in enumerate(sections_of("contract-schedules.txt", mark="@")["B"], 1):
        yield Item("clause", f"B.{number} {line}")


def _charges(chance: random.Random) -> Iterator[Item]:
    groups = (
        ("Warehouse systems", "3,120,000"),
        ("Transport systems", "1,480,000"),
        ("Client systems and invoicing", "990,000"),
        ("Networks and hosting", "1,610,000"),
        ("Service desk and workplace", "740,000"),
        ("Security", "400,000"),
        ("Total", "8,340,000"),
    )
    yield Item("section", "Base charge for the first Contract Year (EUR)")
    yield Item("table", rows=(("Group of Services", "Base charge"), *groups))
    yield Item("section", "Unit prices (EUR)")
    names = [name for name, _ in rows_of("contract-services.txt")]
    prices = [(n, f"{chance.randrange(2, 90) / 100:.2f}", "transaction") for n in names[:16]]
    yield Item("table", rows=(("Service", "Price", "For each"), *prices))
    yield Item("section", "Day rates (EUR)")
    rates = (
        ("Architect", "1,240"),
        ("Project manager", "1,090"),
        ("Engineer", "880"),
        ("Technician at a Site", "610"),
        ("Trainer", "740"),
    )
    yield Item("table", rows=(("Role", "Rate for a day"), *rates))


def _sites(chance: random.Random) -> Iterator[Item]:
    patterns = sections_of("contract-patterns.txt", mark="#")["site"]
    for number, (name, use, area, manager) in enumerate(rows_of("contract-sites.txt"), start=1):
        pattern = patterns[number % len(patterns)]
        text = _filled(pattern, chance, name=name, use=use, area=area, manager=manager)
        yield Item("clause", f"F.{number} {text}")


def _controls(chance: random.Random) -> Iterator[Item]:
    patterns = sections_of("contract-patterns.txt", mark="#")
    for number, (name, demand) in enumerate(rows_of("contract-controls.txt"), start=1):
        control = _filled(chance.choice(patterns["control"]), chance)
        deviation = _filled(chance.choice(patterns["deviation"]), chance)
        yield Item("section", f"H.{number} {name}")
        yield Item("clause", f"This control demands {demand}. {control} {deviation}")


def closing() -> list[str]:
    """Give the lines of the page of signatures."""
    return [
        f"Signed for {CUSTOMER} on 14 March 2024",
        "Ines Valdarno, Chief Operating Officer",
        f"Signed for {SUPPLIER} on 14 March 2024",
        "Colm Hartigan, Managing Director",
        *lines_of("contract-closing.txt"),
    ]
