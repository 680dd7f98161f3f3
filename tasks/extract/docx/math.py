"""Equations (OMML) as one line of text: `(a+b)/c`, `x^2`, `√(y)`."""

from collections.abc import Callable, Iterator

from tasks.extract.xml import Element, M, W

_DELETED = {f"{W}del", f"{W}moveFrom"}


def linear(math: Element) -> str:
    """Write an equation as linear text; every character of its `m:t` is in it."""
    writer = _WRITERS.get(math.tag)
    return writer(math) if writer else _inside(math)


def take_out(math: Element, unseen: Callable[[Element], str | None]) -> Iterator[tuple[str, str]]:
    """Take the runs out of an equation that nobody sees, and give why and what each says."""
    for run in math.iter(f"{M}r"):
        reason = unseen(run)
        for text in run.iter(f"{M}t") if reason else ():
            yield str(reason), text.text or ""
            text.text = ""


def _inside(parent: Element) -> str:
    if parent.tag in (f"{M}t", f"{W}t"):
        return parent.text or ""
    return "".join(linear(child) for child in parent if child.tag not in _DELETED)


def _part(parent: Element, name: str) -> str:
    """Give the text of a named argument such as `m:num`."""
    child = parent.find(f"{M}{name}")
    return "" if child is None else _inside(child)


def _grouped(text: str) -> str:
    """Put brackets around what would otherwise read as several arguments."""
    bare = text.strip()
    return bare if len(bare) <= 1 or bare.isalnum() else f"({bare})"


def _property(parent: Element, name: str, default: str) -> str:
    """Give a character from the element's own `…Pr`, such as the sign of a sum."""
    local = parent.tag.rpartition("}")[2]
    found = parent.find(f"{M}{local}Pr/{M}{name}")
    return default if found is None else found.get(f"{M}val", "")


def _fraction(math: Element) -> str:
    bar = "¦" if _property(math, "type", "bar") == "noBar" else "/"
    return f"{_grouped(_part(math, 'num'))}{bar}{_grouped(_part(math, 'den'))}"


def _scripted(math: Element) -> str:
    """Write sub- and superscripts and limits, whichever the element has."""
    low = _part(math, "sub") or (_part(math, "lim") if math.tag == f"{M}limLow" else "")
    high = _part(math, "sup") or (_part(math, "lim") if math.tag == f"{M}limUpp" else "")
    scripts = (f"_{_grouped(low)}" if low else "") + (f"^{_grouped(high)}" if high else "")
    base = _part(math, "e")
    return f"{scripts}{base}" if math.tag == f"{M}sPre" else f"{base}{scripts}"


def _root(math: Element) -> str:
    return f"{_part(math, 'deg')}√{_grouped(_part(math, 'e'))}"


def _big_operator(math: Element) -> str:
    low, high = _part(math, "sub"), _part(math, "sup")
    limits = (f"_{_grouped(low)}" if low else "") + (f"^{_grouped(high)}" if high else "")
    return f"{_property(math, 'chr', '∫')}{limits} {_part(math, 'e')}"


def _delimited(math: Element) -> str:
    separator = _property(math, "sepChr", "|")
    inner = separator.join(_inside(item) for item in math.iterfind(f"{M}e"))
    return f"{_property(math, 'begChr', '(')}{inner}{_property(math, 'endChr', ')')}"


def _function(math: Element) -> str:
    return f"{_part(math, 'fName')} {_part(math, 'e')}"


def _accented(math: Element) -> str:
    return _part(math, "e") + _property(math, "chr", "\u0302")


def _matrix(math: Element) -> str:
    rows = math.iterfind(f"{M}mr")
    return "; ".join(", ".join(_inside(e) for e in row.iterfind(f"{M}e")) for row in rows)


def _lines(math: Element) -> str:
    return "; ".join(_inside(item) for item in math.iterfind(f"{M}e"))


_WRITERS: dict[str, Callable[[Element], str]] = {
    f"{M}f": _fraction,
    f"{M}sSub": _scripted,
    f"{M}sSup": _scripted,
    f"{M}sSubSup": _scripted,
    f"{M}sPre": _scripted,
    f"{M}limLow": _scripted,
    f"{M}limUpp": _scripted,
    f"{M}rad": _root,
    f"{M}nary": _big_operator,
    f"{M}d": _delimited,
    f"{M}func": _function,
    f"{M}acc": _accented,
    f"{M}m": _matrix,
    f"{M}eqArr": _lines,
}
