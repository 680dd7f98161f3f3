"""Put plain text into Markdown so that it reads as it is and means nothing."""

import re

from tasks.write.clean import one_line

_MEANING = re.compile(
    r"""
      [\\`*\[\]<|~]             # code, emphasis, links, HTML, tables
    | (?<![^\W_])_|_(?![^\W_])  # an underscore inside a word is only an underscore
    | &(?=[\#a-zA-Z])           # an entity
    | ^[>\#+=-]                 # a quote, heading, list or rule at the start
    """,
    re.VERBOSE,
)
_LIST_NUMBER = re.compile(r"^([0-9]{1,9})([.)])(?=\s|$)")


def escaped(text: str) -> str:
    """Give a text as one line of Markdown without any markup, fit for a table's cell too."""
    marked = _MEANING.sub(lambda found: "\\" + found[0], one_line(text))
    return _LIST_NUMBER.sub(r"\1\\\2", marked)
