import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.merge.lookup.folding import fold

SAME = {
    "spaces and lines": ("the  fee\u00a0is\n due", "the fee is due"),
    "hyphen at a line's end": ("the termi-\nnation fee", "the termination fee"),
    "hyphen with a space left behind": ("the termi- nation fee", "the termination fee"),
    "hyphen at a page's end": ("termi-\n\n\u200bnation", "termination"),
    "compound": ("self-employed", "self-\nemployed"),
    "soft hyphen": ("termi\u00adnation", "termination"),
    "zero width": ("termi\u200bnation\ufeff", "termination"),
    "ligatures": ("o\ufb03cial \ufb01nal", "official final"),
    "quotes": ("the ‘Customer’s’ “fee”", "the 'Customer's' \"fee\""),
    "dashes": ("2019–2021 — or −5", "2019-2021 - or -5"),
    "full width": ("\uff11\uff12\uff0e\uff15 \uff21\uff22", "12.5 AB"),
    "half-width kana": ("\uff76\uff9e\uff72\uff84\uff9e", "ガイド"),
    "decomposed": (unicodedata.normalize("NFD", "für Ÿ é"), "für Ÿ é"),
    "decomposed Hangul": (unicodedata.normalize("NFD", "계약서"), "계약서"),
    "Kangxi radicals": ("\u2f08\u2f25", "人女"),
    "Arabic forms": ("\ufe8d\ufedf\ufee4\ufe8c\ufe94", "المئة"),
    "lam and alef turned round": ("ال يجوز ألي", "لا يجوز لأي"),
    "Arabic stretched": ("شـــركة", "شركة"),
    "Arabic digits": ("٢٠٢٤ ۱۲", "2024 12"),
    "Devanagari digits": ("१२", "12"),
    "Markdown": ("the **fee** | 4\\% `x`", "the fee 4% x"),
    "marks of direction": ("\u202bبيع\u202c", "بيع"),
    "spaces between Han": ("合 同 自 签署", "合同自签署"),
    "Greek at a word's end": ("λόγος ωδή", "λόγοσωδή"),
}  # fmt: skip
DIFFERENT = {
    "diacritics": ("Müller", "Muller"),
    "vowel points": ("عَقد", "عقد"),
    "superscripts": ("10 m²", "10 m2"),
    "fractions": ("3½", "31/2"),
    "circled": ("①", "1"),
    "digits apart": ("clause 12 5", "clause 125"),
    "a range": ("5-10", "510"),
    "punctuation": ("1,5", "1.5"),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_what_layout_does_makes_no_difference(one: str, other: str) -> None:
    assert fold(one).text == fold(other).text


@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT)
def test_what_means_something_stays(one: str, other: str) -> None:
    assert fold(one).text != fold(other).text


awkward = st.text(st.sampled_from("aZé\u0301ﬁ-\u00ad \nßİς٣5²,لا…ﷺ中\u1100\u1161*|'ẞ")) | st.text()


@given(awkward)
def test_every_character_comes_from_one_of_the_text_in_order(text: str) -> None:
    folded = fold(text)
    origins = [folded.origin(at) for at in range(len(folded.text))]

    assert len(folded.text) == len(folded.cased)
    assert origins == sorted(origins)
    assert all(0 <= origin < len(text) for origin in origins)


@given(st.text("abcdefg ", min_size=1))
def test_plain_words_stay_as_they_are_but_for_their_spaces(text: str) -> None:
    assert fold(text).text == text.replace(" ", "")
