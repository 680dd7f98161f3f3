"""Let in whoever brings a key: by header, or by a first task in the array."""

import hashlib
import hmac
from typing import Any
from uuid import UUID

from starlette.requests import Request

from tasks.emulator.refusal import RefusedError
from tasks.emulator.wire import fields
from tasks.emulator.wire.fields import Field, Table

_TASK_TYPE = "authentication"
_TASK = Table(
    Field("taskType", fields.constant(_TASK_TYPE), required=True),
    Field("apiKey", fields.string(0), default=""),
    Field("connectionSessionUUID", fields.uuid_v4),
)


def check_key(key: str, secret: str | None) -> None:
    """Refuse an empty key, and any but the secret where there is one."""
    if not key:
        raise RefusedError(
            "missingApiKey",
            "Send an API key, as 'Authorization: Bearer KEY' or as a first 'authentication' task.",
            parameter="apiKey",
            status=401,
        )
    if secret is not None and not hmac.compare_digest(_bytes(key), _bytes(secret)):
        raise RefusedError(
            "invalidApiKey", "The API key is not valid.", parameter="apiKey", status=401
        )


def bearer_key(request: Request) -> str:
    """Give the key of the Authorization header, or an empty string."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def split_authentication(tasks: list[Any]) -> tuple[dict[str, Any] | None, list[Any]]:
    """Part the authentication task, which may only come first, from the others."""
    if tasks and isinstance(tasks[0], dict) and tasks[0].get("taskType") == _TASK_TYPE:
        return fields.read(tasks[0], _TASK), tasks[1:]
    return None, tasks


def authenticate(
    header_key: str, task: dict[str, Any] | None, *, secret: str | None
) -> list[dict[str, Any]]:
    """Check the key, whichever way it came; give the rows that authentication adds to `data`."""
    if task is None:
        check_key(header_key, secret)
        return []
    if header_key:
        raise RefusedError(
            "incompatibleParameters",
            "Authenticate by header or by an authentication task, not both.",
            parameter="apiKey",
        )
    check_key(task["apiKey"], secret)
    session = task["connectionSessionUUID"] or _session_of(task["apiKey"])
    return [{"taskType": _TASK_TYPE, "connectionSessionUUID": session}]


def _session_of(key: str) -> str:
    # The same key gives the same session, so that equal requests get equal replies.
    return str(UUID(bytes=hashlib.sha256(b"session:" + _bytes(key)).digest()[:16], version=4))


def _bytes(key: str) -> bytes:
    return key.encode("utf-8", "backslashreplace")
