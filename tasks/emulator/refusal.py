"""The one error of the emulator: a request that the contract forbids, or a task that failed."""

from typing import Any, Literal

Shape = Literal["errors", "error", "html"]
"""How a POST that is refused as a whole is answered."""


class RefusedError(Exception):
    """A request is refused with a code, a message and an HTTP status of the contract."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        parameter: str | None = None,
        status: int = 400,
        retry_after_s: float | None = None,
        shape: Shape = "errors",
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.parameter = parameter
        self.status = status
        self.retry_after_s = retry_after_s
        self.shape = shape

    def to_entry(self, task: object = None) -> dict[str, Any]:
        """Give the entry of the `errors` array, with what can be told of the refused task."""
        entry = {"code": self.code, "message": self.message}
        if self.parameter is not None:
            entry["parameter"] = self.parameter
        if isinstance(task, dict):
            known = {key: task.get(key) for key in ("taskType", "taskUUID")}
            entry |= {key: value for key, value in known.items() if isinstance(value, str)}
        return entry

    def headers(self) -> dict[str, str]:
        """Give the headers that a reply with this refusal bears."""
        if self.retry_after_s is None:
            return {}
        return {"Retry-After": f"{self.retry_after_s:g}"}


def missing(path: str) -> RefusedError:
    """Make the error for a required field that is absent."""
    return RefusedError(
        f"missing{_word(path)}", f"Required parameter '{path}' is missing.", parameter=path
    )


def invalid(path: str, demand: str, value: object) -> RefusedError:
    """Make the error for a value that breaks what the contract demands of its field."""
    shown = repr(value)
    shown = shown if len(shown) <= 60 else shown[:57] + "..."
    return RefusedError(
        f"invalid{_word(path)}", f"'{path}' must be {demand}, not {shown}.", parameter=path
    )


def _word(path: str) -> str:
    """Give the name that a field bears in error codes: `settings.topP` -> `TopP`."""
    name = path.rsplit(".", 1)[-1].split("[", maxsplit=1)[0]
    return name[:1].upper() + name[1:]
