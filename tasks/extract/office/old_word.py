"""Reading Word files from before 2007, rich text and OpenDocument texts: by way of LibreOffice."""

from collections.abc import Iterator
from pathlib import PurePath

from tasks.extract.assemble import Facts, Piece, build_of_pieces
from tasks.extract.docx.reader import read_docx
from tasks.extract.office.libreoffice import to_docx
from tasks.extract.reader import Reader, Request

NOTE = "it was read by way of LibreOffice, as the Word file that this makes of it"


def read_converted(data: bytes, request: Request) -> Iterator[Piece | Facts]:
    """Read what LibreOffice made of a file, and say so."""
    yield from read_docx(data, request)
    yield Facts(warnings=(NOTE,))


def convert(data: bytes, request: Request) -> bytes:
    """Have LibreOffice make a Word file; raises the `InputError` that fits."""
    return to_docx(data, PurePath(request.name).suffix.lower(), request.limits)


READER = Reader(read=read_converted, build=build_of_pieces, parts=(Piece, Facts), convert=convert)
