"""Rules meet messages: a regular expression, or a text that must be contained."""

import re
from collections.abc import Callable
from typing import Any

from tasks.emulator.refusal import invalid
from tasks.emulator.wire import fields
from tasks.emulator.wire.fields import Field, Table

Matcher = Callable[[str], object]
"""Takes the last message of a task; gives something true when the rule is meant for it."""

_CONTAINS = Table(Field("contains", fields.string(0), required=True))


def matcher(value: object, path: str) -> Matcher:
    """Check the `match` of a rule: a regular expression or `{"contains": text}`."""
    if isinstance(value, str):
        try:
            return re.compile(value).search
        except re.error as error:
            raise invalid(path, f"a regular expression ({error})", value) from error
    wanted: str = fields.read(fields.mapping(value, path), _CONTAINS, under=f"{path}.")["contains"]

    def contains(text: str) -> Any:
        return wanted in text

    return contains
