"""Write an output as JSON Lines: an object to a line, each saying what it is."""

import json
from collections.abc import Iterator
from typing import Any

from tasks.core.outputs import Output
from tasks.write.clean import without_surrogates
from tasks.write.json import output_as_dict
from tasks.write.source import SourceInfo

_LISTS = {"records": "record", "citations": "citation", "gaps": "gap", "covered": "covered"}

# Readers that split at any line break would cut an object at these.
_BREAKS = {code: f"\\u{code:04x}" for code in (0x85, 0x2028, 0x2029)}


def render_jsonl(output: Output, source: SourceInfo) -> bytes:
    """Give a line for the output, then one for each record, citation, gap and covered span.

    Spans are as in the JSON output. Every line has `type`; the first is of type "output".
    """
    lines = (
        json.dumps(line, ensure_ascii=False, sort_keys=True, allow_nan=False)
        for line in _lines(output_as_dict(output, source))
    )
    text = "".join(f"{line.translate(_BREAKS)}\n" for line in lines)
    return without_surrogates(text).encode()


def _lines(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield {"type": "output"} | {name: data[name] for name in data if name not in _LISTS}
    for name, kind in _LISTS.items():
        yield from ({"type": kind} | item for item in data[name] or ())
