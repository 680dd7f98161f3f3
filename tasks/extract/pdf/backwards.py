"""Words of scripts that run from right to left, drawn from left to right.

Some programs write the letters of such a word in the order in which they stand on the page. Where
they stand tells in which order they are read.
"""

import re
from collections.abc import Callable

from tasks.extract.pdf.chars import Edits

_WORD = re.compile(
    "[\u0590-\u05ff\u0620-\u065f\u066e-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]{2,}"
)
_STEP_PT = 0.5  # less is a line that runs up or down


def find_backwards(text: str, centre: Callable[[int], float]) -> Edits:
    """Turn the words round whose letters go from left to right; `centre` tells where one stands."""
    edits: Edits = {}
    for word in _WORD.finditer(text):
        first, last = word.start(), word.end() - 1
        if centre(last) - centre(first) > _STEP_PT * (last - first):
            edits.update(zip(range(first, last + 1), reversed(word[0]), strict=True))
    return edits
