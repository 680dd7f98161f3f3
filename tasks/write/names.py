"""File names that every system takes and that cannot leave their folder."""

import re
import unicodedata

from tasks.core.errors import ConfigError

NAMES = "{stem}.{recipe}"
"""The pattern of output names, before the format's extension."""

MAX_STEM_BYTES = 120
MAX_RECIPE_BYTES = 60
MAX_PATTERN_BYTES = 50

_SEPARATORS = '<>:"/\\|?*'
_JOINERS = "\u200c\u200d"  # they shape letters and emoji and are part of the text
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\.|$)", re.I)


def safe_stem(text: str, *, max_bytes: int = MAX_STEM_BYTES) -> str:
    """Make a text the stem of a file name, at most `max_bytes` long in UTF-8, never empty."""
    kept = unicodedata.normalize("NFC", "".join(map(_safe_character, text)))
    stem = _trimmed(_cut(_trimmed(kept), max_bytes)) or "document"
    return _cut(f"_{stem}", max_bytes).rstrip(". ") if _RESERVED.match(stem) else stem


def numbered(stem: str, number: int) -> str:
    """Give the `number`-th name for a stem that several sources share; the first is the stem."""
    if number == 1:
        return stem
    suffix = f"-{number}"
    return _trimmed(_cut(stem, MAX_STEM_BYTES - len(suffix))) + suffix


def named(pattern: str, *, stem: str, recipe: str) -> str:
    """Give the name of an output by a pattern; its stem and recipe are safe already."""
    return pattern.replace("{recipe}", recipe).replace("{stem}", stem)


def check_pattern(pattern: str) -> None:
    """Refuse a pattern whose names would not tell sources apart, or would not fit any system."""
    if "{stem}" not in pattern:
        raise ConfigError(f"the name pattern {pattern!r} lacks {{stem}}, the name of the source")
    if pattern.count("{stem}") > 1 or pattern.count("{recipe}") > 1:
        raise ConfigError(f"the name pattern {pattern!r} gives names that are too long: once each")
    tried = named(pattern, stem="stem", recipe="recipe")
    if "{" in tried or safe_stem(tried) != tried:
        raise ConfigError(
            f"the name pattern {pattern!r} gives names that some system refuses: use letters, "
            "digits, spaces, dots, - and _, with {stem} and {recipe} for the source and the recipe"
        )
    if len(pattern.encode()) > MAX_PATTERN_BYTES:
        raise ConfigError(f"the name pattern is longer than {MAX_PATTERN_BYTES} bytes: shorten it")


def folded(name: str) -> str:
    """Give the form under which file systems that ignore case and composition see a name."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())


def _safe_character(character: str) -> str:
    """Replace what some system refuses, and drop what cannot be seen."""
    if character in _SEPARATORS:
        return "_"
    if character in _JOINERS:
        return character
    category = unicodedata.category(character)
    if category in {"Zl", "Zp", "Zs"}:
        return " "
    if category == "Cf":
        return ""
    return "_" if category in {"Cc", "Cs"} or ord(character) & 0xFFFE == 0xFFFE else character


def _trimmed(stem: str) -> str:
    """Cut dots and spaces off both ends: hidden on one system, dropped on another."""
    return stem.strip(". ")


def _cut(stem: str, max_bytes: int) -> str:
    """Shorten to a length in bytes without splitting a letter from its accents."""
    if len(stem.encode()) <= max_bytes:
        return stem
    short = stem.encode()[:max_bytes].decode(errors="ignore")
    end = len(short)
    while end > 1 and _continues(stem[end]):
        end -= 1
    return stem[:end]


def _continues(character: str) -> bool:
    """Say whether a character belongs to the one before it."""
    return character in _JOINERS or unicodedata.category(character).startswith("M")
