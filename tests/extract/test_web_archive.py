import pytest

from tasks.core.errors import DamagedError
from tasks.extract.web_archive import READER
from tests.extract.documents import read_docx, read_with
from tests.extract.docx.building import docx

ARCHIVE = """From: <Saved by a browser>
MIME-Version: 1.0
Content-Type: multipart/related; type="text/html"; boundary="b"

--b
Content-Type: text/html; charset="utf-8"
Content-Transfer-Encoding: quoted-printable

<style>p{{}}</style><h1>The lease</h1><p>The fee is 900 =E2=82=AC.</p>{more}
--b
Content-Type: text/css

@charset "utf-8";
--b
Content-Type: image/png
Content-Transfer-Encoding: base64

iVBORw0KGgo=
--b
Content-Type: text/html

<p>In a frame.</p>
--b--
"""


def test_a_page_is_read_with_its_frames_and_without_its_styles() -> None:
    document = read_with(READER, ARCHIVE.format(more="").encode())

    assert [document.text_of(block) for block in document.blocks] == [
        "The lease",
        "The fee is 900 €.",
        "In a frame.",
    ]
    assert document.warnings == ("1 picture in its text was not read",)


def test_a_word_file_may_take_in_such_a_page() -> None:
    parts = {"word/chunk.mht": ARCHIVE.format(more="")}
    data = docx("<w:altChunk r:id='aFChunk1'/>", parts=parts, aFChunk1="chunk.mht")

    assert read_docx(data).text == "The lease\n\nThe fee is 900 €.\n\nIn a frame."


def test_what_holds_no_page_is_refused() -> None:
    with pytest.raises(DamagedError, match="it holds none"):
        read_with(READER, b"From: a@b.example\n\nhello")
