"""The look of our Word files: a serif text face, near-black headings, hairlines, much white.

The styles bear Word's own names, so that a person's template or a later change of style takes
hold.
"""

from dataclasses import dataclass

from docx.shared import Cm

from tasks.write.headings import DEEPEST_CONTENTS

TEXT_FONT = "Cambria"
HEADING_FONT = "Calibri"
CODE_FONT = "Courier New"
INK = "1F2A44"
GREY = "595959"
LINK_BLUE = "1F4E9E"

PAGE_WIDTH, PAGE_HEIGHT, MARGIN = Cm(21), Cm(29.7), Cm(2.5)
DEEPEST_HEADING = 9

_HEADING_SIZES_PT = (15, 12.5, 11.5, 11, 11, 11, 11, 11, 11)

# What Arabic and Hebrew are set in, and East Asian letters by language: text face, heading face.
RIGHT_TO_LEFT_FONTS = "Times New Roman", "Arial"
EAST_ASIAN_FONTS = {
    "ja-JP": ("Yu Mincho", "Yu Gothic"),
    "ko-KR": ("Batang", "Malgun Gothic"),
    "zh-TW": ("PMingLiU", "Microsoft JhengHei"),
    "zh-CN": ("SimSun", "Microsoft YaHei"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One style; lengths are in points, `line` in lines, `rules` name the sides with a hairline."""

    name: str
    kind: str = "paragraph"
    based_on: str | None = "Normal"
    font: str | None = None
    size: float | None = None
    bold: bool | None = None
    italic: bool | None = None
    underlined: bool = False
    raised: bool = False
    colour: str | None = None
    before: float | None = None
    after: float | None = None
    line: float = 1.15
    indents: tuple[float, float] | None = None
    hanging: float | None = None
    rules: tuple[tuple[str, int, int], ...] = ()
    shade: str | None = None
    kept_with_next: bool = False
    outline_level: int | None = None
    tab_right: bool = False
    following: str | None = None


def _box(space: int) -> tuple[tuple[str, int, int], ...]:
    return tuple((side, 4, space) for side in ("top", "left", "bottom", "right"))


def _heading(level: int) -> Look:
    """Tell headings apart by size and weight, not by colour."""
    return Look(
        name=f"heading {level}",
        font=HEADING_FONT,
        size=_HEADING_SIZES_PT[level - 1],
        bold=level <= 3,
        italic=level > 3,
        colour=INK,
        before=18 if level == 1 else 13,
        after=5,
        line=1.05,
        kept_with_next=True,
        outline_level=level - 1,
        following="Normal",
    )


def _contents(level: int) -> Look:
    return Look(
        name=f"toc {level}",
        font=HEADING_FONT,
        size=10.5,
        bold=level == 1,
        before=4 if level == 1 else 0,
        after=2,
        line=1.05,
        indents=(14 * (level - 1), 0),
        tab_right=True,
        following="Normal",
    )


def _running(name: str, *, above: bool) -> Look:
    return Look(
        name=name,
        font=HEADING_FONT,
        size=8.5,
        colour=GREY,
        before=0,
        after=0,
        line=1.0,
        rules=(("bottom", 4, 4),) if above else (),
        tab_right=True,
    )


LOOKS = (
    Look(name="Normal", based_on=None, font=TEXT_FONT, size=11, before=0, after=7),
    Look(
        name="Title",
        font=HEADING_FONT,
        size=21,
        bold=True,
        colour=INK,
        before=0,
        after=16,
        line=1.0,
        rules=(("bottom", 6, 6),),
        following="Normal",
    ),
    *(_heading(level) for level in range(1, DEEPEST_HEADING + 1)),
    *(
        Look(name=f"List {kind}{suffix}", before=0, after=3)
        for kind in ("Bullet", "Number", "Continue")
        for suffix in ("", " 2", " 3")
    ),
    Look(name="Quote", size=10.5, before=0, after=7, indents=(22, 22), rules=(("left", 12, 10),)),
    Look(
        name="Intense Quote",
        font=HEADING_FONT,
        size=10.5,
        colour=INK,
        before=0,
        after=12,
        line=1.1,
        indents=(7, 7),
        rules=_box(6),
        shade="F6F5F0",
    ),
    Look(
        name="Code",
        font=CODE_FONT,
        size=9,
        before=4,
        after=11,
        line=1.0,
        indents=(5, 5),
        rules=_box(4),
        shade="F7F7F7",
    ),
    Look(name="Table Text", font=HEADING_FONT, size=10, before=2, after=2, line=1.05),
    Look(name="Table Heading", based_on="Table Text", bold=True, colour=INK, kept_with_next=True),
    Look(name="Table Text Narrow", based_on="Table Text", size=8.5),
    Look(name="Table Heading Narrow", based_on="Table Heading", size=8.5),
    Look(name="Rule", size=4, before=0, after=9, line=1.0, rules=(("bottom", 6, 1),)),
    Look(name="Table Gap", size=6, before=0, after=0, line=1.0),
    Look(
        name="TOC Heading",
        font=HEADING_FONT,
        size=12.5,
        bold=True,
        colour=INK,
        before=6,
        after=3,
        line=1.05,
        kept_with_next=True,
    ),
    *(_contents(level) for level in range(1, DEEPEST_CONTENTS + 1)),
    Look(name="footnote text", size=9, before=0, after=2, line=1.0, indents=(11, 0), hanging=11),
    _running("header", above=True),
    _running("footer", above=False),
    Look(name="footnote reference", kind="character", based_on=None, raised=True),
    Look(name="Inline Code", kind="character", based_on=None, font=CODE_FONT, size=9.5),
    Look(name="Hyperlink", kind="character", based_on=None, colour=LINK_BLUE, underlined=True),
)
