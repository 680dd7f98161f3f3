import io
from pathlib import Path
from typing import Any

import pypdf
import pypdfium2
import pytest

from tasks.core.documents import Document
from tasks.core.errors import DamagedError, EncryptedError, LimitError, NeedsOcrError
from tasks.extract.limits import ExtractionLimits
from tasks.extract.pdf import page as pdf_page
from tasks.extract.pdf import reader as pdf_room
from tasks.extract.pdf import second as pdf_second
from tasks.extract.pdf.lines import read as pdf_lines
from tasks.extract.pdf.lines.line import Line
from tasks.extract.reader import At, Request, Stopped
from tests.benchmarks.pdf_text import score, with_ours
from tests.extract.documents import read_pdf
from tests.extract.pdf.files import blank_pdf, locked_pdf, picture_pdf, text_pdf

LIMITS = ExtractionLimits()


def body(document: Document) -> list[str]:
    return [document.text_of(b) for b in document.blocks if b.set_apart is None]


def with_annotations(data: bytes, *annotations: dict[str, object]) -> bytes:
    writer = pypdf.PdfWriter(io.BytesIO(data))
    for annotation in annotations:
        entry = pypdf.generic.DictionaryObject()
        for key, value in annotation.items():
            entry[pypdf.generic.NameObject(key)] = value
        rect = [pypdf.generic.NumberObject(n) for n in (10, 10, 90, 40)]
        entry[pypdf.generic.NameObject("/Rect")] = pypdf.generic.ArrayObject(rect)
        writer.add_annotation(0, entry)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def annotation(kind: str, key: str, text: str, flags: int = 4) -> dict[str, object]:
    return {
        "/Subtype": pypdf.generic.NameObject(kind),
        key: pypdf.generic.TextStringObject(text),
        "/F": pypdf.generic.NumberObject(flags),
    }


def test_reads_pages_in_order_with_their_spans() -> None:
    document = read_pdf(text_pdf(["The first.\n\nIt has two.", "The second."]), LIMITS)

    assert document.text == "The first.\n\nIt has two.\n\nThe second."
    assert [b.page for b in document.blocks] == [1, 1, 2]
    assert [document.text_of(p).strip() for p in document.pages] == [
        "The first.\n\nIt has two.",
        "The second.",
    ]


def test_the_outline_makes_headings() -> None:
    document = read_pdf(text_pdf(["some text", "more"], titles=["Scope", "Price"]), LIMITS)

    assert [(b.kind.value, b.level, document.text_of(b)) for b in document.blocks] == [
        ("heading", 1, "Scope"),
        ("paragraph", None, "some text"),
        ("heading", 1, "Price"),
        ("paragraph", None, "more"),
    ]


def test_sets_running_heads_apart_and_keeps_them_in_the_text() -> None:
    pages = [f"Text of chapter {word}." for word in ("one", "two", "three", "four", "five")]
    document = read_pdf(text_pdf(pages, head="The Contract", foot="page {n} of 5"), LIMITS)

    assert body(document) == pages
    apart = [document.text_of(b) for b in document.blocks if b.set_apart == "running head"]
    assert apart == [t for n in range(1, 6) for t in ("The Contract", f"page {n} of 5")]


def test_a_password_is_asked_for_and_used() -> None:
    data = locked_pdf("secret text", user_password="pw")

    with pytest.raises(EncryptedError, match="locked with a password"):
        read_pdf(data, LIMITS)
    with pytest.raises(EncryptedError, match="the password is wrong"):
        read_pdf(data, LIMITS, password="other")
    assert read_pdf(data, LIMITS, password="pw").text == "secret text"


def test_a_file_that_is_only_copy_protected_opens() -> None:
    assert read_pdf(locked_pdf("open text", user_password=""), LIMITS).text == "open text"


def test_pages_that_are_pictures_need_ocr() -> None:
    with pytest.raises(NeedsOcrError, match="without a text layer"):
        read_pdf(picture_pdf(), LIMITS)


def test_a_stamped_scan_is_still_a_scan() -> None:
    with pytest.raises(NeedsOcrError):
        read_pdf(picture_pdf(stamps=[f"ACME-{n:04}" for n in range(1, 7)]), LIMITS)


def test_one_scanned_page_among_others_is_named() -> None:
    writer = pypdf.PdfWriter()
    for data in (text_pdf(["typed text"]), picture_pdf(), blank_pdf()):
        writer.append(io.BytesIO(data))
    out = io.BytesIO()
    writer.write(out)
    document = read_pdf(out.getvalue(), LIMITS)

    assert [page.problem for page in document.pages] == [None, "needs OCR", None]
    assert document.warnings == ("page 2: needs OCR",)


def test_a_blank_document_is_no_scan_and_says_so() -> None:
    document = read_pdf(blank_pdf(), LIMITS)

    assert (document.text, document.pages[0].problem) == ("", None)
    assert document.warnings == ("there is no text: every page is blank",)


@pytest.mark.parametrize("data", [b"%PDF-1.7", b"%PDF-1.4\n" + b"junk" * 500])
def test_what_no_reader_opens_is_damaged(data: bytes) -> None:
    with pytest.raises(DamagedError, match="broken beyond repair"):
        read_pdf(data, LIMITS)


def test_a_file_cut_short_still_gives_what_is_there() -> None:
    data = text_pdf(["first page", "second page"])

    assert "first page" in read_pdf(data[: data.rindex(b"xref")], LIMITS).text


def test_one_bad_page_does_not_lose_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = pdf_lines.read_lines

    def second_fails(*page: Any) -> tuple[Line, ...]:
        lines = whole(*page)
        if lines[0].text == "second":
            raise pypdfium2.PdfiumError("odd page")
        return lines

    monkeypatch.setattr(pdf_page, "read_lines", second_fails)
    monkeypatch.setattr(pdf_room, "second_opinions", lambda *_, **__: {})
    document = read_pdf(text_pdf(["first", "second", "third"]), LIMITS)

    assert body(document) == ["first", "third"]
    assert document.pages[1].problem == "cannot be read (odd page)"


def test_the_second_reader_is_asked_for_a_page_that_the_first_cannot_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pdf_page, "read_lines", lambda *_: (Line("\ufffd\ufffd\ufffd"),))
    document = read_pdf(text_pdf(["read by the second"]), LIMITS)

    assert body(document) == ["read by the second"]
    assert document.pages[0].problem is None


def test_what_the_first_reader_read_is_told_before_the_second_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pdf_page, "read_lines", lambda *_: (Line("half \ufffd\ufffd\ufffd\ufffd"),))
    asked: list[str] = []

    def second(*_: object, **__: object) -> dict[int, tuple[Line, ...]]:
        asked.append("second")
        return {}

    monkeypatch.setattr(pdf_room, "second_opinions", second)
    parts = []
    for part in pdf_room.read_pdf(text_pdf(["x"]), Request()):
        assert not asked
        parts.append(part)
    document = pdf_room.build_pdf(parts, Request())

    assert asked == ["second"]
    assert document.pages[0].problem == "needs OCR: 50% of its characters are unknown"


def test_the_second_reader_stops_when_its_time_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(*_: object) -> str:
        while True:
            pass

    monkeypatch.setattr(pypdf.PageObject, "extract_text", endless)
    found = pdf_second.second_opinions(text_pdf(["x"]), [0], password=None, budget_s=0.05)

    assert found == {}


def test_a_file_that_only_the_second_reader_opens_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise pypdfium2.PdfiumError("format", err_code=3)

    monkeypatch.setattr(pypdfium2, "PdfDocument", refuse)
    data = text_pdf(["first", "second"])

    assert body(read_pdf(data, LIMITS)) == ["first", "second"]
    with pytest.raises(LimitError, match="more than 1 pages"):
        read_pdf(data, ExtractionLimits(max_pages=1))


def test_refuses_more_pages_than_the_limit() -> None:
    with pytest.raises(LimitError, match="more than 2 pages"):
        read_pdf(text_pdf(["a", "b", "c"]), ExtractionLimits(max_pages=2))


def test_tells_each_page_that_it_comes_to() -> None:
    parts = pdf_room.read_pdf(text_pdf(["a", "b", "c"]), Request())

    assert [part.page for part in parts if isinstance(part, At)] == [1, 2, 3]


def test_pages_that_were_read_before_it_was_stopped_are_kept() -> None:
    parts = list(pdf_room.read_pdf(text_pdf(["a", "b", "c"]), Request()))
    before = parts[: parts.index(At(3))]
    stopped = Stopped("it took too long.", page=3)
    document = pdf_room.build_pdf([*before, stopped], Request())

    assert body(document) == ["a", "b"]
    assert "at page 3 (it took too long.)" in "; ".join(document.unread)


def test_reads_what_was_typed_into_a_form_and_noted_on_the_page() -> None:
    document = read_pdf(
        with_annotations(
            text_pdf(["Name of the tenant:"]),
            annotation("/Widget", "/V", "Ada Łovelace"),
            annotation("/Text", "/Contents", "check this"),
            annotation("/FreeText", "/Contents", "not shown", flags=2),
            annotation("/Link", "/Contents", "ignored"),
        ),
        LIMITS,
    )

    assert [(b.kind.value, b.set_apart, document.text_of(b)) for b in document.blocks] == [
        ("paragraph", None, "Name of the tenant:"),
        ("paragraph", None, "Ada Łovelace"),
        ("comment", None, "check this"),
        ("paragraph", "hidden note", "not shown"),
    ]


def test_a_stamp_on_a_blank_page_is_a_picture() -> None:
    data = with_annotations(blank_pdf(), annotation("/Stamp", "/Contents", ""))
    with pytest.raises(NeedsOcrError):
        read_pdf(data, LIMITS)


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["2201.00029", "2201.00200"])
def test_the_text_of_real_papers_is_close_to_the_truth(name: str, corpus: Path) -> None:
    paper = corpus / "pdf-truth" / f"{name}.pdf"
    measured = score(with_ours, paper, paper.with_suffix(".txt").read_text("utf-8"))

    assert measured.similarity > 0.98
    assert measured.f1 > 0.98
