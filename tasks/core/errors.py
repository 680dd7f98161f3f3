"""The errors of docmill, one tree.

    DocmillError
    ├── InputError          a source that cannot be read; its `status` goes into the report
    │   ├── UnsupportedFormatError
    │   ├── EncryptedError
    │   ├── DamagedError
    │   ├── NeedsOcrError
    │   └── LimitError      too large, too slow, too deep
    ├── RecipeError         missing, malformed, value not given
    ├── ConfigError         settings or arguments
    ├── BudgetError         the plan or the next call would pass the budget
    │   └── RefusedError    a person did not approve the plan
    ├── OutputError         an output cannot be written
    └── InferenceError      carries the task UUID
        ├── TransientError  worth another try, perhaps after `retry_after_s`
        ├── RejectedError   the same request will be refused again
        │   ├── DeclinedError   the model or its filter declined this text
        │   └── TooLongError    by the provider's own count it does not fit the window
        ├── TruncatedError  the answer stopped at `maxTokens`
        ├── ReplyError      the answer is not what the recipe asked for
        └── LostError       it may have been billed, and its answer can no longer be had

Every message says what happened, to which file or task, and what to do.
"""

from typing import ClassVar


class DocmillError(Exception):
    """The root of all errors that docmill raises on purpose.

    `may_pass`: the same may go well later, with nothing changed and nothing paid in between.
    """

    may_pass: ClassVar[bool] = False


class InputError(DocmillError):
    """A source could not be read."""

    status: ClassVar[str] = "damaged"

    @property
    def reported(self) -> str:
        """Give the status and the message, as a report says them."""
        return f"{self.status}: {self}"


class UnsupportedFormatError(InputError):
    """The file is of a format that no reader takes."""

    status = "unsupported"


class EncryptedError(InputError):
    """The file needs a password."""

    status = "encrypted"


class DamagedError(InputError):
    """The file is not what its format demands, and no reader could make sense of it."""

    status = "damaged"


class NeedsOcrError(InputError):
    """The file has pages but none of them has a text layer."""

    status = "needs_ocr"


class LimitError(InputError):
    """Reading the file would pass a limit of time, memory or size."""

    status = "limit"


class RecipeError(DocmillError):
    """A recipe is missing, malformed, or lacks the value of a variable."""


class ConfigError(DocmillError):
    """A setting or an argument is wrong."""

    may_pass = True


class BudgetError(DocmillError):
    """Going on would pass the budget."""

    may_pass = True


class RefusedError(BudgetError):
    """A person was shown the plan and did not approve it; nobody is to ask that person again."""

    may_pass = False


class OutputError(DocmillError):
    """An output file could not be written."""

    may_pass = True


class InferenceError(DocmillError):
    """An inference task gave no usable answer."""

    def __init__(self, message: str, *, task_uuid: str | None = None) -> None:
        super().__init__(message)
        self.task_uuid = task_uuid


class TransientError(InferenceError):
    """The provider may well answer the same request later."""

    may_pass = True

    def __init__(
        self, message: str, *, task_uuid: str | None = None, retry_after_s: float | None = None
    ) -> None:
        super().__init__(message, task_uuid=task_uuid)
        self.retry_after_s = retry_after_s


class RejectedError(InferenceError):
    """The provider refused the request and will do so again."""


class DeclinedError(RejectedError):
    """The model, or the provider's filter before it, declined the text that it was shown."""


class TooLongError(RejectedError):
    """By the provider's own count, the prompt and its answer do not fit the context window."""


class TruncatedError(InferenceError):
    """The answer ended at `maxTokens`."""


class ReplyError(InferenceError):
    """The answer came, but not in the form that the recipe asks for."""


class LostError(InferenceError):
    """The task may have been billed, and its answer can no longer be had."""
