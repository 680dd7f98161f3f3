"""Make any text safe to put into a file that a person opens.

Sources and models may send characters that XML forbids, that drive a terminal, or that turn the
direction of text round so that it reads as something else. None of these is text.
"""

import re

_MARK = "\ufffd"
_BREAKS = "\v\f\x1c\x1d\x1e\x1f\x85\u2028\u2029"
_DIRECTION_CONTROLS = range(0x202A, 0x202F), range(0x2066, 0x206A)


def _replacements() -> dict[int, str]:
    """Say for each unwanted character what stands in its place."""
    controls = (*range(0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF)
    table = dict.fromkeys((c for c in controls if chr(c) not in "\t\n"), _MARK)
    table |= dict.fromkeys((c for part in _DIRECTION_CONTROLS for c in part), "")
    return table | dict.fromkeys(map(ord, _BREAKS), " ")


_TABLE = _replacements()
# Most text has none of them, and to look each character up takes ten times as long.
_UNWANTED = re.compile(f"[{re.escape(''.join(map(chr, _TABLE)))}]")


def clean(text: str) -> str:
    r"""Replace controls and lone surrogates, drop direction controls, end lines by `\n`."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return lines.translate(_TABLE) if _UNWANTED.search(lines) else lines


def without_surrogates(text: str) -> str:
    """Replace halves of characters, which UTF-8 cannot hold, and keep all else as it is."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def one_line(text: str) -> str:
    """Clean a text and fold its white space, line ends too, into single spaces."""
    return " ".join(clean(text).split())
