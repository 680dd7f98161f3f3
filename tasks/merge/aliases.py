"""Further names of entities: each holds in the document that gives it, and nowhere else.

"The Company" is one firm in this contract and another in that one. So within a document, whatever
bears a further name counts under the name of its entity; across documents, only names of entities
are compared. Names that one document uses for one entity are one everywhere, unless another
document has entities of its own under both.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from tasks.merge.keys import Key, Union

Called = tuple[str, str, tuple[str, ...]]
"""A name in a document, with what the other key fields say."""


def settled(keys: Sequence[Key]) -> tuple[list[Key], list[tuple[Key, Key]]]:
    """Give each key as its entity is named in its document, and pairs of names for one entity."""
    ordered = sorted(keys, key=lambda key: (key.canonical, repr(key)))
    place = {name: at for at, name in enumerate(dict.fromkeys(_all_names(ordered)))}
    sets = Union(len(place))
    further = set[Called]()
    for key in ordered:
        own, *others = _names(key)
        for other in others:
            if other != own:
                further.add(other)
                sets.join(place[own], place[other])
    entities: dict[int, list[Key]] = defaultdict(list)
    for key in ordered:
        entities[sets.root(place[_names(key)[0]])].append(key)
    names = {root: _own_names(members, further) for root, members in entities.items()}
    renamed = [_renamed(key, names[sets.root(place[_names(key)[0]])]) for key in keys]
    return renamed, [*_undisputed(names.values(), renamed)]


def _renamed(key: Key, names: Mapping[str, Key]) -> Key:
    """Give a key under a name of its entity: its own if that is one, else the first."""
    return names.get(key.canonical) or next(iter(names.values()))


def _own_names(members: Sequence[Key], further: set[Called]) -> dict[str, Key]:
    """Give the keys that no other calls by a further name; all where each is called so."""
    own = [key for key in members if _names(key)[0] not in further]
    return {key.canonical: key for key in own or members}


def _undisputed(
    entities: Iterable[Mapping[str, Key]], keys: Iterable[Key]
) -> Iterator[tuple[Key, Key]]:
    """Give the pairs of names of one entity, but those that another document tells apart."""
    speaking: dict[str, set[str]] = defaultdict(set)
    for each in keys:
        speaking[each.canonical].add(each.document)
    stated: dict[tuple[str, str], list[tuple[Key, Key]]] = defaultdict(list)
    for names in entities:
        for one, other in pairwise(names.values()):
            stated[one.canonical, other.canonical].append((one, other))
    for (first, second), pairs in stated.items():
        if speaking[first] & speaking[second] <= {pair[0].document for pair in pairs}:
            yield pairs[0]


def _all_names(keys: Iterable[Key]) -> Iterator[Called]:
    for key in keys:
        yield from _names(key)


def _names(key: Key) -> list[Called]:
    """Give what a key calls its entity: its own name first, then the further ones."""
    first = key.names[0]
    own = key.meanings[0] if first is None else first.canonical
    others = [name.canonical for name in key.further if name is not None] if first else []
    return [(key.document, name, key.meanings[1:]) for name in (own, *others)]
