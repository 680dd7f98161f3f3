import io

from docx import Document
from docx.oxml.ns import qn

from tasks.write.docx.render import render_docx
from tests.write.docx.rules import broken_rules
from tests.write.made import SOURCE, an_output

LONG = "".join(f"## Part {n} & more\n\n{'word ' * 400}\n\n### Detail\n\ntext\n\n" for n in range(6))


def entries(body: str) -> list[tuple[str, str]]:
    document = Document(io.BytesIO(render_docx(an_output(body), SOURCE)))
    styles = ((p.style.name if p.style else "", p.text) for p in document.paragraphs)
    return [(name, text) for name, text in styles if name.lower().startswith("toc")]


def test_a_long_text_has_contents_that_lead_to_its_headings() -> None:
    shown = entries(LONG)
    data = render_docx(an_output(LONG), SOURCE)
    body = Document(io.BytesIO(data)).element.body

    assert shown[:3] == [
        ("TOC Heading", "Contents"),
        ("toc 1", "Part 0 & more"),
        ("toc 2", "Detail"),
    ]
    assert len(shown) == 13
    assert len(list(body.iter(qn("w:bookmarkStart")))) == 12
    assert 'TOC \\o "1-3"' in "".join(i.text for i in body.iter(qn("w:instrText")))
    assert broken_rules(data) == []


def test_a_short_text_has_none() -> None:
    assert entries("## A\n\ntext\n\n## B\n\n## C\n\n## D\n\n## E\n") == []
    assert entries("word " * 4000) == []
