"""Count tokens with the emulator's own tokenizer.

The model's tokenizer is not public, and whoever plans requests must estimate with another one.
So the emulator, too, counts otherwise than its clients: by pieces of words, not by a learned
vocabulary. Whoever trusts an estimate to the last token is refused here, before production.

Measured against o200k_base: 1.13 times as many over a handbook, two filings and five papers in
English (1.03 to 1.17 each). On two or three sentences each: German and French 1.09, Russian 1.17,
Chinese 1.24, Japanese 1.12, Korean 1.14, Arabic 1.05, Hindi 0.96.
"""

import re
from itertools import islice

_PIECE = re.compile(
    r" ?(?:[A-Za-z]{1,7}"  # most English words are one piece
    r"|[A-Za-z\u00c0-\u052f]{1,4}"  # accented Latin, Greek, Cyrillic
    r"|[\u0590-\u0dff]{1,3}"  # Hebrew, Arabic, the scripts of India
    r"|[^\w\s]{1,3})"
    r"|[0-9]{1,3}"
    r"|[\uac00-\ud7af]{1,2}"  # Hangul syllables
    r"|\s+"
    r"|.",  # a Han or Kana character, and whatever else there is
    re.DOTALL,
)


def count_tokens(text: str) -> int:
    """Count the tokens of `text`."""
    # Nearly twice as quick as findall, which keeps every piece: this is most of a request's work.
    return _PIECE.subn("", text)[1]


def estimate_tokens(text: str) -> int:
    """Estimate the tokens of `text` by its length alone, at no cost."""
    return -(-len(text) // 4)


def first_tokens(text: str, limit: int) -> str:
    """Give the longest beginning of `text` that has at most `limit` tokens."""
    end = 0
    for piece in islice(_PIECE.finditer(text), max(limit, 0)):
        end = piece.end()
    return text[:end]
