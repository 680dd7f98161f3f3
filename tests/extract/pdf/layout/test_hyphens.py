import pytest

from tasks.extract.pdf.layout.hyphens import Hyphens

LINES = (
    "a well known by-product of metal-rich stars",
    "the long over#",
    "shoot of the experi#",
    "ence",
)


@pytest.mark.parametrize(
    ("before", "after", "mended"),
    [
        ("to gain experi", "ence of", "to gain experience of"),
        ("a metal", "rich star", "a metal-rich star"),
        ("a by", "product", "a by-product"),
        ("the well", "known one", "the well-known one"),
        ("signal", "to-noise", "signal-to-noise"),
        ("line-of", "sight", "line-of-sight"),
        ("Christensen", "Dalsgaard", "Christensen-Dalsgaard"),
        ("COMPO", "NENTS", "COMPONENTS"),
        ("Gaia", "2MASS", "Gaia-2MASS"),
        ("x (", "y", "x (-y"),
    ],
)
def test_keeps_the_hyphen_of_compounds_only(before: str, after: str, mended: str) -> None:
    assert Hyphens.of(LINES, "#").mend(before, after) == mended


def test_does_not_take_the_halves_of_a_broken_word_for_words() -> None:
    hyphens = Hyphens.of(["the compo#", "nents of a compo#", "nent"], "#")

    assert hyphens.mend("compo", "nents") == "components"


def test_a_document_that_breaks_no_words_keeps_all_its_hyphens() -> None:
    hyphens = Hyphens.of([*["some line of text"] * 50, "it is community#", "oriented here"], "#")

    assert hyphens.mend("community", "oriented") == "community-oriented"
    assert hyphens.mend("a car", "bon-free future") == "a car-bon-free future"


def test_prefers_the_spelling_that_the_document_uses_most() -> None:
    hyphens = Hyphens.of(["email e-mail email"], "#")

    assert hyphens.mend("an e", "mail") == "an email"
