"""What one poll says of one task.

    all results there, or failed ──────► ended
    some failed, no other on its way ──► stuck: ended if it stays so
    some there or on their way ────────► running
    not a word of the task ────────────► absent: never taken, not yet known, or forgotten
    said to be expired ────────────────► gone
    the poll itself was not served ────► nothing: the task is never blamed for that

Each poll gives the whole state of a task, so that nothing is ever added to what came before.
"""

from dataclasses import dataclass
from enum import Enum, auto

from tasks.core.errors import InferenceError
from tasks.infer.codes import Fault, fault_of
from tasks.infer.connection import Reply
from tasks.infer.delivery.delivery import Task
from tasks.infer.failures import ended
from tasks.infer.wire.received import FAILED, WireError, WireResult


class Word(Enum):
    """What a poll said."""

    ENDED = auto()
    STUCK = auto()
    RUNNING = auto()
    ABSENT = auto()
    GONE = auto()
    NOTHING = auto()


@dataclass(frozen=True, slots=True)
class Said:
    """The word on a task, its answers so far, and its errors."""

    word: Word
    answered: tuple[WireResult, ...] = ()
    errors: tuple[WireError, ...] = ()

    def outcome(self, task: Task) -> tuple[WireResult, ...] | InferenceError:
        """Give the answers, else the error to raise: EndedError or RejectedError."""
        return self.answered or ended(self.errors[0], task_uuid=task.task_uuid)


def read_poll(task: Task, reply: Reply) -> Said:
    """Read what a poll says of a task; answers count even in a poll that failed otherwise."""
    uuid, served = task.task_uuid, reply.status == 200 and reply.body is not None
    items = [item for item in reply.items if item.task_uuid == uuid]
    answered = tuple(item for item in items if item.answered)
    if len(answered) >= task.request.number_results:
        return Said(Word.ENDED, answered)
    if not served:
        return Said(Word.NOTHING)
    if any(e.task_uuid == uuid and e.code == "taskExpired" for e in reply.errors):
        return Said(Word.GONE)
    errors = tuple(
        e for e in reply.errors if e.task_uuid == uuid and fault_of(e.code) is not Fault.NOT_FOUND
    )
    pending = len(items) - len(answered) - sum(item.status in FAILED for item in items)
    return Said(_word(task, len(answered), len(errors), pending), answered, errors)


def _word(task: Task, answered: int, failed: int, pending: int) -> Word:
    if failed and answered + failed >= task.request.number_results:
        return Word.ENDED
    if pending or (answered and not failed):
        return Word.RUNNING
    return Word.STUCK if failed else Word.ABSENT
