"""A reply to a records recipe: its records, what was mended to read them, and what is wrong.

Models send JSON in fences, between prose, behind thoughts, in several objects, with commas too many
and quotes too few, or break off. What is whole is read; nothing is made up to please a schema.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import JsonValue

from prompts.schema import Schema, list_field, record_schema
from tasks.core.errors import ReplyError
from tasks.merge.parsing.fitting import Fitter
from tasks.merge.parsing.mending import UnreadableError, read_json, string_in
from tasks.merge.parsing.stretches import Stretch, objects, stretches, without_thoughts

Fields = dict[str, JsonValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The records of a reply; `problem` says why there may be more of them than could be read."""

    records: tuple[Fields, ...] = ()
    repairs: tuple[str, ...] = ()
    problem: str | None = None


def read_reply(text: str, schema: Schema) -> Reply:
    """Read what a reply holds."""
    return _Reading(schema).of(text)


def parse_reply(text: str, schema: Schema) -> tuple[Fields, ...]:
    """Give the records of a reply; ReplyError says why it does not hold all that it should."""
    reply = read_reply(text, schema)
    if reply.problem is not None:
        raise ReplyError(f"the reply {reply.problem}")
    return reply.records


class _Reading:
    """One reply under way."""

    def __init__(self, schema: Schema) -> None:
        self.list_name = list_field(schema)
        self.whole = Fitter(schema)
        self.record = Fitter(record_schema(schema))
        self.repairs: dict[str, None] = {}
        self.problems: list[str] = []

    def of(self, text: str) -> Reply:
        answer = without_thoughts(text)
        if len(answer) < len(text):
            self._note("thoughts stood before it")
        inner = string_in(answer)
        if inner is not None:
            answer = inner
            self._note("it was a string in JSON")
        pieces = [piece for piece in stretches(answer) if _is_json(piece)]
        if not pieces:
            return Reply(problem=f"is not JSON: {' '.join(text.split())[:60]!r}")
        if "".join(answer.split()) != "".join("".join(p.text for p in pieces).split()):
            self._note("other text stood around it")
        read = [records for piece in pieces if (records := self._piece(piece)) is not None]
        if not read and not self.problems:
            self.problems.append(f"is not JSON: {' '.join(text.split())[:60]!r}")
        return Reply(
            records=self._joined(read),
            repairs=tuple(self.repairs | self.record.repairs | self.whole.repairs),
            problem=self.problems[0] if self.problems else None,
        )

    def _note(self, repair: str) -> None:
        self.repairs[repair] = None

    def _note_if(self, mended: bool) -> None:  # noqa: FBT001 - what reading the JSON said
        if mended:
            self._note("its syntax is mended")

    def _listed(self, value: JsonValue) -> list[JsonValue]:
        return list(_items(value)) if self.list_name else [value]

    def _is_declared(self, record: JsonValue) -> bool:
        """Tell whether the schema knows all fields; a mended string may have become one."""
        known = self.record.fields
        return not known or not isinstance(record, dict) or record.keys() <= known

    def _joined(self, read: list[list[Fields]]) -> tuple[Fields, ...]:
        """Join the records of several objects; of single objects that differ, the last counts."""
        if len(read) > 1:
            self._note(f"{len(read)} objects are joined")
        if self.list_name is None:
            return tuple(read[-1]) if read else ()
        once: list[Fields] = []
        for records in read:
            once += [record for record in records if len(read) == 1 or record not in once]
        return tuple(once)

    def _piece(self, piece: Stretch) -> list[Fields] | None:
        """Read one stretch; None for one that is no answer."""
        if piece.closed:
            try:
                value, mended = read_json(piece.text)
            except UnreadableError as error:
                return self._one_by_one(piece, str(error))
            if not mended or all(map(self._is_declared, self._listed(value))):
                self._note_if(mended)
                return self._records(value)
            return self._one_by_one(piece, "fields would have to be guessed")
        return self._one_by_one(piece, "it breaks off")

    def _records(self, value: JsonValue) -> list[Fields] | None:
        """Give the records of a value that was read whole."""
        value = self.whole.fitted(value)
        if self.whole.fits(value) and isinstance(value, dict):
            items = value[self.list_name] if self.list_name else [value]
            return [_fields(item) for item in items]  # type: ignore[union-attr]  # it fits
        if self.list_name is None:
            self.problems.append(f"does not fit the schema {self.whole.problem(value)}")
            return None
        records, misfits = self._within(value)
        listed = isinstance(value, dict) and isinstance(value.get(self.list_name), list)
        if not listed and records:
            self._note("its outer shape is not the schema's")
        if misfits or not records:
            wrong = misfits[0] if misfits and (records or listed) else self.whole.problem(value)
            self.problems.append(f"does not fit the schema {wrong}")
        return records

    def _within(self, value: JsonValue) -> tuple[list[Fields], list[str]]:
        """Find the records in a value of another shape, and say which of its items are none."""
        records: list[Fields] = []
        misfits: list[str] = []
        for number, item in enumerate(_items(value), 1):
            fitted = self.record.fitted(item)
            if self.record.fits(fitted):
                records.append(_fields(fitted))
            else:
                misfits.append(f"in record {number}, {self.record.problem(item)}")
        return records, misfits

    def _one_by_one(self, piece: Stretch, why: str) -> list[Fields] | None:
        """Read the closed objects of a stretch that cannot be read as a whole."""
        if self.list_name is None:
            self.problems.append(f"cannot be read: {why}")
            return None
        records: list[Fields] = []
        end, left = 0, ""
        for found in objects(piece.text):
            start = found.end - len(found.text)
            if start < end:
                continue
            record = self._read_record(found)
            if record is not None:
                records.append(record)
                left += piece.text[end:start]
                end = found.end
        left += piece.text[end:]
        if _holds_more(left, self.list_name):
            self.problems.append(f"cannot be read as a whole: {why}")
        else:
            self._note("its outer brackets are mended")
        return records

    def _read_record(self, found: Stretch) -> Fields | None:
        try:
            value, mended = read_json(found.text)
        except UnreadableError:
            return None
        if not isinstance(value, dict) or self.list_name in value:
            return None
        if mended and not self._is_declared(value):
            return None
        fitted = self.record.fitted(value)
        if not self.record.fits(fitted):
            return None
        self._note_if(mended)
        return _fields(fitted)


def _is_json(piece: Stretch) -> bool:
    """Tell JSON from brackets in prose, such as a page reference."""
    has_words = any(character.isalnum() for character in piece.text)
    return "{" in piece.text and (":" in piece.text or "：" in piece.text or not has_words)  # noqa: RUF001 # a full-width colon


def _items(value: JsonValue) -> Iterator[JsonValue]:
    """Yield the objects that may be records: those of the outermost list, else the one itself."""
    if isinstance(value, list):
        yield from value
    elif isinstance(value, dict):
        lists = [inner for inner in value.values() if isinstance(inner, list)]
        if len(lists) == 1 and len(value) == 1:
            yield from lists[0]
        else:
            yield value


def _fields(item: JsonValue) -> Fields:
    return item if isinstance(item, dict) else {"value": item}


def _holds_more(left: str, list_name: str) -> bool:
    """Tell whether the rest between and behind the records holds part of another, or no end."""
    letters = "".join(character for character in left if character.isalnum())
    name = "".join(character for character in list_name if character.isalnum())
    return letters not in ("", name) or "]" not in left
