"""Small PDFs whose fonts have the names and places of glyphs that a test needs."""

from collections.abc import Collection, Mapping
from io import BytesIO
from itertools import chain

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
)

_WIDTH = 600


def typed_pdf(content: bytes, fonts: Mapping[str, DictionaryObject]) -> bytes:
    """Make a page of one content stream, which calls its fonts by these names."""
    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    named = DictionaryObject()
    for name, typed in fonts.items():
        for holder, key in ((typed, "/ToUnicode"), (typed.get("/FontDescriptor"), "/FontFile3")):
            if holder and key in holder:
                holder[NameObject(key)] = writer._add_object(holder[key])
        named[NameObject(f"/{name}")] = typed
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): named})
    page[NameObject("/Contents")] = writer._add_object(_stream(content))
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


def font(name: str, *, to_unicode: bytes = b"", glyphs: Mapping[int, str] = {}) -> DictionaryObject:
    """Make a font; one with names for the glyphs at some of its places is in the file."""
    facts = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": f"/{name}"}
    made = DictionaryObject({NameObject(key): NameObject(value) for key, value in facts.items()})
    if to_unicode:
        made[NameObject("/ToUnicode")] = _stream(to_unicode)
    if glyphs:
        places = [(NumberObject(at), NameObject(f"/{glyph}")) for at, glyph in glyphs.items()]
        encoding = DictionaryObject({NameObject("/Type"): NameObject("/Encoding")})
        encoding[NameObject("/Differences")] = ArrayObject(chain(*places))
        made[NameObject("/Encoding")] = encoding
        made[NameObject("/FirstChar")] = NumberObject(0)
        made[NameObject("/Widths")] = ArrayObject([NumberObject(_WIDTH)] * 256)
        made[NameObject("/FontDescriptor")] = _described(name, set(glyphs.values()))
    return made


def _described(name: str, glyphs: Collection[str]) -> DictionaryObject:
    """Describe a font whose glyphs are all the same square."""
    pen = T2CharStringPen(_WIDTH, None)
    pen.moveTo((0, 0))
    for corner in ((0, 500), (500, 500), (500, 0)):
        pen.lineTo(corner)
    pen.closePath()
    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder([".notdef", *sorted(glyphs)])
    square = dict.fromkeys([".notdef", *glyphs], pen.getCharString())
    builder.setupCFF(name, {}, square, {})
    file = _stream(builder.font["CFF "].compile(builder.font))
    file[NameObject("/Subtype")] = NameObject("/Type1C")
    numbers = {"/Flags": 4, "/Ascent": 800, "/Descent": -200, "/CapHeight": 500, "/StemV": 80}
    described = DictionaryObject(
        {NameObject(key): NumberObject(number) for key, number in numbers.items()}
    )
    described[NameObject("/Type")] = NameObject("/FontDescriptor")
    described[NameObject("/FontName")] = NameObject(f"/{name}")
    described[NameObject("/FontBBox")] = ArrayObject(map(NumberObject, (0, -200, 600, 800)))
    described[NameObject("/FontFile3")] = file
    return described


def _stream(data: bytes) -> DecodedStreamObject:
    stream = DecodedStreamObject()
    stream.set_data(data)
    return stream
