"""Server-sent events out of bytes, however these were cut on their way.

Lines end at LF, CR or CRLF and nowhere else: an answer may hold U+2028 or U+0085, which Python's
own `splitlines` takes for line ends. A line is decoded whole, so no character is cut in two.
"""

import re
from dataclasses import dataclass, field

LINE_END = re.compile(rb"\r\n|\r|\n")
BOM = b"\xef\xbb\xbf"


@dataclass(slots=True)
class SseReader:
    """Takes bytes and gives the data lines; the provider puts one JSON object into each.

    Comments, blank lines and other fields are passed over. UnicodeDecodeError for what is no UTF-8.
    """

    _unfinished: list[bytes] = field(default_factory=list)
    _after_cr: bool = False
    _at_start: bool = True

    def feed(self, piece: bytes) -> list[str]:
        """Give the data of the lines that this piece completes."""
        if not piece:
            return []
        if self._after_cr:  # its line has ended already
            piece = piece.removeprefix(b"\n")
        self._after_cr = piece.endswith(b"\r")
        *lines, rest = LINE_END.split(piece)
        if lines:
            lines[0] = b"".join((*self._unfinished, lines[0]))
            self._unfinished.clear()
        self._unfinished.append(rest)
        return self._data_of(lines)

    def end(self) -> list[str]:
        """Give the data of a last line that nothing ended."""
        line = b"".join(self._unfinished)
        self._unfinished.clear()
        return self._data_of([line])

    def _data_of(self, lines: list[bytes]) -> list[str]:
        if lines and self._at_start:
            lines[0] = lines[0].removeprefix(BOM)
            self._at_start = False
        fields = (line.partition(b":") for line in lines)
        return [value.removeprefix(b" ").decode() for name, _, value in fields if name == b"data"]
