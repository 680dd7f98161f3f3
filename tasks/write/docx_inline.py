"""Text within a paragraph of a Word file: emphasis, code, links, line breaks."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from markdown_it.token import Token

from tasks.write.clean import reads_right_to_left
from tasks.write.docx_styles import style_id
from tasks.write.inner import is_safe_target


@dataclass(frozen=True, slots=True)
class _Manner:
    """How the next text is to be set; emphasis counts, since it may be nested."""

    strong: int = 0
    emphasis: int = 0
    target: str | None = None


_STEPS = {"strong_open": (1, 0), "strong_close": (-1, 0), "em_open": (0, 1), "em_close": (0, -1)}


def add_inline(paragraph: Paragraph, tokens: Iterable[Token]) -> None:
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
    set_direction(paragraph)


def set_direction(paragraph: Paragraph) -> None:
    """Set a paragraph that begins in Hebrew, Arabic or the like from right to left."""
    if reads_right_to_left(paragraph.text):
        paragraph._p.get_or_add_pPr().insert_element_before(
            OxmlElement("w:bidi"), "w:spacing", "w:ind", "w:jc", "w:rPr"
        )
        for run in paragraph._p.iter(qn("w:r")):
            run.get_or_add_rPr().append(OxmlElement("w:rtl"))


def _add_run(paragraph: Paragraph, token: Token, manner: _Manner) -> None:
    """Add the run that a token stands for."""
    text = {"softbreak": " ", "hardbreak": "\n"}.get(token.type, token.content)
    run = paragraph.add_run(text)
    if token.type == "code_inline":
        _set_run_style(run, "Inline Code")
    run.bold = True if manner.strong else None
    run.italic = True if manner.emphasis else None
    if manner.target is not None and is_safe_target(manner.target):
        _link(run, paragraph, manner.target)


def _link(run: Run, paragraph: Paragraph, target: str) -> None:
    """Move a run into a link, the one before it where that leads to the same place."""
    reference = paragraph.part.relate_to(target, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    before = run._r.getprevious()
    if before is None or before.tag != qn("w:hyperlink") or before.get(qn("r:id")) != reference:
        before = OxmlElement("w:hyperlink")
        before.set(qn("r:id"), reference)
        run._r.addprevious(before)
    before.append(run._r)
    if run.style is None or run.style.style_id != style_id("Inline Code"):
        _set_run_style(run, "Hyperlink")


def _set_run_style(run: Run, name: str) -> None:
    run._r.style = style_id(name)
