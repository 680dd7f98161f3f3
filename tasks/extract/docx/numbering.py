"""The labels that Word computes before list items and headings: `2.1`, `(iv)`, `Article III`, `•`.

A paragraph names a list (`w:num`) and a level. Lists that share a definition (`w:abstractNum`)
share its counters, unless a list overrides where a level starts (ISO 29500-1, 17.9).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tasks.extract.docx.counting import numeral
from tasks.extract.symbols import in_font
from tasks.extract.xml import MC, Element, W, number_of, switch_of, value_of

_LEVELS = 9
_PLACE = re.compile("%([1-9])")
_BULLET = "•"
_HOLLOW = {"o": "◦"}  # Courier New's letter o is what Word draws as a hollow bullet


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """How one level of a list counts; after level `restart` (from 1) it begins anew."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    legal: bool = False
    restart: int | None = None
    style: str | None = None


@dataclass(frozen=True, slots=True)
class List:
    """A list: the definition whose counters it moves, its levels, and where it starts them anew."""

    definition: str
    levels: dict[int, Level]
    starts: dict[int, int]


class Numbering:
    """The lists of one document."""

    def __init__(self, numbering: Element | None) -> None:
        found = [] if numbering is None else numbering.findall(f"{W}abstractNum")
        self._definitions = {item.get(f"{W}abstractNumId", ""): item for item in found}
        self._by_style = {value_of(item, f"{W}styleLink"): item for item in found}
        self._by_style.pop(None, None)
        self._nums: dict[int, Element] = {}
        for num in () if numbering is None else numbering.iterfind(f"{W}num"):
            if (number := _integer(num.get(f"{W}numId"))) is not None:
                self._nums[number] = num
        self._lists: dict[int, List | None] = {}

    def list_of(self, number: int) -> List | None:
        """Give the list of a `w:numId`; None where it is not defined."""
        if number not in self._lists:
            self._lists[number] = self._resolved(number)
        return self._lists[number]

    def levels_by_style(self) -> dict[str, int]:
        """Map the paragraph styles that definitions name to the level (from 0) of each."""
        return {
            level.style: index
            for definition in self._definitions.values()
            for index, level in _levels(definition).items()
            if level.style
        }

    def _resolved(self, number: int) -> List | None:
        num = self._nums.get(number)
        name = value_of(num, f"{W}abstractNumId") or ""
        definition = self._definitions.get(name)
        if num is None or definition is None:
            return None
        link = value_of(definition, f"{W}numStyleLink")  # the definition is another one's
        levels = _levels(self._by_style.get(link, definition))
        starts: dict[int, int] = {}
        for override in num.iterfind(f"{W}lvlOverride"):
            index = _integer(override.get(f"{W}ilvl"))
            if index is None:
                continue
            own = override.find(f"{W}lvl")
            if own is not None:
                levels[index] = _level(own)
            start = number_of(override, f"{W}startOverride")
            if start is not None:
                starts[index] = start
        return List(name, levels, starts)


@dataclass(slots=True)
class Counters:
    """Counts through one story of a document."""

    numbering: Numbering
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _met: set[tuple[int, int]] = field(default_factory=set)

    def label(self, number: int, index: int) -> str:
        """Count one paragraph of the list `number` at the level `index` (from 0).

        Gives its label with what parts it from the text, "" where the list is not defined.
        """
        found = self.numbering.list_of(number)
        level = found.levels.get(index) if found else None
        if found is None or level is None:
            return ""
        counts = self._counts.setdefault(found.definition, {})
        start = found.starts.get(index, level.start)
        if index in found.starts and (number, index) not in self._met:
            counts[index] = start - 1
        self._met.add((number, index))
        counts[index] = counts.get(index, start - 1) + 1
        _restart_below(index, counts, found.levels)
        label = _written(level, counts, found.levels)
        return label + ("" if level.suffix == "nothing" or not label else " ")


def _restart_below(index: int, counts: dict[int, int], levels: dict[int, Level]) -> None:
    """Forget the counts of deeper levels, but of those that go on or that wait for a higher one."""
    for deeper in [at for at in counts if at > index]:
        restart = levels[deeper].restart if deeper in levels else None
        if restart is None or (restart > 0 and index < restart):
            del counts[deeper]


def _written(level: Level, counts: dict[int, int], levels: dict[int, Level]) -> str:
    if level.form == "bullet":
        return level.text

    def count(place: re.Match[str]) -> str:
        at = int(place[1]) - 1
        other = levels.get(at, Level())
        form = "decimal" if level.legal and other.form != "none" else other.form
        return numeral(counts.get(at, other.start), form)

    return _PLACE.sub(count, level.text).strip()


def _levels(definition: Element) -> dict[int, Level]:
    return dict(_levels_in(definition))


def _levels_in(definition: Element) -> Iterator[tuple[int, Level]]:
    for element in definition.iterfind(f"{W}lvl"):
        index = _integer(element.get(f"{W}ilvl"))
        if index is not None and 0 <= index < _LEVELS:
            yield index, _level(element)


def _level(element: Element) -> Level:
    form = _form(element)
    text = value_of(element, f"{W}lvlText") or ""
    start = number_of(element, f"{W}start")
    return Level(
        start=1 if start is None else start,
        form=form,
        text=_bullet(element, text) if form == "bullet" else text,
        suffix=value_of(element, f"{W}suff") or "tab",
        legal=bool(switch_of(element, f"{W}isLgl")),
        restart=number_of(element, f"{W}lvlRestart"),
        style=value_of(element, f"{W}pStyle"),
    )


def _form(level: Element) -> str:
    """Give the format of numbers; Word hides one of later years in an alternative."""
    for path in (f"{W}numFmt", f"{MC}AlternateContent/{MC}Choice/{W}numFmt"):
        found = level.find(path)
        if found is not None:
            return str(found.get(f"{W}format") or found.get(f"{W}val") or "decimal")
    return "decimal"


def _bullet(level: Element, text: str) -> str:
    """Give a bullet as a character that text can show; a picture bullet has none of its own."""
    fonts = level.find(f"{W}rPr/{W}rFonts")
    font = "" if fonts is None else fonts.get(f"{W}ascii", "")
    drawn = "".join(in_font(ord(character), font) for character in text)
    private = any("\ue000" <= character <= "\uf8ff" for character in drawn)
    return _BULLET if private or not drawn.strip() else _HOLLOW.get(drawn, drawn)


def _integer(text: str | None) -> int | None:
    try:
        return int(text or "")
    except ValueError:
        return None
