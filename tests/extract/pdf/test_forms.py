import zlib

import pytest

from tasks.core.errors import LimitError
from tasks.extract.pdf.forms import check_forms


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
