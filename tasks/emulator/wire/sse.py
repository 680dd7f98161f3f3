"""Server-sent events: one JSON object a frame, comments between, `[DONE]` at the end."""

import json
from collections.abc import Mapping
from typing import Any

PING = b": ping\n\n"
DONE = b"data: [DONE]\n\n"

_SHORTEST = 16
_MOST = 48  # deltas of one text: each costs reader and writer a frame


def frame(content: Mapping[str, Any]) -> bytes:
    """Give the frame of one chunk."""
    body = json.dumps(content, ensure_ascii=False).encode("utf-8", "backslashreplace")
    return b"data: " + body + b"\n\n"


def pieces(text: str) -> list[str]:
    """Cut a text into the deltas that it comes in."""
    size = max(_SHORTEST, -(-len(text) // _MOST))
    return [text[start : start + size] for start in range(0, len(text), size)]
