import pytest

from tasks.extract.office.embedded import unpack_office
from tasks.extract.office.ole import payload
from tasks.extract.reader import Inside, Request
from tests.extract.containers import container, package
from tests.extract.docx.building import docx, p

NATIVE = "\x01Ole10Native"
NOTE = b"The fee is 9."
PDF = b"%PDF-1.7 and so on".ljust(5000)


@pytest.mark.parametrize(
    ("label", "names", "name"),
    [
        (b"fee.txt", (), "fee.txt"),
        (b"Geb\xfchr.txt", (), "Gebühr.txt"),
        (b"fee.txt", ("C:\\Temp\\fee.txt", "заметка.txt", "C:\\заметка.txt"), "заметка.txt"),
        (b"fee.txt", ("a", "", ""), "fee.txt"),
        (b"C:\\Docs\\fee.txt", (), "fee.txt"),
        (b"", (), "ole1.bin"),
    ],
)
def test_a_package_is_a_file_with_its_name(label: bytes, names: tuple[str, ...], name: str) -> None:
    data = container(NATIVE, package(label, NOTE, *names))

    assert payload(data, "ole1.bin") == Inside(name, NOTE)


def test_a_file_of_a_program_that_knows_containers_is_found_in_its_stream() -> None:
    assert payload(container("CONTENTS", PDF), "ole1.bin") == Inside("ole1.pdf", PDF)
    assert payload(container("CONTENTS", b"odd"), "ole1.bin") is None


@pytest.mark.parametrize(
    "data",
    [
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        container("WordDocument", b"x"),
        container(NATIVE, b"\x10\x00\x00\x00BM, a picture"),
        container(NATIVE, b"\xff\xff\xff\x7f\x02\x00no end"),
    ],
)
def test_what_is_no_package_is_left_as_it_is(data: bytes) -> None:
    assert payload(data, "ole1.bin") is None
    office = docx(p("x"), parts={"word/embeddings/ole1.bin": data}, oleObject="embeddings/ole1.bin")
    assert list(unpack_office(office, Request())) == [Inside("ole1.bin", data)]


def test_a_file_in_a_container_in_a_word_file_is_taken_out() -> None:
    data = container(NATIVE, package(b"fee.txt", NOTE))
    office = docx(p("x"), parts={"word/embeddings/ole1.bin": data}, oleObject="embeddings/ole1.bin")

    assert list(unpack_office(office, Request())) == [Inside("fee.txt", NOTE)]
