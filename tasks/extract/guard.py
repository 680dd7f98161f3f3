"""Text that a reader of the document does not see, and a model would: set apart and reported.

`Block.set_apart` begins with "hidden" for all such text, and says how it is hidden.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

RUNNING_HEAD = "running head"
HIDDEN_TEXT = "hidden text"
TOO_SMALL = "hidden text (too small to read)"
UNSEEN_COLOUR = "hidden text (in the colour of its background)"
OFF_PAGE = "hidden text (outside the page)"
NOT_SHOWN = "hidden text (not shown)"

_LEAST_CONTRAST = 1.2  # of 1 to 21; the faintest grey that people print has 1.4


@dataclass(frozen=True, slots=True)
class Hidden:
    """A finding: how some characters are hidden, how many they are, and on which page."""

    how: str
    size: int
    page: int | None


def is_hidden(set_apart: str | None) -> bool:
    """Tell hidden text from what is set apart for other reasons, as running heads are."""
    return set_apart is not None and set_apart.startswith("hidden")


def faint(colour: str, background: str) -> bool:
    """Tell whether text of one colour before another cannot be seen; both are RRGGBB.

    The measure is the contrast ratio of WCAG 2.2; a colour that is none is taken to be seen.
    """
    lights = [_luminance(each) for each in (colour, background)]
    if None in lights:
        return False
    low, high = sorted(light for light in lights if light is not None)
    return (high + 0.05) / (low + 0.05) < _LEAST_CONTRAST


def hidden_warnings(found: Iterable[Hidden], *, sent: bool) -> tuple[str, ...]:
    """Say how much text is hidden, how, and on which pages."""
    sizes: Counter[str] = Counter()
    pages: dict[str, set[int]] = {}
    for hidden in found:
        sizes[hidden.how] += hidden.size
        pages.setdefault(hidden.how, set()).update(() if hidden.page is None else (hidden.page,))
    fate = "sent, as was asked for" if sent else "set apart and not sent"
    return tuple(
        f"{size:,} characters of {how} are {fate}{_places(pages[how])}"
        for how, size in sizes.items()
    )


def _places(pages: set[int]) -> str:
    if not pages:
        return ""
    first = sorted(pages)[:10]
    more = f" and {len(pages) - len(first)} more" if len(pages) > len(first) else ""
    return f" (page{'s' if len(pages) > 1 else ''} {', '.join(map(str, first))}{more})"


def _luminance(colour: str) -> float | None:
    try:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    except ValueError:
        return None
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
