"""Numbers as Word writes them in lists: 3, iii, C, third, ③, 三 (ISO 29500-1, 17.18.59)."""

import re
from collections.abc import Callable

_ROMAN = (
    *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L")),
    *((40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)
_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_IRREGULAR = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth",
    "nine": "ninth", "twelve": "twelfth",
}  # fmt: skip
_IDEOGRAPHS = "〇一二三四五六七八九"
_CYRILLIC = "абвгдежзиклмнопрстуфхцчшщэюя"
_SIGNS = "*†‡§"
_PADDED = re.compile("0+1(?=, )")
_MOST_LETTERS = 30  # a label of more repeated letters is an attack
_MOST_ROMAN = 4000


def numeral(number: int, form: str) -> str:
    """Write a number in a format that `w:numFmt` names, or shows as in "001, 002, 003, ...".

    One that we do not know is written as decimal.
    """
    writer = _WRITERS.get(form)
    shown = _PADDED.match(form)
    if shown:
        return str(number).zfill(len(shown[0]))
    return writer(number) if writer and number > 0 else str(number)


def _roman(number: int) -> str:
    if number >= _MOST_ROMAN:
        return str(number)
    written = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        written += letters * count
    return written


def _letter(alphabet: str) -> Callable[[int], str]:
    """Count a, b … z, aa, bb … as Word does."""

    def write(number: int) -> str:
        rounds, place = divmod(number - 1, len(alphabet))
        return alphabet[place] * (rounds + 1) if rounds < _MOST_LETTERS else str(number)

    return write


def _ordinal(number: int) -> str:
    teens = number % 100 in {11, 12, 13}
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _words(number: int) -> str:
    if number < 20:
        return _ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _TENS[tens] + (f"-{_ONES[ones]}" if ones else "")
    return str(number)


def _cardinal_text(number: int) -> str:
    return _words(number).capitalize()


def _ordinal_text(number: int) -> str:
    head, dash, last = _words(number).rpartition("-")
    if last.isdecimal():
        return _ordinal(number)
    regular = f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th"
    return (head + dash + _IRREGULAR.get(last, regular)).capitalize()


def _circled(number: int) -> str:
    return chr(0x2460 + number - 1) if number <= 20 else str(number)


def _digits(number: int) -> str:
    return "".join(_IDEOGRAPHS[int(digit)] for digit in str(number))


def _ideographs(number: int) -> str:
    """Count 一 … 十, 十一 … 二十 … 九十九."""
    if number >= 100:
        return _digits(number)
    tens, ones = divmod(number, 10)
    ten = ("" if tens == 1 else _IDEOGRAPHS[tens]) + "十" if tens else ""
    return ten + (_IDEOGRAPHS[ones] if ones else "")


def _in_digits_from(zero: int) -> Callable[[int], str]:
    """Count in decimal, with digits that follow one another from this code on."""
    table = str.maketrans({str(digit): chr(zero + digit) for digit in range(10)})
    return lambda number: str(number).translate(table)


_LATIN = "abcdefghijklmnopqrstuvwxyz"
_KANA = (
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
)
_IROHA = (
    "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシ"
    "ヱヒモセスン"
)
_WRITERS: dict[str, Callable[[int], str]] = {
    "none": lambda _: "",
    "decimalZero": lambda number: f"{number:02}",
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "upperLetter": _letter(_LATIN.upper()),
    "lowerLetter": _letter(_LATIN),
    "russianUpper": _letter(_CYRILLIC.upper()),
    "russianLower": _letter(_CYRILLIC),
    "arabicAlpha": _letter("أبتثجحخدذرزسشصضطظعغفقكلمنهوي"),
    "arabicAbjad": _letter("أبجدهوزحطيكلمنسعفصقرشتثخذضظغ"),
    "hebrew2": _letter("אבגדהוזחטיכלמנסעפצקרשת"),
    "thaiLetters": _letter("กขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ"),
    "ganada": _letter("가나다라마바사아자차카타파하"),
    "chosung": _letter("ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ"),
    "aiueo": _letter(_KANA),
    "aiueoFullWidth": _letter(_KANA),
    "iroha": _letter(_IROHA),
    "irohaFullWidth": _letter(_IROHA),
    "ideographTraditional": _letter("甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": _letter("子丑寅卯辰巳午未申酉戌亥"),
    "ordinal": _ordinal,
    "cardinalText": _cardinal_text,
    "ordinalText": _ordinal_text,
    "decimalFullWidth": _in_digits_from(0xFF10),
    "decimalFullWidth2": _in_digits_from(0xFF10),
    "hindiNumbers": _in_digits_from(0x0966),
    "thaiNumbers": _in_digits_from(0x0E50),
    "hex": lambda number: f"{number:X}",
    "chicago": _letter(_SIGNS),
    "numberInDash": lambda number: f"- {number} -",
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedFullstop": lambda number: f"{number}.",
    "decimalEnclosedParen": lambda number: f"({number})",
    "ideographDigital": _digits,
    "japaneseDigitalTenThousand": _digits,
    "chineseCounting": _ideographs,
    "chineseCountingThousand": _ideographs,
    "japaneseCounting": _ideographs,
    "taiwaneseCounting": _ideographs,
    "taiwaneseCountingThousand": _ideographs,
}
