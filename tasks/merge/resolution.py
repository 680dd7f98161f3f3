"""Which keys name one entity: a partition that does not depend on the order of the keys.

First, keys that say the same. Then spellings. Then, again and again, short forms that can stand for
one entity only: one that could stand for two is left by itself.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pydantic import JsonValue

from tasks.merge.naming import Name, equal, misspelt, read_name, says_less
from tasks.merge.values import amount_of, date_of, meaning

COMMON = 200
"""A word that more keys share than this tells nothing of any of them."""


@dataclass(frozen=True)
class Key:
    """What names an entity: a value for each key field, and further values of the first."""

    values: tuple[JsonValue, ...]
    aliases: tuple[str, ...] = ()

    @cached_property
    def meanings(self) -> tuple[str, ...]:
        """Give what the values mean, to compare those that are no names."""
        return tuple(map(meaning, self.values))

    @cached_property
    def names(self) -> tuple[Name | None, ...]:
        """Read those of the values that are names."""
        return tuple(map(_name, self.values))

    @cached_property
    def canonical(self) -> str:
        """Give a text that equal keys share."""
        pairs = zip(self.names, self.meanings, strict=True)
        return repr([m if n is None else ("".join(n.words), sorted(n.forms)) for n, m in pairs])


class Union:
    """Sets of numbers that are joined pair by pair; each is named by its least member."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))

    def root(self, at: int) -> int:
        """Name the set that a number is in."""
        while self._above[at] != at:
            self._above[at] = self._above[self._above[at]]
            at = self._above[at]
        return at

    def join(self, one: int, other: int) -> None:
        """Make one set of two."""
        low, high = sorted((self.root(one), self.root(other)))
        self._above[high] = low


def resolve(keys: Sequence[Key]) -> tuple[int, ...]:
    """Give for each key the number of its entity; equal numbers are one entity."""
    distinct = sorted({key.canonical: key for key in sorted(keys, key=repr)}.items())
    place = {canonical: at for at, (canonical, _) in enumerate(distinct)}
    unique = [key for _, key in distinct]
    sets = Union(len(unique))
    for one, other in _aliases(keys, place):
        sets.join(one, other)
    near = [*_neighbours(unique)]
    for one, other in near:
        if _related(unique[one], unique[other], misspelt):
            sets.join(one, other)
    longer = _longer_forms(unique, near)
    while _join_unambiguous(sets, longer):
        pass
    return tuple(sets.root(place[key.canonical]) for key in keys)


def _join_unambiguous(sets: Union, longer: Mapping[int, Sequence[int]]) -> bool:
    """Join every short form with the one entity that it can stand for; tell whether there was any.

    All are looked at before any is joined, so that their order is of no account.
    """
    found: dict[int, set[int]] = defaultdict(set)
    for short, forms in longer.items():
        found[sets.root(short)].update(sets.root(form) for form in forms)
    joined = [(own, others - {own}) for own, others in found.items() if len(others - {own}) == 1]
    for own, others in joined:
        sets.join(own, *others)
    return bool(joined)


def _longer_forms(
    keys: Sequence[Key], near: Iterable[tuple[int, int]]
) -> Mapping[int, Sequence[int]]:
    """Give for each key those that it may be a shorter form of."""
    longer: dict[int, list[int]] = defaultdict(list)
    for one, other in near:
        for short, long in ((one, other), (other, one)):
            if _related(keys[short], keys[long], says_less):
                longer[short].append(long)
    return longer


def _related(one: Key, other: Key, relation: Callable[[Name, Name], bool]) -> bool:
    """Tell whether two keys are related in one field, and say the same in all others."""
    apart = [at for at in range(len(one.values)) if not _same(one, other, at)]
    if len(apart) != 1:
        return False
    names = (one.names[apart[0]], other.names[apart[0]])
    return names[0] is not None and names[1] is not None and relation(names[0], names[1])


def _same(one: Key, other: Key, at: int) -> bool:
    names = (one.names[at], other.names[at])
    if names[0] is None or names[1] is None:
        return one.meanings[at] == other.meanings[at]
    return equal(names[0], names[1])


def _aliases(keys: Sequence[Key], place: Mapping[str, int]) -> Iterator[tuple[int, int]]:
    """Give the pairs of which one is named as a further name of the other, or both by a third."""
    called: dict[tuple[str, tuple[str, ...]], int] = {}
    for key in sorted(keys, key=lambda key: (key.canonical, sorted(key.aliases))):
        own = place[key.canonical]
        for value in (key.values[0], *key.aliases):
            name = _name(value)
            if name is None:
                continue
            called_so = (repr(("".join(name.words), sorted(name.forms))), key.meanings[1:])
            yield called.setdefault(called_so, own), own


def _neighbours(keys: Sequence[Key]) -> Iterator[tuple[int, int]]:
    """Give the pairs that are worth a closer look, each once: they share a word or its beginning.

    An acronym shares its first letter with the first word of what it stands for.
    """
    shared: dict[str, list[int]] = defaultdict(list)
    for at, key in enumerate(keys):
        for mark in _marks(key):
            shared[mark].append(at)
    yield from sorted(
        {
            (one, other)
            for places in shared.values()
            if len(places) <= COMMON
            for n, other in enumerate(places)
            for one in places[:n]
        }
    )


def _marks(key: Key) -> set[str]:
    marks = set[str]()
    for name in filter(None, key.names):
        marks.update(word for word in name.words if len(word) > 1)
        marks.add("initials " + "".join(word[0] for word in name.words))
        marks.add(f"spelling {name.text[:3]}")
        if len(name.words) == 1:
            marks.add(f"initials {name.text}")
        if len(name.words) > 1:
            marks.add("squeezed " + "".join(name.words)[:6])
    return marks


def _name(value: JsonValue) -> Name | None:
    """Read a text that is no number and no date as a name."""
    if not isinstance(value, str) or not value.strip():
        return None
    return None if amount_of(value) or date_of(value) else read_name(value)
