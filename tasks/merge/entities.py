"""Records of one entity become one: what they agree on, what they differ in, where each was read.

What comes out depends on what was read and where, never on the order in which it came.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from prompts.library import RecordRules
from tasks.core.outputs import Conflict, Passage, Record, Variant
from tasks.merge.keys import Key
from tasks.merge.resolution import resolve
from tasks.merge.values import meaning
from tasks.merge.vote import mean

EVIDENCE = frozenset({"quote", "page"})
"""Fields that say where a record was read, and not what it says."""

Fields = Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Reading:
    """A record as it was read once: its fields, where that was, and how a vote on it went.

    `position` counts the records of one reply.
    """

    fields: Fields
    source: Passage
    pages: tuple[int, ...] = ()
    position: int = 0
    agreement: float | None = None

    @property
    def place(self) -> tuple[str, int, int, int, str]:
        """Give what readings are ordered by: as they stand in the sources."""
        at = self.source
        return (at.document, at.start, self.position, at.end, _exactly(self.fields))


def entities(readings: Iterable[Reading], rules: RecordRules) -> tuple[Record, ...]:
    """Unite the readings of each entity; records are in the order of their first reading."""
    return tuple(_united(group) for group in grouped(readings, rules))


def grouped(readings: Iterable[Reading], rules: RecordRules) -> tuple[tuple[Reading, ...], ...]:
    """Group readings by entity, in the order in which the sources have them."""
    ordered = sorted(readings, key=lambda reading: reading.place)
    groups: dict[object, list[Reading]] = defaultdict(list)
    named = [reading for reading in ordered if _is_named(reading.fields, rules)]
    entity = dict(zip(map(id, named), resolve([_key(r, rules) for r in named]), strict=True))
    for reading in ordered:
        groups[entity.get(id(reading), _content(reading.fields))].append(reading)
    return tuple(map(tuple, groups.values()))


def _united(group: Sequence[Reading]) -> Record:
    names = dict.fromkeys(name for reading in group for name in reading.fields)
    variants = {name: _variants(name, group) for name in names}
    fields = {
        name: _joined_list(name, group)
        if _is_list(name, group)
        else (found[0].value if (found := variants[name]) else group[0].fields.get(name))
        for name in names
    }
    conflicts = (
        Conflict(field=name, variants=found)
        for name, found in variants.items()
        if len(found) > 1 and name not in EVIDENCE and not _is_list(name, group)
    )
    return Record(
        fields=tuple(fields.items()),
        pages=tuple(sorted({page for reading in group for page in reading.pages})),
        sources=tuple(dict.fromkeys(reading.source for reading in group)),
        conflicts=tuple(conflicts),
        agreement=mean([r.agreement for r in group if r.agreement is not None]),
    )


def _variants(name: str, group: Sequence[Reading]) -> tuple[Variant, ...]:
    """Give the differing values of a field, the one with most sources first, then as in order.

    Of the ways to write a value, the longest speaks for it: it leaves out least.
    """
    found: dict[str, list[Reading]] = defaultdict(list)
    for reading in group:
        if said := meaning(reading.fields.get(name)):
            found[said].append(reading)
    if name in EVIDENCE:
        return tuple(Variant(value=r[0].fields[name], sources=_sources(r)) for r in found.values())
    ranked = sorted(found.values(), key=lambda readings: -len(_sources(readings)))
    return tuple(
        Variant(
            value=max((r.fields[name] for r in readings), key=lambda v: (len(str(v)), str(v))),
            sources=_sources(readings),
        )
        for readings in ranked
    )


def _sources(readings: Sequence[Reading]) -> tuple[Passage, ...]:
    return tuple(dict.fromkeys(reading.source for reading in readings))


def _is_list(name: str, group: Sequence[Reading]) -> bool:
    return any(isinstance(reading.fields.get(name), list) for reading in group)


def _joined_list(name: str, group: Sequence[Reading]) -> list[JsonValue]:
    """Put lists together, what means the same once."""
    items: dict[str, JsonValue] = {}
    for reading in group:
        value = reading.fields.get(name)
        for item in value if isinstance(value, list) else []:
            items.setdefault(meaning(item), item)
    return list(items.values())


def _key(reading: Reading, rules: RecordRules) -> Key:
    fields = reading.fields
    aliases = [fields.get(name) for name in rules.alias]
    named = [one for value in aliases for one in (value if isinstance(value, list) else [value])]
    return Key(
        values=tuple(fields.get(name) for name in rules.key),
        aliases=tuple(str(name) for name in named if name),
        document=reading.source.document,
    )


def _is_named(fields: Fields, rules: RecordRules) -> bool:
    return bool(rules.key) and bool(meaning(fields.get(rules.key[0])))


def _content(fields: Fields) -> str:
    """Give what two records share that say the same: all but their evidence."""
    said = {name: meaning(value) for name, value in fields.items() if name not in EVIDENCE}
    return json.dumps({name: value for name, value in said.items() if value}, sort_keys=True)


def _exactly(fields: Fields) -> str:
    return json.dumps(fields, sort_keys=True, ensure_ascii=False)
