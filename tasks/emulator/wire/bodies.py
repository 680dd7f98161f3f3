"""Read the JSON body of a request."""

import json
from typing import Any

from starlette.requests import Request

from tasks.emulator.refusal import RefusedError


async def read_json(request: Request, *, max_bytes: int | None = None) -> Any:
    """Give the body; RefusedError when it is no JSON, or longer than allowed."""
    content_type = request.headers.get("content-type", "").split(";", maxsplit=1)[0]
    if content_type.strip().lower() != "application/json":
        raise RefusedError("invalidContentType", "Send the body as 'application/json'.")
    body = await request.body()
    if max_bytes is not None and len(body) > max_bytes:
        raise RefusedError(
            "requestTooLarge", f"The body must have at most {max_bytes} bytes.", status=413
        )
    try:
        return json.loads(body.decode(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise RefusedError("invalidRequest", f"The body is not JSON: {error}.") from error


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
