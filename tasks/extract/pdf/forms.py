"""Forms that draw forms: a few hundred bytes that spell out to more than any memory holds.

pdfium draws a form XObject anew wherever it is called, forty levels deep, before anybody can stop
it. A form is a stream, and the dictionary of a stream stands in the file as it is; so the calls can
be counted beforehand. What resources in packed objects hide is not counted; against that, and all
else, there are the limits of the sandbox.
"""

import re
import zlib
from collections import Counter
from collections.abc import Container, Iterator, Mapping
from functools import cached_property

from tasks.core.errors import LimitError

_MOST_DRAWN = 500_000  # each takes pdfium 1.5 KB
_DEEPEST = 40  # where pdfium stops
_LONGEST_DICTIONARY = 1 << 16
_LONGEST_CONTENT = 1 << 24
_LONGEST_NUMBER = 24
_FORM = re.compile(rb"/Form\b")
_NUMBER = re.compile(rb"(\d+)\s+\d+\s+\Z")
_OBJECT = b" 0 obj"
_MOST_DIGITS = 10
_DIGITS = re.compile(rb"\d+\Z")
_END = re.compile(rb"stream\r?\n|endobj")
_RESOURCES = re.compile(rb"/(?:Resources|XObject)\s+(\d+)\s+\d+\s+R")
_NAMED = re.compile(rb"/([^\s/<>()\[\]]+)\s+(\d+)\s+\d+\s+R")
_ON_A_LAYER = re.compile(rb"/OC\s*\d")
_CALL = re.compile(rb"/([^\s/<>()\[\]]+)\s+Do\b")

Calls = Mapping[int, Counter[int]]
"""For the number of a form, how often it calls which other ones."""


def check_forms(data: bytes) -> None:
    """Raise `LimitError` for a PDF whose forms spell out to more than can be drawn."""
    file = _File(data)
    forms = dict(file.forms())
    calls = {number: file.calls(start, end, forms) for number, (start, end) in forms.items()}
    if _drawn(calls) > _MOST_DRAWN:
        raise LimitError(
            f"its forms draw each other more than {_MOST_DRAWN:,} times, as no honest file does. "
            "Print it anew."
        )


def forms_on_layers(data: bytes) -> bool:
    """Tell whether a form of a PDF is on a layer, which may be switched off; pdfium does not."""
    if not _ON_A_LAYER.search(data):
        return False
    places = (place for _, place in _File(data).forms())
    return any(_ON_A_LAYER.search(data, start, end) for start, end in places)


class _File:
    """The objects of a file that are not packed."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def forms(self) -> Iterator[tuple[int, tuple[int, int]]]:
        """Give the number of each form, and where its dictionary begins and ends."""
        for match in _FORM.finditer(self._data):
            at = match.start()
            begin = self._data.rfind(b"obj", max(0, at - _LONGEST_DICTIONARY), at)
            number = _NUMBER.search(self._data, max(0, begin - _LONGEST_NUMBER), begin)
            end = _END.search(self._data, at, at + _LONGEST_DICTIONARY)
            if begin >= 0 and number and end:
                yield int(number[1]), (begin, end.end())

    def calls(self, start: int, end: int, forms: Container[int]) -> Counter[int]:
        """Count the calls of other forms in a form's content."""
        own = self._data[start:end]
        named_in = [own, *map(self._object, set(_RESOURCES.findall(own)))]
        named = {name: int(number) for text in named_in for name, number in _NAMED.findall(text)}
        if not any(number in forms for number in named.values()):
            return Counter()
        content = _content(self._data, end, packed=b"/FlateDecode" in own)
        called = Counter(name for name in _CALL.findall(content) if name in named)
        return Counter({named[name]: times for name, times in called.items()})

    def _object(self, number: bytes) -> bytes:
        """Give an object by its number; nothing for one that is not there."""
        start = self._places.get(number, len(self._data))
        end = _END.search(self._data, start, start + _LONGEST_DICTIONARY)
        return self._data[start : end.end()] if end else b""

    @cached_property
    def _places(self) -> dict[bytes, int]:
        """Give where objects begin; such numbers as are in use have generation 0."""
        places: dict[bytes, int] = {}
        at = self._data.find(_OBJECT)
        while at >= 0:
            digits = _DIGITS.search(self._data, max(0, at - _MOST_DIGITS), at)
            at += len(_OBJECT)
            if digits:
                places[digits[0]] = at
            at = self._data.find(_OBJECT, at)
        return places


def _content(data: bytes, start: int, *, packed: bool) -> bytes:
    """Give what a stream holds; one that is packed in a rare way is taken as it is."""
    end = data.find(b"endstream", start)
    content = data[start : end if end >= 0 else len(data)]
    if not packed:
        return content
    try:
        return zlib.decompressobj().decompress(content, _LONGEST_CONTENT)
    except zlib.error:
        return b""


def _drawn(calls: Calls) -> int:
    """Give how many forms the most wasteful one draws in all."""
    calls = {number: called for number, called in calls.items() if called}
    drawn = dict.fromkeys(calls, 1)
    for _ in range(_DEEPEST):
        drawn = {
            number: 1 + sum(count * drawn.get(other, 1) for other, count in called.items())
            for number, called in calls.items()
        }
        if max(drawn.values(), default=0) > _MOST_DRAWN:
            break
    return max(drawn.values(), default=0)
