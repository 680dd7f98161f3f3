"""A file and all sources that lie in it, one in the other, each read by itself."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from tasks.core.documents import Attachment
from tasks.core.errors import InputError, LimitError
from tasks.extract.sources import Source

DEEPEST = 3
"""So many sources may lie in one another in a file, as in a mail in a mail."""

MOST = 200
"""So many sources are read of one file, itself included."""

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True, kw_only=True)
class Family(Generic[Read]):
    """How the members of a family are read.

    `read` gets a source, and the digest of one inside another; `inside` gives what lies in a member
    that was read; `refuse` makes a member of one that is not read.
    """

    read: Callable[[Source, str | None], Awaitable[Read]]
    inside: Callable[[Read], Sequence[Attachment]]
    refuse: Callable[[Source, InputError], Read]

    async def of(self, file: Source) -> tuple[Read, ...]:
        """Read a file, and behind each source what lies in it.

        What is too deep or too much is refused by name.
        """
        return await self._of(file, None, _Room(MOST - 1))

    async def _of(self, source: Source, digest: str | None, room: "_Room") -> tuple[Read, ...]:
        own = await self.read(source, digest)
        inside = self.inside(own)
        if len(source.inside) >= DEEPEST:
            error = f"it lies in {DEEPEST} files, one in the other. Take it out and read it."
            deep = (source.holding(each.name) for each in inside)
            return (own, *(self._refused(each, error) for each in deep))
        some, more = inside[: room.left], inside[room.left :]
        room.left -= len(some)
        within = await asyncio.gather(
            *(self._of(source.holding(each.name), each.digest, room) for each in some)
        )
        members = (own, *(member for members in within for member in members))
        if not more:
            return members
        error = f"only {MOST} documents are read of one file. Take these out and read them."
        return (*members, self._refused(source.holding(f"{len(more)} more attachments"), error))

    def _refused(self, source: Source, error: str) -> Read:
        return self.refuse(source, LimitError(f"{source.name}: {error}"))


@dataclass(slots=True)
class _Room:
    left: int


def readable(attachments: Sequence[Attachment]) -> tuple[Attachment, ...]:
    """Give those that can be read as documents of their own."""
    return tuple(each for each in attachments if each.digest)
