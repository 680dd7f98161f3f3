"""A source made ready once for any number of look-ups."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property

from rapidfuzz import fuzz

from tasks.core.documents import Document
from tasks.merge.lookup.folding import MARKS, fold
from tasks.merge.lookup.words import NEGATING_SIGNS

Place = tuple[int, int]
"""`[start, end)` in the folded text."""

ALIKE_PERCENT = 90.0
PLACES_AT_MOST = 200
"""Of words that stand in more places than this, the first ones are looked at."""

LONGEST_WORD_CHARS = 64
AROUND_CHARS = 12

GRAM_CHARS = 6
SHORTEST_ALIKE_CHARS = 2 * GRAM_CHARS - 1
"""Any stretch as long as this holds a gram of the index; shorter quotes must be exact."""

LONGEST_ALIKE_CHARS = 4000
RARE = 100
"""A gram that stands in more places than this tells little of where a quote is."""

WINDOWS = 8
GRAMS_AT_MOST = 700_000
"""The index takes about 150 bytes a gram; of a source with more, some are left out."""

_UNSPACED = ((0x0E00, 0x0F00), (0x1000, 0x10A0), (0x1780, 0x1800))  # Thai, Lao, Burmese, Khmer
_MARK = re.compile(rf"[{MARKS}]*")
_WORD_START = re.compile(rf"(?:[^\W_]|[{MARKS}]|[.,](?=\d))+")
_WORD_END = re.compile(rf"(?:[^\W_]|[{MARKS}]|(?<=\d)[.,])+$")
_SPACE = re.compile(r"[\s*_|`\\]")
_DASH = re.compile(r"[-\u2010\u2011\u2012\u2013\u2014\u2212]")
_PREFIX = re.compile(r"(?<![^\W\d_])(?:non|un|anti|nicht)$", re.IGNORECASE)


class Source:
    """A document, its text as it is sent, and that text folded.

    What is set apart is blank in `text`, so that a quotation may run on over a running head.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = _as_sent(document)
        self.folded = fold(self.text)

    def span(self, place: Place) -> tuple[int, int]:
        """Give the span of the document that a place in the folded text stands for."""
        end = self.folded.origin(place[1] - 1) + 1
        marks = _MARK.match(self.text, end)
        return self.folded.origin(place[0]), marks.end() if marks else end

    def whole_words(self, place: Place) -> tuple[int, int]:
        """Give the span of a place, with the rest of the words and numbers that it cuts."""
        start, end = self.span(place)
        before = _WORD_END.search(self.text[max(start - LONGEST_WORD_CHARS, 0) : start])
        after = _WORD_START.match(self.text, end, end + LONGEST_WORD_CHARS)
        open_start = before is not None and _WORD_START.match(self.text, start) is not None
        open_end = after is not None and _WORD_END.search(self.text[start:end]) is not None
        return (
            start - len(before[0]) if before and open_start else start,
            after.end() if after and open_end else end,
        )

    def around(self, place: Place) -> str:
        """Give the text of a place and a few words on both sides, none of them cut."""
        start, end = place[0] - AROUND_CHARS, place[1] + AROUND_CHARS
        within = max(start, 0), min(end, len(self.folded.text))
        return self.text[slice(*self.whole_words(within))]

    def exact(self, needle: str, *, start: int = 0, end: int | None = None) -> Iterator[Place]:
        """Yield the places of a folded quotation, but for those that cut a number in two."""
        at, count = self.folded.text.find(needle, start, end), 0
        while at >= 0 and count < PLACES_AT_MOST:
            place = at, at + len(needle)
            if not self._cuts_number(place):
                yield place
            at, count = self.folded.text.find(needle, at + 1, end), count + 1

    def cuts_word(self, place: Place) -> bool:
        """Tell whether a place begins or ends inside a word, or leaves the "non" of one out."""
        return any(self._inside_word(at) for at in place)

    def alike(self, needle: str) -> Place | None:
        """Give the place that is nearly the same, if there is one; a bounded amount of work."""
        if not SHORTEST_ALIKE_CHARS <= len(needle) <= LONGEST_ALIKE_CHARS:
            return None
        best, score = None, ALIKE_PERCENT
        for start, end in self._windows(needle):
            window = self.folded.text[start:end]
            found = fuzz.partial_ratio_alignment(needle, window, score_cutoff=score)
            if found is not None and found.dest_end > found.dest_start:
                best, score = (start + found.dest_start, start + found.dest_end), found.score
        return best

    @cached_property
    def _grams(self) -> dict[str, list[int]]:
        text = self.folded.text
        step = GRAM_CHARS * (1 + len(text) // (GRAM_CHARS * GRAMS_AT_MOST))
        grams: dict[str, list[int]] = {}
        for at in range(0, len(text) - GRAM_CHARS + 1, step):
            grams.setdefault(text[at : at + GRAM_CHARS], []).append(at)
        return grams

    def _windows(self, needle: str) -> Iterator[Place]:
        """Yield the few windows that have the most rare grams of a quotation in its order."""
        width = len(needle) // 4 + GRAM_CHARS
        grams = [
            (within, places)
            for within in range(len(needle) - GRAM_CHARS + 1)
            if (places := self._grams.get(needle[within : within + GRAM_CHARS]))
        ]
        rare = [(within, places) for within, places in grams if len(places) <= RARE]
        votes = Counter(
            (at - within) // width for within, places in rare or grams for at in places[:RARE]
        )
        for bucket, _ in votes.most_common(WINDOWS):
            start = (bucket - 1) * width
            yield max(0, start), max(0, start) + len(needle) + 3 * width

    def _cuts_number(self, place: Place) -> bool:
        """Tell whether a place takes part of a number: "5,000" of "15,000", or "5" of "-5"."""
        text, (start, end) = self.folded.text, place
        before, after = text[max(start - 2, 0) : start], text[end : end + 2]
        if text[start].isdecimal() and self._is_number_before(before, start):
            return True
        if not text[end - 1].isdecimal():
            return False
        if after[:1] in {".", ","}:
            return after[1:].isdecimal() and self._joined(end - 1, end + 1)
        return after[:1].isdecimal()

    def _is_number_before(self, before: str, start: int) -> bool:
        if before[-1:].isdecimal():
            return True
        if before[-1:] in {".", ","}:
            return before[:-1].isdecimal() and self._joined(start - 2, start)
        if before[-1:] != "-" or not self._joined(start - 1, start):
            return False
        sign = self.folded.origin(start - 1)
        return not self.text[max(sign - 1, 0) : sign].isalnum()

    def _joined(self, first: int, last: int) -> bool:
        """Tell whether characters stand side by side in the source, too."""
        return self.folded.origin(last) - self.folded.origin(first) == last - first

    def _inside_word(self, at: int) -> bool:
        text = self.folded.text
        if not 0 < at < len(text) or not (text[at - 1].isalnum() and text[at].isalnum()):
            return False
        if is_unspaced(text[at - 1]) or is_unspaced(text[at]):
            return text[at - 1] in NEGATING_SIGNS
        last = self.folded.origin(at - 1)
        gap = self.text[last + 1 : self.folded.origin(at)]
        if _DASH.search(gap):  # an open compound, but for a word that the line's end parts
            return gap[-1:].isspace() or bool(
                _PREFIX.search(self.text, max(last - 12, 0), last + 1)
            )
        return not _SPACE.search(gap)


def is_unspaced(character: str) -> bool:
    """Tell whether a character is of a script that puts no spaces between words."""
    code = ord(character)
    if code >= 0x2E80:
        return not 0xAC00 <= code <= 0xD7AF
    return any(low <= code < high for low, high in _UNSPACED)


def _as_sent(document: Document) -> str:
    pieces, at = [], 0
    for span in document.set_apart():
        pieces += [document.text[at : span.start], " " * (span.end - span.start)]
        at = span.end
    return "".join([*pieces, document.text[at:]])
