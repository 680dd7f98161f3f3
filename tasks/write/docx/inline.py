"""Text within a paragraph of a Word file: emphasis, code, links, line breaks."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.rel import Relationships
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from markdown_it.token import Token

from tasks.write.clean import clean, reads_right_to_left
from tasks.write.docx.styles import style_id
from tasks.write.inner import is_safe_target


@dataclass(frozen=True, slots=True)
class _Manner:
    """How the next text is to be set; emphasis counts, since it may be nested."""

    strong: int = 0
    emphasis: int = 0
    target: str | None = None


_STEPS = {"strong_open": (1, 0), "strong_close": (-1, 0), "em_open": (0, 1), "em_close": (0, -1)}


def add_inline(paragraph: Paragraph, tokens: Sequence[Token]) -> None:
    """Set the content of an inline token into a paragraph."""
    manner = _Manner()
    for token in tokens:
        if token.type in _STEPS:
            strong, emphasis = _STEPS[token.type]
            manner = replace(
                manner, strong=manner.strong + strong, emphasis=manner.emphasis + emphasis
            )
        elif token.type == "link_open":
            manner = replace(manner, target=str(token.attrs.get("href", "")))
        elif token.type == "link_close":
            manner = replace(manner, target=None)
        else:
            _add_run(paragraph, token, manner)
    set_direction(paragraph, "".join(token.content for token in tokens))


def set_direction(paragraph: Paragraph, text: str) -> None:
    """Set a paragraph whose text begins in Hebrew, Arabic or the like from right to left."""
    if reads_right_to_left(text):
        paragraph._p.get_or_add_pPr().insert_element_before(
            OxmlElement("w:bidi"), "w:spacing", "w:ind", "w:jc", "w:rPr"
        )
        for run in paragraph._p.iter(qn("w:r")):
            run.get_or_add_rPr().append(OxmlElement("w:rtl"))


def _add_run(paragraph: Paragraph, token: Token, manner: _Manner) -> None:
    """Add the run that a token stands for."""
    text = {"softbreak": " ", "hardbreak": "\n"}.get(token.type, token.content)
    run = paragraph.add_run(clean(text))  # an entity may have brought what was cleaned before
    if token.type == "code_inline":
        run._r.style = style_id("Inline Code")
    if manner.strong:
        run.bold = True
    if manner.emphasis:
        run.italic = True
    if manner.target is not None and is_safe_target(manner.target):
        _link(run, paragraph, manner.target)


def _link(run: Run, paragraph: Paragraph, target: str) -> None:
    """Move a run into a link, the one before it where that leads to the same place."""
    reference = _reference(paragraph.part.rels, target)
    before = run._r.getprevious()
    if before is None or before.tag != qn("w:hyperlink") or before.get(qn("r:id")) != reference:
        before = OxmlElement("w:hyperlink")
        before.set(qn("r:id"), reference)
        run._r.addprevious(before)
    before.append(run._r)
    run._r.style = run._r.style or style_id("Hyperlink")


def _reference(relationships: Relationships, target: str) -> str:
    """Give the identifier of a link's target, made from the target since a search would be slow."""
    reference = f"link{hashlib.sha256(target.encode()).hexdigest()[:24]}"
    if reference not in relationships:
        kind = RELATIONSHIP_TYPE.HYPERLINK
        relationships.add_relationship(kind, target, reference, is_external=True)
    return reference
