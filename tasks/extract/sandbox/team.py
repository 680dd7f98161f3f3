"""Processes that read the pages of one long file together: a leader, and helpers.

leader ─ tickets ─► whoever is free: numbers of pages, each taken once, so that all end together
helper ─ parts ───► leader, who passes them on as they come, and builds the document
leader ─ asks ────► helper, who answers: work on the building that can be done apart

They share nothing but these pipes, and the file: what one of them says harms no other file.
"""

import os
import select
import struct
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Event, Thread

from tasks.extract.reader import At, Helping, Reader, Stopped
from tasks.extract.sandbox.conversation import Heard, is_part
from tasks.extract.sandbox.voice import write

_TICKET = struct.Struct("=II")
_MOST_TICKETS = select.PIPE_BUF // _TICKET.size  # a pipe holds so many, whoever takes none
_FEWEST_PAGES = 64  # that are worth sharing


@dataclass(frozen=True, slots=True)
class Team:
    """All pipes of a team, to be made before its processes are forked; each keeps its own ends."""

    tickets: tuple[int, int]
    asks: tuple[tuple[int, int], ...]
    wires: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, helpers: int) -> "Team":
        """Make the pipes."""
        asks, wires = (tuple(os.pipe() for _ in range(helpers)) for _ in range(2))
        return cls(tickets=os.pipe(), asks=asks, wires=wires)

    def leader(self) -> "Leader":
        """Keep what the leader needs."""
        wires = [reading for reading, _ in self.wires]
        asks = [writing for _, writing in self.asks]
        self.close(but={*self.tickets, *wires, *asks})
        return Leader(*self.tickets, list(zip(wires, asks, strict=True)))

    def helper(self, number: int) -> "Helper":
        """Keep what a helper needs."""
        taking, asked, wire = self.tickets[0], self.asks[number][0], self.wires[number][1]
        self.close(but={taking, asked, wire})
        return Helper(taking, asked, wire)

    def close(self, but: Iterable[int] = ()) -> None:
        """Close all ends, or all that are another's."""
        pipes = (self.tickets, *self.asks, *self.wires)
        for end in {end for pipe in pipes for end in pipe}.difference(but):
            os.close(end)


class Helper:
    """One who reads the pages that are left to it, and tells the leader over a `wire`."""

    def __init__(self, taking: int, asked: int, wire: int) -> None:
        self._taking = taking
        self._asked = asked
        self.wire = wire

    def pages(self, _: int) -> Iterator[int]:
        """Take tickets as long as there are some, and give their pages."""
        return _taken(self._taking)

    def asked(self) -> Iterator[bytes]:
        """Give what the leader asks, until it has no more questions."""
        with os.fdopen(self._asked, "rb") as stream:
            yield from stream


class Leader:
    """One who says which pages there are, reads as many as the others leave, and hears them out."""

    def __init__(self, taking: int, giving: int, helpers: Iterable[tuple[int, int]]) -> None:
        """Take the ends of pipes: those of tickets, and for each helper where to hear and ask."""
        self._taking = taking
        self._giving = giving
        self._helpers = helpers

    def with_helpers(
        self, own: Iterable[object], reader: Reader, say: Callable[[object], None]
    ) -> Iterator[object]:
        """Give one's own parts and those of the helpers as they come, which are passed on, too."""
        hearings = [Hearing(wire, ask, say) for wire, ask in self._helpers]
        for hearing in hearings:
            hearing.start()
        for part in own:
            yield part
            for hearing in hearings:
                yield from reader.parts_in(hearing.so_far())
        for hearing in hearings:
            hearing.wait(say)
            yield from reader.parts_in(hearing.so_far())
            if hearing.page is not None:
                yield hearing.stopped or Helping(hearing.ask)

    def pages(self, count: int) -> Iterator[int]:
        """Share out the pages of a file if they are many, and give those that are one's own."""
        shared = count >= _FEWEST_PAGES
        if shared:
            size = -(-count // _MOST_TICKETS)
            starts = range(1, count + 1, size)
            tickets = (_TICKET.pack(first, min(first + size, count + 1)) for first in starts)
            os.write(self._giving, b"".join(tickets))
        os.close(self._giving)
        return _taken(self._taking) if shared else iter(range(1, count + 1))


class Hearing(Thread):
    """What a leader hears of a helper, in the background: no page has to wait for another."""

    def __init__(self, wire: int, asks: int, pass_on: Callable[[bytes], None]) -> None:
        super().__init__(daemon=True)
        self._wire = wire
        self._asks = asks
        self._pass_on = pass_on
        self._heard = Heard()
        self._lines: deque[bytes] = deque()
        self._has_read = Event()
        self._answers: SimpleQueue[bytes] = SimpleQueue()

    def run(self) -> None:
        """Hear the helper out."""
        with os.fdopen(self._wire, "rb") as stream:
            for line in stream:
                if line.endswith(b"\n"):  # and was not torn by the helper's death
                    self._hear(line)
        self._has_read.set()
        self._answers.put(b"")

    def _hear(self, line: bytes) -> None:
        if self._has_read.is_set():
            self._answers.put(line)
        elif is_part(line):
            self._pass_on(line)
            self._lines.append(line)
        else:
            self._heard.hear(line)
            if self._heard.ended:
                self._has_read.set()

    def so_far(self) -> Iterator[bytes]:
        """Give the lines of parts that have not been given yet."""
        while self._lines:
            yield self._lines.popleft()

    def wait(self, say: Callable[[object], None]) -> None:
        """Wait until all is read, having said what for."""
        if self.page is not None:
            say(At(self.page))
        self._has_read.wait()

    def ask(self, question: bytes) -> Callable[[], bytes]:
        """Ask something, as `Ask` has it."""
        write(self._asks, question + b"\n")
        return self._answer

    def _answer(self) -> bytes:
        answer = self._answers.get()
        if not answer:
            self._answers.put(answer)  # for who asks again
            raise OSError("a helper is gone")
        return answer

    @property
    def page(self) -> int | None:
        """Give the page that the helper came to last, if there was one for it."""
        return self._heard.page

    @property
    def stopped(self) -> Stopped | None:
        """Tell why the helper did not come to its end, if it had begun."""
        answer, page = self._heard.answer, self.page
        if page is None or (answer and not answer.error):
            return None
        return Stopped(answer.message if answer else "the process that read it crashed", page)


def _taken(tickets: int) -> Iterator[int]:
    while ticket := os.read(tickets, _TICKET.size):
        yield from range(*_TICKET.unpack(ticket))
