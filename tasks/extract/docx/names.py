"""What a style's name says of it: Word writes its own in English, others in the user's tongue."""

import re

_HEADINGS = (
    "heading|überschrift|berschrift|titre|título|titulo|encabezado|titolo|kop|rubrik|overskrift|"
    "otsikko|nagłówek|nagwek|nadpis|naslov|címsor|cmsor|titlu|заголовок|заглавие|επικεφαλίδα|"
    "başlık|balk|cabeçalho|antraštė|virsraksts|pealkiri|fyrirsögn|tajuk|judul|"
    "標題|标题|見出し|제목|כותרת|عنوان|หัวเรื่อง|tiêu đề"
)
_TITLES = (
    "title|titel|titre|título|titulo|titolo|tittel|otsikko|tytuł|název|názov|naslov|cím|titlu|"
    "название|τίτλος|başlık|titill|標題|标题|表題|제목|כותרת|العنوان"
)
_HEADING = re.compile(rf"(?:{_HEADINGS})[ _-]*([1-9])$", re.IGNORECASE)
_TITLE = re.compile(_TITLES, re.IGNORECASE)
_LIST = re.compile(r"list(?: bullet| number)? ?([2-9])$", re.IGNORECASE)


def heading_level(name: str) -> int | None:
    """Give the level (from 1) of a heading style; a title stands on the top."""
    if heading := _HEADING.match(name):
        return int(heading[1])
    return 1 if _TITLE.fullmatch(name) else None


def list_level(name: str) -> int | None:
    """Give the level (from 0) of a list style whose name has a number."""
    found = _LIST.match(name)
    return int(found[1]) - 1 if found else None
