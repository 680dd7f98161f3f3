import io
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document

from tasks.core.errors import ConfigError
from tasks.write.docx.house import check_template
from tasks.write.docx.render import render_docx
from tests.write.docx.house import GREEN, TEXT_OF_ITS_OWN, logo, template
from tests.write.docx.rules import broken_rules
from tests.write.made import SOURCE, an_output

BODY = "# Terms\n\n1. one\n   - two\n\n> quote\n\n| a | b |\n|---|---|\n| c | d |\n\n[x](https://a.b)\n"


@pytest.fixture
def house(tmp_path: Path) -> Path:
    path = tmp_path / "house.docx"
    path.write_bytes(template())
    return path


def test_styles_header_logo_and_page_of_a_template_are_kept(house: Path) -> None:
    data = render_docx(an_output(BODY), SOURCE, template=house)
    document = Document(io.BytesIO(data))
    section = document.sections[0]
    pictures = [r.target_part.blob for r in section.header.part.rels.values()]

    assert document.styles["Heading 1"].font.color.rgb == GREEN
    assert document.styles["Normal"].font.name == "Georgia"
    assert section.header.paragraphs[0].text.strip() == "Harrow & Lisle LLP"
    assert section.footer.paragraphs[0].text == "Privileged and confidential"
    assert pictures == [logo()]
    assert section.page_width == Document(str(house)).sections[0].page_width
    assert broken_rules(data, styles=False) == []


def test_the_text_of_a_template_is_dropped_and_ours_is_in_its_styles(house: Path) -> None:
    document = Document(io.BytesIO(render_docx(an_output(BODY), SOURCE, template=house)))
    styles = {p.text: p.style.name for p in document.paragraphs if p.style}

    assert TEXT_OF_ITS_OWN not in styles
    assert styles["Terms"] == "Heading 1"
    assert (styles["one"], styles["two"]) == ("List Number", "List Bullet 2")


def test_what_a_template_lacks_is_added_in_its_own_face(house: Path) -> None:
    document = Document(io.BytesIO(render_docx(an_output(BODY), SOURCE, template=house)))

    assert document.styles["Table Text"].font.name is None
    assert document.styles["Table Text"].base_style == document.styles["Normal"]


def test_a_template_gives_the_same_bytes_each_time(house: Path) -> None:
    first, second = (render_docx(an_output(BODY), SOURCE, template=house) for _ in range(2))

    assert first == second


def test_a_template_without_lists_of_its_own_can_have_lists(house: Path) -> None:
    bare = house.with_name("bare.docx")
    with ZipFile(house) as source, ZipFile(bare, "w") as target:
        for name in source.namelist():
            if name == "word/numbering.xml":
                continue
            part = source.read(name)
            if name.endswith("document.xml.rels"):
                part = b"".join(p for p in _split(part) if b"relationships/numbering" not in p)
            target.writestr(name, part.replace(b'PartName="/word/numbering.xml"', b'PartName="/x"'))

    document = Document(io.BytesIO(render_docx(an_output(BODY), SOURCE, template=bare)))

    assert [p.text for p in document.paragraphs if p._p.xpath("w:pPr/w:numPr")][:2] == [
        "one",
        "two",
    ]


def _split(relations: bytes) -> list[bytes]:
    return [
        b"<Relationship " * (n > 0) + p for n, p in enumerate(relations.split(b"<Relationship "))
    ]


def test_a_word_template_file_serves_as_well(house: Path) -> None:
    dotx = house.with_suffix(".dotx")
    with ZipFile(house) as source, ZipFile(dotx, "w") as target:
        for name in source.namelist():
            kind = b"wordprocessingml.document.main+xml"
            part = source.read(name).replace(kind, kind.replace(b"document", b"template"))
            target.writestr(name, part)

    document = Document(io.BytesIO(render_docx(an_output(BODY), SOURCE, template=dotx)))

    assert document.styles["Heading 1"].font.color.rgb == GREEN


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x05\x06" + bytes(18), None])
def test_what_is_no_word_file_is_refused_by_name(data: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "house.docx"
    if data is not None:
        path.write_bytes(data)

    with pytest.raises(ConfigError, match=r"house\.docx: .*"):
        check_template(path)
