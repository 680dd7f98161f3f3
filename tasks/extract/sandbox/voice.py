"""How a child writes lines to a pipe."""

import os
from threading import Lock

from tasks.extract.reader import At, line_of
from tasks.extract.sandbox.conversation import Answer, Ended

_BUFFER_BYTES = 1 << 16


class Voice:
    """Writes lines, many at once, but for news of pages and answers, which must not be late.

    Several threads may use it.
    """

    def __init__(self, output: int) -> None:
        self._output = output
        self._unsaid = bytearray()
        self._lock = Lock()
        self._ended = False

    def say(self, value: object) -> None:
        """Say a part, news, an answer, or the line of another; nothing after the end."""
        line = value if isinstance(value, bytes) else line_of(value)
        with self._lock:
            if self._ended:
                return
            self._unsaid += line
            if isinstance(value, At | Answer | Ended | bytes) or len(self._unsaid) > _BUFFER_BYTES:
                self._flush()

    def end(self, value: object) -> None:
        """Say the last word."""
        self.say(value)
        with self._lock:
            self._flush()
            self._ended = True

    def _flush(self) -> None:
        write(self._output, self._unsaid)
        self._unsaid = bytearray()


def write(output: int, content: bytes | bytearray) -> None:
    """Write all of it, however much the pipe takes at once."""
    left = memoryview(content)
    while left:
        left = left[os.write(output, left) :]
