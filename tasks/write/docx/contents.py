"""The table of contents of a Word file: a field, and what it shows until Word counts the pages.

What is shown first are links without page numbers, since only a word processor knows the pages, and
a wrong number is worse than none. Word puts them in when the field is updated (F9).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tasks.write.docx.sheet import Sheet
from tasks.write.docx.xml import Paragraph, run
from tasks.write.headings import DEEPEST_CONTENTS

_TITLE = "Contents"

_BEGIN = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> '
    f'TOC \\o "1-{DEEPEST_CONTENTS}" \\h \\z \\u </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
)
_END = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading of the document; `number` counts them from 1."""

    level: int
    text: str
    number: int

    @property
    def name(self) -> str:
        """Give the name that links lead to, in the form that Word itself gives."""
        return f"_Toc{self.number:09d}"

    def bookmarked(self, content: str) -> str:
        """Put the name around the heading's content."""
        mark = f'w:id="{self.number}"'
        start = f'<w:bookmarkStart {mark} w:name="{self.name}"/>'
        return f"{start}{content}<w:bookmarkEnd {mark}/>"


def contents(headings: Sequence[Heading], sheet: Sheet) -> str:
    """Write the table of contents of a document's headings."""
    shown = [heading for heading in headings if heading.level <= DEEPEST_CONTENTS]
    entries = [f'<w:hyperlink w:anchor="{h.name}">{run(h.text)}</w:hyperlink>' for h in shown]
    entries[0] = _BEGIN + entries[0]
    entries[-1] += _END
    title = Paragraph(style=sheet.id("TOC Heading"), content=run(_TITLE))
    lines = (
        Paragraph(style=sheet.id(f"toc {h.level}"), content=entry, text=h.text)
        for h, entry in zip(shown, entries, strict=True)
    )
    return "".join(map(str, (title, *lines)))
