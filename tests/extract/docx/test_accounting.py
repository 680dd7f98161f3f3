"""No character of a Word file is lost, and none comes twice: counted straight from its XML."""

import contextlib
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.core.errors import InputError
from tasks.extract.characters import clean
from tasks.extract.limits import ExtractionLimits
from tests.corpora import CORPORA
from tests.extract.documents import read_docx
from tests.extract.docx.building import docx, p, part, r, row, tc
from tests.extract.docx.package_text import characters, texts_in

PATHS = sorted((CORPORA / "docx").glob("*.docx")) or [CORPORA]  # skipped where it is absent


@pytest.mark.corpus
@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_real_files_lose_no_character_and_say_nothing_twice(path: Path, corpus: Path) -> None:
    data = path.read_bytes()
    expected = texts_in(data)
    text = read_docx(data, ExtractionLimits()).text

    assert characters(clean("".join(expected))[0]) - characters(text) == Counter()
    shown = " ".join(text.replace("\\|", "|").split())
    dense, whole = "".join(shown.split()), "".join("".join(expected).split())
    for run in {" ".join(clean(t)[0].split()) for t in expected}:
        assert run in shown
        if len(run) > 20:  # shorter ones may stand inside what we add, as in a label
            assert dense.count("".join(run.split())) <= whole.count("".join(run.split()))


words = st.text(st.sampled_from("ab|\\ é漢0"), min_size=1, max_size=6)
runs = st.builds(
    r, words, st.sampled_from(["", "<w:vanish/>", '<w:rStyle w:val="none"/>', "<w:b/>"])
)
breaks = st.sampled_from(
    [
        "<w:r><w:br/></w:r>",
        '<w:r><w:br w:type="page"/></w:r>',
        "<w:r><w:lastRenderedPageBreak/></w:r>",
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>',
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>',
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
        '<w:r><w:footnoteReference w:id="1"/></w:r>',
        "<w:r><w:tab/></w:r>",
    ]
)
wrappers = ["w:ins", "w:del", "w:hyperlink", "w:smartTag", "w:fldSimple", "w:moveTo", "w:bdo"]


def wrapped(inner: list[str], tag: str) -> str:
    return f"<{tag}>{''.join(inner)}</{tag}>"


inlines = st.recursive(
    runs | breaks,
    lambda children: st.builds(wrapped, st.lists(children, max_size=3), st.sampled_from(wrappers)),
    max_leaves=6,
)
marks = st.sampled_from(
    ["", "", "<w:rPr><w:del/></w:rPr>", '<w:numPr><w:numId w:val="1"/></w:numPr>', "<w:sectPr/>"]
)
paragraphs = st.builds(
    lambda inner, mark: p("".join(inner), mark), st.lists(inlines, min_size=1, max_size=4), marks
)
text_box = (
    "<w:p><w:r><w:pict><v:textbox><w:txbxContent>{}</w:txbxContent>"
    "</v:textbox></w:pict></w:r></w:p>"
)
blocks = st.recursive(
    paragraphs,
    lambda children: st.one_of(
        st.lists(
            st.lists(children, min_size=1, max_size=3).map(lambda cells: row(*map(tc, cells))),
            min_size=1,
            max_size=2,
        ).map(lambda rows: wrapped(rows, "w:tbl")),
        children.map(lambda inner: f"<w:sdt><w:sdtContent>{inner}</w:sdtContent></w:sdt>"),
        children.map(text_box.format),
    ),
    max_leaves=8,
)


@given(st.lists(blocks, max_size=5))
def test_no_structure_loses_a_character(body: list[str]) -> None:
    note = part("w:footnotes", f'<w:footnote w:id="1">{p("a note")}</w:footnote>')
    data = docx("".join(body), parts={"word/footnotes.xml": note}, footnotes="footnotes.xml")
    expected = characters("".join(texts_in(data)))
    found = characters(read_docx(data, ExtractionLimits()).text)
    assert expected - found == Counter()
    # Tables bring bars, dashes and escapes of their own; all else comes once.
    assert set(found - expected) <= set("|-\\;")


@given(st.lists(blocks, max_size=4), st.integers(0, 5000), st.binary(max_size=4))
def test_damage_ends_in_a_named_error_or_a_document(body: list[str], at: int, noise: bytes) -> None:
    data = docx("".join(body))
    damaged = data[: at % len(data)] + noise + data[at % len(data) + len(noise) :]
    with contextlib.suppress(InputError):
        document = read_docx(damaged, ExtractionLimits())
        assert all(document.text_of(block).strip() for block in document.blocks)
