"""Fields of Word files: what their codes link to, and the values of old-style forms."""

import re

from tasks.extract.xml import Element, W, number_of, switch_of

_ARGUMENT = re.compile(r'"([^"]*)"|(\\[a-zA-Z])|([^\s"]+)')
_WITH_VALUE = {"\\l", "\\o", "\\t"}  # switches of HYPERLINK that take an argument


def link_target(code: str) -> str | None:
    """Give where a field with this code leads, None where it is no link."""
    words = [(quoted or bare, switch) for quoted, switch, bare in _ARGUMENT.findall(code)]
    if not words or words[0][0].upper() != "HYPERLINK":
        return None
    address = place = ""
    before = ""
    for word, switch in words[1:]:
        if before == "\\l":
            place = word
        elif not switch and before not in _WITH_VALUE:
            address = address or word
        before = switch
    return (address + (f"#{place}" if place else "")) or None


def form_value(field_start: Element) -> str:
    """Give what an old-style form field shows by itself: a box, or what was chosen of a list."""
    data = field_start.find(f"{W}ffData")
    if data is None:
        return ""
    box = data.find(f"{W}checkBox")
    if box is not None:
        checked = switch_of(box, f"{W}checked")
        return "☒" if (switch_of(box, f"{W}default") if checked is None else checked) else "☐"
    choices = data.find(f"{W}ddList")
    if choices is None:
        return ""
    chosen = number_of(choices, f"{W}result")
    chosen = number_of(choices, f"{W}default") if chosen is None else chosen
    entries = [entry.get(f"{W}val", "") for entry in choices.iterfind(f"{W}listEntry")]
    return entries[chosen or 0] if 0 <= (chosen or 0) < len(entries) else ""
