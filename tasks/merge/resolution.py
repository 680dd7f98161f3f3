"""Which keys name one entity: a partition that does not depend on the order of the keys.

First, keys that say the same, each by the name that its entity has in its document. Then spellings.
Then, again and again, short forms that can stand for one entity only: one that could stand for two
is left by itself.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from tasks.merge.aliases import settled
from tasks.merge.keys import Key, Union
from tasks.merge.naming import Name, equal, misspelt, says_less

COMMON = 200
"""A word that more keys share than this tells nothing of any of them."""


def resolve(keys: Sequence[Key]) -> tuple[int, ...]:
    """Give for each key the number of its entity; equal numbers are one entity."""
    named, pairs = settled(keys)
    distinct = sorted({key.canonical: key for key in sorted(named, key=repr)}.items())
    place = {canonical: at for at, (canonical, _) in enumerate(distinct)}
    unique = [key for _, key in distinct]
    sets = Union(len(unique))
    for first, second in pairs:
        sets.join(place[first.canonical], place[second.canonical])
    near = [*_neighbours(unique)]
    for one, other in near:
        if _related(unique[one], unique[other], misspelt):
            sets.join(one, other)
    longer = _longer_forms(unique, near)
    while _join_unambiguous(sets, longer):
        pass
    return tuple(sets.root(place[key.canonical]) for key in named)


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
