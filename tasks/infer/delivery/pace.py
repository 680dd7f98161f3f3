"""How far apart polls are at least, and how many tasks one asks for at most."""

import math
from dataclasses import dataclass

from tasks.infer.connection import Reply
from tasks.infer.failures import retry_after_s

STRAIN_MOST = 64.0
"""How many times longer the rests get at most while polls are not served."""

TOLD_MOST_S = 120.0
"""A longer `Retry-After` is not believed."""

TOO_MANY = frozenset({400, 413})
"""What a server may say to a POST of more tasks than it takes."""


@dataclass(slots=True, kw_only=True)
class Pace:
    """What a server bears; times are those of the poller's clock."""

    at_most: int
    troubled_s: float
    longest_s: float
    until: float = -math.inf
    _strain: float = 1.0

    def heard(self, reply: Reply | None, *, tasks: int, rest_s: float, now: float) -> None:
        """Take in how a POST went: while they are not served, rest longer and ask for fewer."""
        if reply is not None and reply.status == 200:
            self._strain, self.until = 1.0, now + rest_s
            return
        self._strain = min(2 * self._strain, STRAIN_MOST)
        rest_s = min(self._strain * max(rest_s, self.troubled_s), self.longest_s)
        if reply is not None:
            rest_s = max(rest_s, min(retry_after_s(reply.headers) or 0.0, TOLD_MOST_S))
            if reply.status in TOO_MANY and tasks > 1:
                self.at_most = tasks // 2
        self.until = now + rest_s
