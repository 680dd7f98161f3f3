"""What a paragraph of a Word file holds, as it is being read."""

from dataclasses import dataclass, field

from tasks.extract.docx.look import Look
from tasks.extract.xml import Element


@dataclass(slots=True)
class Inline:
    """See the module.

    `hidden` is text with the reason why nobody sees it; `codes` is text inside the instruction of a
    field. `boxes` are text boxes that hang on the paragraph, `drawn` the relationships of charts
    and diagrams, both with the look of the run around them; `references` are (kind, id) of notes
    and comments.
    """

    visible: list[str] = field(default_factory=list)
    hidden: list[tuple[str, str]] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    boxes: list[tuple[Element, Look]] = field(default_factory=list)
    drawn: list[tuple[str, Look]] = field(default_factory=list)
    references: list[tuple[str, str]] = field(default_factory=list)
