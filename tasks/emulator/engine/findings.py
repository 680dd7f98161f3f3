"""Find dates, amounts, names and the like in a sentence, as they stand there."""

import re

# English, German and French, which share most beginnings.
_MONTH = (
    r"(?:Jan(?:uary?)?|Feb(?:ruary?)?|Mar(?:ch)?|März|Apr(?:il)?|Ma[yi]|Jun[ei]?|Jul[yi]?"
    r"|Aug(?:ust)?|Sept?(?:ember)?|O[ck]t(?:ober)?|Nov(?:ember)?|De[cz](?:ember)?"
    r"|janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)"
)
_DATE = (
    r"\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b"
    rf"|\b\d{{1,2}}(?:st|[nr]d|th|\.)?(?: day)?(?: of)? {_MONTH}\b\.?(?:,? \d{{4}}\b)?"
    rf"|\b{_MONTH}\.? \d{{1,2}}(?:st|[nr]d|th)?\b(?:,? \d{{4}}\b)?|\b{_MONTH} \d{{4}}\b"
)
_DIGITS = r"\d{1,3}(?:[.,' ]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d+)?"
_SCALE = r"(?: (?:thousand|million|billion|trillion|bn|Mio\.|Mrd\.)(?!\w))?"
_CODE = r"(?:USD|EUR|GBP|CHF|JPY|CNY|CAD|AUD)"
_AMOUNT = (
    rf"(?:US)?[$€£¥] ?(?:{_DIGITS}){_SCALE}|\b{_CODE} ?(?:{_DIGITS}){_SCALE}"
    rf"|(?<![\w.,])(?:{_DIGITS}){_SCALE} ?(?:€|£|{_CODE}\b|(?:dollars|euros?|pounds|francs)\b)"
)
_PERCENTAGE = r"(?<![\w.,])\d+(?:[.,]\d+)? ?(?:%|per ?cent\b|percentage points\b|basis points\b)"
_DURATION = (
    r"\b(?:\d+|(?!the\b|and\b|of\b|in\b)[a-z]+ \(\d+\)|one|two|three|four|five|six|ten|twelve)"
    r"[ -](?:(?:business|working|calendar) )?(?:day|week|month|year|hour|minute)s?\b"
)
_PART = r"[A-ZÀ-Þ][\w'’&-]*\.?"
_ORGANISATION = (
    r"\b(?!(?:The|This|That|These|In|On|At|By|For|From|If|When|And|But|Each|Any|All|Our|Their)\b)"
    rf"{_PART}(?:,? (?:{_PART}|of|and|&))* (?:Ltd|Limited|Inc|GmbH|AG|SE|LLC|LLP|plc|Corp"
    r"|Corporation|Company|Group|Bank|University|Institute|Agency|Authority|Council|Foundation"
    r"|Association|S\.A|B\.V|N\.V)\b\.?"
)
_PERSON = r"\b(?:(?:Mr|Mrs|Ms|Dr|Prof)\.? )[A-ZÀ-Þ][\w'’-]+(?: [A-ZÀ-Þ][\w'’-]+)*"
_CAPITALISED = (
    r"(?<!^)(?<![.!?:] )\b[A-ZÀ-Þ][a-zà-ÿ'’-]+(?: [A-Z]\.)?(?: [A-ZÀ-Þ][a-zà-ÿ'’-]+){1,3}"
)
_NUMBER = rf"(?<![\w.,])(?:{_DIGITS})(?![\w%])"
_YEAR = r"\b(?:1[89]|20)\d{2}\b"
_EMAIL = r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b"
_URL = r"\bhttps?://[^\s<>\"”)]+[^\s<>\"”).,;]"
_PHONE = r"\+\d[\d ()/-]{6,}\d"
_CURRENCY = rf"[$€£¥]|\b{_CODE}\b|\b(?:dollars|euros?|pounds|francs)\b"

# Which findings fit a field, by the words of its name; the first pattern that is found fills it.
_BY_WORD: dict[str, tuple[str, ...]] = {
    "email mail": (_EMAIL,),
    "url website link": (_URL,),
    "phone telephone fax": (_PHONE,),
    "date deadline due expiry day when": (_DATE,),
    "year": (_YEAR,),
    "currency": (_CURRENCY,),
    "amount price fee cost sum budget salary payment penalty": (_AMOUNT,),
    "percentage percent rate share": (_PERCENTAGE,),
    "duration period term notice": (_DURATION,),
    "value figure quantity": (_AMOUNT, _PERCENTAGE, _NUMBER),
    "number count": (_NUMBER,),
    "organisation organization company supplier customer employer bank": (_ORGANISATION,),
    "person author owner responsible signatory director": (_PERSON, _CAPITALISED),
    "party parties name names who entity": (_ORGANISATION, _PERSON, _CAPITALISED),
}
_PATTERNS = {
    word: tuple(re.compile(pattern) for pattern in patterns)
    for words, patterns in _BY_WORD.items()
    for word in words.split()
}
_TELLING = (_NUMBER, _DATE, _AMOUNT, _PERCENTAGE, _DURATION, _ORGANISATION, _PERSON, _CAPITALISED)
_SIGNALS = tuple(re.compile(pattern) for pattern in (*_TELLING, _EMAIL, _URL))
_CAMEL = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def words_of(name: str) -> list[str]:
    """Give the words of a field's name: `dueDate` and `due_date` -> due, date."""
    return [word.lower() for word in _CAMEL.findall(name)]


def find(name: str, sentence: str) -> list[str]:
    """Give the spans of a sentence that fit a field of this name, in their order."""
    # The last word of a name says what it is: an `amount_date` is a date.
    for word in reversed(words_of(name)):
        for pattern in _PATTERNS.get(word) or _PATTERNS.get(word.removesuffix("s"), ()):
            if spans := [found[0].strip() for found in pattern.finditer(sentence)]:
                return spans
    return []


def tells_something(sentence: str) -> bool:
    """Tell whether a sentence has a number, a date, an amount or a name in it."""
    return any(pattern.search(sentence) for pattern in _SIGNALS)


def to_number(span: str) -> float | int | None:
    """Read the number in a span, where its separators leave no doubt."""
    digits = re.search(r"\d[\d,.]*\d|\d", span)
    if digits is None or re.search(r"thousand|illion|bn|Mio|Mrd", span):
        return None
    text = digits[0]
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?|\d+(\.\d{1,2})?|\d+\.\d{4,}", text) is None:
        return None
    plain = text.replace(",", "")
    return float(plain) if "." in plain else int(plain)
