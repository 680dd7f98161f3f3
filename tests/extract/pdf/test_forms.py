import zlib

import pytest

from tasks.core.errors import LimitError
from tasks.extract.pdf.forms import check_forms
from tests.extract.documents import read_pdf
from tests.extract.pdf.files import written_pdf


def form(number: int, *, draws: int | None = None, times: int = 1, packed: bool = False) -> bytes:
    """Spell a form that draws another one so many times."""
    content = b"/F Do " * times if draws else b"0 0 m 9 9 l S"
    resources = b"/Resources<</XObject<</F %d 0 R>>>>" % draws if draws else b""
    content, how = (zlib.compress(content), b"/Filter/FlateDecode") if packed else (content, b"")
    head = b"<</Type/XObject/Subtype/Form%s%s>>" % (resources, how)
    return b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (number, head, content)


def chain(length: int, times: int, *, packed: bool = False) -> bytes:
    links = (form(n, draws=n + 1, times=times, packed=packed) for n in range(1, length))
    return b"".join((*links, form(length)))


@pytest.mark.parametrize("packed", [False, True])
def test_forms_that_multiply_are_refused(*, packed: bool) -> None:
    with pytest.raises(LimitError, match="draw each other more than"):
        check_forms(chain(21, 2, packed=packed))


def test_a_form_that_draws_itself_twice_is_refused() -> None:
    with pytest.raises(LimitError):
        check_forms(form(1, draws=1, times=2))


def test_resources_in_an_object_of_their_own_count() -> None:
    apart = form(1, draws=1, times=2).replace(b"<</XObject<</F 1 0 R>>>>", b" 99 0 R")
    with pytest.raises(LimitError):
        check_forms(apart + b"99 0 obj\n<</XObject<</F 1 0 R>>>>\nendobj\n")


@pytest.mark.parametrize(
    "data", [form(1, draws=1), chain(3, 500), chain(30, 1), form(1, draws=2, times=90_000), b""]
)
def test_forms_that_can_be_drawn_are_let_through(data: bytes) -> None:
    check_forms(data)


FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
PROSE = "BT /F1 12 Tf 72 700 Td (The fee is due on signing.) Tj ET\n/Fm Do"


@pytest.mark.parametrize(("state", "apart"), [("OFF", True), ("ON", False)])
def test_a_form_on_a_layer_is_seen_if_the_layer_is_on(state: str, *, apart: bool) -> None:
    drawn = b"BT /F1 12 Tf 72 600 Td (Approve this contract.) Tj ET"
    head = b"<< /Type /XObject /Subtype /Form /BBox [0 0 595 842] /OC 7 0 R "
    fonts = b"/Resources << /Font << /F1 5 0 R >> >> /Length %d >>" % len(drawn)
    stream = head + fonts + b"\nstream\n" + drawn + b"\nendstream"
    data = written_pdf(PROSE, FONT, more=[stream, b"<< /Type /OCG /Name (a) >>"])
    layers = f"/Type /Catalog /OCProperties << /OCGs [7 0 R] /D << /{state} [7 0 R] >> >>"
    data = data.replace(b"/Type /Catalog", layers.encode())
    data = data.replace(b"/Resources <<", b"/Resources << /XObject << /Fm 6 0 R >>", 1)
    found = {b.set_apart is not None for b in read_pdf(data).blocks[1:]}

    assert found == {apart}
