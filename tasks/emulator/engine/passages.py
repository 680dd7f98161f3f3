"""Cut sources into passages: the sentences, or earlier quotations, that an extract is made of."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tasks.emulator.engine.frames import Source
from tasks.emulator.engine.sentences import split_sentences

LABEL = "*Offline extract: sentences quoted from the source; no model was asked.*"
NOTHING_TO_QUOTE = "This part holds no sentence that could be quoted."
NOT_RELEVANT = "NO RELEVANT INFORMATION"
_OWN_LINES = frozenset({LABEL, NOTHING_TO_QUOTE, NOT_RELEVANT})

_MARK = re.compile(r"\[((?:p\.|¶) \d+)\]")
_QUOTED = re.compile(r"- (?:“([^“”]+)”|\"([^“”]+)\")(?: \[((?:p\.|¶) \d+)\])?")
_BREAKS_QUOTE = re.compile(r"[“”]|\[(?:p\.|¶) \d")
_NOT_PROSE = re.compile(r"\||#{1,6}\s|```|[-=*_~.·\s]*$")
_LIST_MARK = re.compile(r"(?:[-*+•·▪–]|\d{1,3}[.)]|\(?[a-z]{1,4}\)|\([A-Z\d]{1,3}\))\s+(?=\S)")
_STOPS = tuple(".!?…:;。！？।؟”\"')")  # full-width marks are meant
_LONGEST = 600


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of a source, and where it stands; `line` is set for an earlier quotation.

    `mark` is what the last mark above it says, as in "p. 12", or "¶ 12" where there are no pages.
    """

    text: str
    mark: str | None = None
    section: str | None = None
    line: str | None = None

    @property
    def page(self) -> int | None:
        """Give the page, if there are pages."""
        sign, _, number = (self.mark or "").partition(" ")
        return int(number) if sign == "p." else None

    @property
    def quotable(self) -> bool:
        """Tell whether the text stays whole between quotation marks and before a mark."""
        return self.line is not None or _BREAKS_QUOTE.search(self.text) is None

    def to_line(self) -> str:
        """Give the line of an extract that quotes the passage."""
        mark = f" [{self.mark}]" if self.mark is not None else ""
        return self.line or f"- “{self.text}”{mark}"


def read_passages(sources: Iterable[Source]) -> list[Passage]:
    """Give the passages of all sources in order; earlier extracts give their lines, whole."""
    found: list[Passage] = []
    for source in sources:
        found += _earlier_quotations(source) or _sentences(source)
    return found


def _earlier_quotations(source: Source) -> list[Passage]:
    """Give the quotations of a source that is itself an extract, else nothing."""
    lines = [line.strip() for line in source.text.splitlines() if line.strip()]
    own = [line for line in lines if line not in _OWN_LINES]
    quoted = [match for line in own if (match := _QUOTED.fullmatch(line))]
    if 2 * len(quoted) < len(own):
        return []
    return [Passage(m[1] or m[2], m[3], source.section, m[0]) for m in quoted]


def _sentences(source: Source) -> list[Passage]:
    return [
        Passage(sentence, mark, source.section)
        for mark, run in _runs(source.text)
        for sentence in _shortened(" ".join(run.split()))
    ]


def _shortened(run: str) -> Iterator[str]:
    """Yield the sentences of a run, and those that are none in pieces between words."""
    for sentence in split_sentences(run):
        while len(sentence) > _LONGEST:  # what is left of it
            at = sentence.rfind(" ", 1, _LONGEST)
            at = at if at > 0 else _LONGEST
            yield sentence[:at]
            sentence = sentence[at:].lstrip()  # noqa: PLW2901 # what is left of it
        if sentence:
            yield sentence


def _runs(text: str) -> Iterator[tuple[str | None, str]]:
    """Yield runs of lines that belong together, with their mark."""
    place: str | None = None
    run: list[str] = []
    for line in map(str.strip, text.splitlines()):
        mark = _MARK.fullmatch(line)
        item = _LIST_MARK.match(line)
        prose = not (mark or line in _OWN_LINES or _NOT_PROSE.match(line))
        if run and (item or not prose or _is_apart(run[-1], line)):
            yield place, "\n".join(run)
            run = []
        place = mark[1] if mark else place
        if prose:
            run.append(line[item.end() :] if item else line)
    if run:
        yield place, "\n".join(run)


def _is_apart(line: str, following: str) -> bool:
    """Tell whether a line ends its run, being a heading without a mark."""
    short = len(line) < 0.6 * len(following)
    return short and not line.endswith((*_STOPS, ",")) and not following[0].islower()
