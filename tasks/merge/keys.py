"""The keys of records, and sets of them."""

from dataclasses import dataclass
from functools import cached_property

from pydantic import JsonValue

from tasks.merge.naming import Name, read_name
from tasks.merge.values import amount_of, date_of, meaning


@dataclass(frozen=True)
class Key:
    """What names an entity: a value for each key field, and further values of the first.

    `document` is where it is named so.
    """

    values: tuple[JsonValue, ...]
    aliases: tuple[str, ...] = ()
    document: str = ""

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
        return repr([m if n is None else n.canonical for n, m in pairs])

    @cached_property
    def further(self) -> tuple[Name | None, ...]:
        """Read the further values as names."""
        return tuple(map(_name, self.aliases))


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


def _name(value: JsonValue) -> Name | None:
    """Read a text that is no number and no date as a name."""
    if not isinstance(value, str) or not value.strip():
        return None
    return None if amount_of(value) or date_of(value) else read_name(value)
