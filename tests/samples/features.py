"""The sample `features.docx`: one marker word in every feature of a Word file that holds text.

`MARKERS` says which word stands in which feature; `COMPUTED` are labels that no text of the file
holds, since Word counts them, each with the word that it stands before. Most of it is the XML of
the features, which reads best in one piece.
"""

import io
import zipfile

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DRAWN = "application/vnd.openxmlformats-officedocument.drawingml"
_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_NAMESPACES = " ".join(
    f'xmlns:{name}="{address}"'
    for name, address in {
        "w": W,
        "m": f"{_OFFICE}/math",
        "r": f"{_OFFICE}/relationships",
        "a": f"{_DRAWING}/main",
        "c": f"{_DRAWING}/chart",
        "dgm": f"{_DRAWING}/diagram",
        "wp": f"{_DRAWING}/wordprocessingDrawing",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "v": "urn:schemas-microsoft-com:vml",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    }.items()
)
_FIXED_TIME = (2026, 1, 1, 0, 0, 0)

MARKERS: dict[str, str] = {
    "paragraph": "Alderwood",
    "heading": "Bramble",
    "localised heading": "Cinquefoil",
    "list number": "Dogwood",
    "nested list number": "Elderberry",
    "restarted list": "Foxglove",
    "legal number": "Gentian",
    "bullet": "Hawthorn",
    "table cell": "Juniper",
    "merged cell": "Knapweed",
    "nested table": "Larkspur",
    "cell in a content control": "Marigold",
    "row in a content control": "Nasturtium",
    "footnote": "Oleander",
    "endnote": "Periwinkle",
    "comment": "Quickthorn",
    "comment author": "Rosemary",
    "inserted text": "Saffron",
    "moved text": "Tamarisk",
    "text box (DrawingML)": "Umbrella",
    "text box (VML)": "Valerian",
    "content control, block": "Wisteria",
    "content control, inline": "Xanthium",
    "simple field": "Yarrow",
    "complex field": "Zinnia",
    "table of contents": "Amaranth",
    "equation": "beech",
    "link text": "Camellia",
    "link target": "daffodil",
    "link by field": "Echinacea",
    "alternative text": "Forsythia",
    "header": "Gardenia",
    "first-page header": "Heather",
    "footer": "Iris",
    "smart tag": "Jasmine",
    "ruby base": "漢字",
    "ruby reading": "Kudzu",
    "after a page break": "Lavender",
    "after a section": "Magnolia",
    "bidirectional run": "Narcissus",
    "custom XML": "Orchid",
    "word art": "Primrose",
    "form drop-down": "Quince",
    "legacy symbol": "☑",
    "soft hyphen": "Rhododendron",
    "chart title": "Snowdrop",
    "chart label": "Tansy",
    "chart value": "77.25",
    "diagram": "Uvularia",
    "page taken in": "Violet",
    "document taken in": "Wormwood",
}
COMPUTED = {"list number": "3. ", "nested list number": "3.b) ", "restarted list": "1. "}
COMPUTED |= {"legal number": "4.1 ", "bullet": "• ", "heading": "Article II: "}
DELETED = {"deleted text": "Sorrel", "deleted row": "Thistle"}
HIDDEN = {"hidden text": "Ursinia", "white text": "Verbena", "tiny text": "Woodruff"}


def features_docx() -> bytes:
    """Make the file."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _parts().items():
            entry = zipfile.ZipInfo(name, _FIXED_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return stream.getvalue()


def _parts() -> dict[str, str | bytes]:
    return {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relationships("officeDocument=word/document.xml"),
        "word/document.xml": _part("w:document", f"<w:body>{_body()}</w:body>"),
        "word/_rels/document.xml.rels": _relationships(
            *(f"{kind}={kind}.xml" for kind in ("styles", "numbering", *_STORIES)),
            "header=header1.xml",
            "header=header2.xml",
            "footer=footer1.xml",
            f"hyperlink=https://{MARKERS['link target']}.example/",
            "chart=chart1.xml",
            "diagramData=data1.xml",
            "aFChunk=page.html",
            "aFChunk=inner.docx",
        ),
        "word/styles.xml": _part("w:styles", _STYLES),
        "word/numbering.xml": _part("w:numbering", _NUMBERING),
        **{f"word/{kind}.xml": _part(f"w:{kind}", story) for kind, story in _STORIES.items()},
        "word/header1.xml": _part("w:hdr", _p(_marker("header") + _WORD_ART)),
        "word/header2.xml": _part("w:hdr", _p(_marker("first-page header"))),
        "word/footer1.xml": _part("w:ftr", _p(_marker("footer"))),
        "word/chart1.xml": _part("c:chartSpace", _CHART),
        "word/data1.xml": _part("dgm:dataModel", _DIAGRAM),
        "word/page.html": f"<html><body><p>{MARKERS['page taken in']}</p></body></html>",
        "word/inner.docx": _inner_docx(),
    }


def _inner_docx() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        body = f"<w:body>{_p(_marker('document taken in'))}</w:body>"
        for name, content in {
            "[Content_Types].xml": _content_types(),
            "_rels/.rels": _relationships("officeDocument=word/document.xml"),
            "word/document.xml": _part("w:document", body),
        }.items():
            archive.writestr(zipfile.ZipInfo(name, _FIXED_TIME), content)
    return stream.getvalue()


def _body() -> str:
    return "".join(
        (
            _p(_marker("paragraph")),
            _p(_marker("heading"), '<w:pStyle w:val="Heading1"/>'),
            _p(_marker("localised heading"), '<w:pStyle w:val="berschrift2"/>'),
            _lists(),
            _tables(),
            _references(),
            _changes(),
            _boxes(),
            _controls_and_fields(),
            _inlines(),
            _hidden(),
            _other_parts(),
            _p('<w:r><w:br w:type="page"/></w:r>' + _marker("after a page break")),
            _p("", "<w:sectPr/>"),
            _p(_marker("after a section")),
            _SECTION,
        )
    )


def _lists() -> str:
    return "".join(
        (
            _item("first", 1),
            _item("second", 1),
            _item(MARKERS["list number"], 1),
            _item("first below", 1, 1),
            _item(MARKERS["nested list number"], 1, 1),
            _item(MARKERS["restarted list"], 2),
            *(_item("clause", 3) for _ in range(4)),
            _item(MARKERS["legal number"], 3, 1),
            _item(MARKERS["bullet"], 4),
        )
    )


def _tables() -> str:
    nested = _table(_row(_p(_marker("nested table")), _p(_r("beside it"))))
    merged = f'<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{_p(_marker("merged cell"))}</w:tc>'
    controlled = _control(f"<w:tc>{_p(_marker('cell in a content control'))}</w:tc>")
    deleted = (
        f"<w:tr><w:trPr><w:del {_BY}/></w:trPr><w:tc>{_p(_r(DELETED['deleted row']))}</w:tc></w:tr>"
    )
    return _table(
        _row(_p(_r("Item")), _p(_marker("table cell"))),
        f"<w:tr>{merged}</w:tr>",
        _row(nested + _p(""), _p(_r("c"))),
        f"<w:tr><w:tc>{_p(_r('d'))}</w:tc>{controlled}</w:tr>",
        _control(_row(_p(_marker("row in a content control")), _p(_r("e")))),
        deleted,
    )


def _references() -> str:
    comment = (
        f'<w:commentRangeStart w:id="0"/>{_r("the fee")}<w:commentRangeEnd w:id="0"/>'
        '<w:r><w:commentReference w:id="0"/></w:r>'
    )
    notes = "".join(f'<w:r><w:{kind}Reference w:id="2"/></w:r>' for kind in ("footnote", "endnote"))
    return _p(_r("Of ") + comment + _r(" more below") + notes)


def _changes() -> str:
    moved = f"<w:moveTo {_BY}>{_marker('moved text')}</w:moveTo>"
    gone = f"<w:del {_BY}><w:r><w:delText>{DELETED['deleted text']}</w:delText></w:r></w:del>"
    return _p(f"<w:ins {_BY}>{_marker('inserted text')}</w:ins>{gone}{moved}")


def _boxes() -> str:
    def box(feature: str) -> str:
        return f"<w:txbxContent>{_p(_marker(feature))}</w:txbxContent>"

    drawn = "text box (DrawingML)"
    shape = f"<wps:wsp><wps:txbx>{box(drawn)}</wps:txbx></wps:wsp>"
    fallback = f"<w:pict><v:rect><v:textbox>{box(drawn)}</v:textbox></v:rect></w:pict>"
    both = (
        f'<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline>{shape}</wp:inline>'
        f"</w:drawing></mc:Choice><mc:Fallback>{fallback}</mc:Fallback></mc:AlternateContent>"
    )
    old = f"<w:pict><v:rect><v:textbox>{box('text box (VML)')}</v:textbox></v:rect></w:pict>"
    return _p(f"<w:r>{both}</w:r><w:r>{old}</w:r>")


def _controls_and_fields() -> str:
    link = f'HYPERLINK "https://{MARKERS["link target"]}.example/field"'
    toc = _p(_field("TOC \\o", _marker("table of contents")), '<w:pStyle w:val="TOC1"/>')
    entry = f'<w:listEntry w:val="{MARKERS["form drop-down"]}"/>'
    choice = (
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:result w:val="0"/>'
        f"{entry}</w:ddList></w:ffData></w:fldChar></w:r>"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    return "".join(
        (
            _control(_p(_marker("content control, block"))),
            _p(_control(_marker("content control, inline"))),
            _p(f'<w:fldSimple w:instr="TITLE">{_marker("simple field")}</w:fldSimple>'),
            _p(_field("DOCPROPERTY x", _marker("complex field"))),
            _p(_field(link, _marker("link by field"))),
            toc,
            _p(choice),
        )
    )


def _inlines() -> str:
    equation = f"<m:oMath><m:r><m:t>{MARKERS['equation']}=1</m:t></m:r></m:oMath>"
    picture = (
        '<w:r><w:drawing><wp:inline><wp:docPr id="7" name="p" '
        f'descr="{MARKERS["alternative text"]}"/></wp:inline></w:drawing></w:r>'
    )
    ruby = (
        f"<w:r><w:ruby><w:rt>{_marker('ruby reading')}</w:rt>"
        f"<w:rubyBase>{_marker('ruby base')}</w:rubyBase></w:ruby></w:r>"
    )
    soft = "<w:r><w:t>Rhodo</w:t><w:softHyphen/><w:t>dendron</w:t></w:r>"
    address = f'<w:hyperlink r:id="https://{MARKERS["link target"]}.example/">'
    return "".join(
        (
            _p(equation),
            _p(f"{address}{_marker('link text')}</w:hyperlink>"),
            _p(picture),
            _p(f'<w:smartTag w:element="place">{_marker("smart tag")}</w:smartTag>'),
            _p(ruby),
            _p(f'<w:bdo w:val="ltr">{_marker("bidirectional run")}</w:bdo>'),
            _p(f'<w:customXml w:element="x">{_marker("custom XML")}</w:customXml>'),
            _p('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>'),
            _p(soft),
        )
    )


def _hidden() -> str:
    looks = ("<w:vanish/>", '<w:color w:val="FFFFFF"/>', '<w:sz w:val="2"/>')
    runs = (_r(word, look) for word, look in zip(HIDDEN.values(), looks, strict=True))
    return _p(_r("In sight ") + "".join(runs))


def _other_parts() -> str:
    chart = '<c:chart r:id="chart1.xml"/>'
    diagram = '<dgm:relIds r:dm="data1.xml" r:lo="" r:qs="" r:cs=""/>'
    drawn = (
        f"<w:r><w:drawing><wp:inline><a:graphic><a:graphicData>{each}</a:graphicData></a:graphic>"
        "</wp:inline></w:drawing></w:r>"
        for each in (chart, diagram)
    )
    taken_in = (f'<w:altChunk r:id="{name}"/>' for name in ("page.html", "inner.docx"))
    return "".join((*map(_p, drawn), *taken_in))


def _part(tag: str, inner: str) -> str:
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f'{head}<{tag} {_NAMESPACES} mc:Ignorable="">{inner}</{tag}>'


def _relationships(*links: str) -> str:
    listed = "".join(_relationship(*link.split("=")) for link in links)
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


def _relationship(kind: str, target: str) -> str:
    outside = ' TargetMode="External"' if kind == "hyperlink" else ""
    kind = f"{_OFFICE}/relationships/{kind}"
    return f'<Relationship Id="{target}" Type="{kind}" Target="{target}"{outside}/>'


def _content_types() -> str:
    kinds = {"document": "document.main", "header1": "header", "header2": "header"}
    kinds |= {"footer1": "footer"} | {n: n for n in ("styles", "numbering", *_STORIES)}
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPES}.{kind}+xml"/>'
        for name, kind in kinds.items()
    )
    rels = f'<Default Extension="rels" ContentType="{_RELS_TYPE}"/>'
    xml = '<Default Extension="xml" ContentType="application/xml"/>'
    xml += '<Default Extension="html" ContentType="text/html"/>'
    xml += f'<Default Extension="docx" ContentType="{_TYPES}.document"/>'
    overrides += f'<Override PartName="/word/chart1.xml" ContentType="{_DRAWN}.chart+xml"/>'
    overrides += f'<Override PartName="/word/data1.xml" ContentType="{_DRAWN}.diagramData+xml"/>'
    return f'<Types xmlns="{_PACKAGE}/content-types">{rels}{xml}{overrides}</Types>'


def _p(inner: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def _r(text: str, look: str = "") -> str:
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def _marker(feature: str) -> str:
    return _r(MARKERS[feature])


def _item(text: str, number: int, level: int = 0) -> str:
    numbers = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    return _p(_r(text), numbers)


def _table(*rows: str) -> str:
    column = '<w:gridCol w:w="4000"/>'
    width = '<w:tblW w:w="0" w:type="auto"/>'
    grid = f"<w:tblPr>{width}</w:tblPr><w:tblGrid>{column}{column}</w:tblGrid>"
    return f"<w:tbl>{grid}{''.join(rows)}</w:tbl>"


def _row(*cells: str) -> str:
    return f"<w:tr>{''.join(f'<w:tc>{cell}</w:tc>' for cell in cells)}</w:tr>"


def _control(inner: str) -> str:
    return f"<w:sdt><w:sdtPr/><w:sdtContent>{inner}</w:sdtContent></w:sdt>"


def _field(code: str, result: str) -> str:
    begin, separate, end = (
        f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")
    )
    quoted = code.replace('"', "&quot;")
    return f"{begin}<w:r><w:instrText>{quoted}</w:instrText></w:r>{separate}{result}{end}"


def _level(index: int, form: str, text: str, inner: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{inner}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def _definition(number: int, *levels: str) -> str:
    inner = "".join(levels)
    return f'<w:abstractNum w:abstractNumId="{number}">{inner}</w:abstractNum>'


def _num(number: int, definition: int, inner: str = "") -> str:
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{definition}"/>{inner}</w:num>'


def _style(name: str, shown_as: str, properties: str = "") -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{shown_as}"/>'
        f"<w:pPr>{properties}</w:pPr></w:style>"
    )


_SECTION = (
    '<w:sectPr><w:headerReference w:type="default" r:id="header1.xml"/>'
    '<w:headerReference w:type="first" r:id="header2.xml"/>'
    '<w:footerReference w:type="default" r:id="footer1.xml"/><w:titlePg/></w:sectPr>'
)
_BY = 'w:id="90" w:author="Editor" w:date="2026-01-01T00:00:00Z"'
_RELS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
_WORD_ART = (
    f'<w:r><w:pict><v:shape><v:textpath string="{MARKERS["word art"]}"/></v:shape></w:pict></w:r>'
)
_CHART = (
    f"<c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>{MARKERS['chart title']}</a:t></a:r></a:p>"
    "</c:rich></c:tx></c:title><c:plotArea><c:barChart><c:ser><c:tx><c:strRef><c:strCache>"
    '<c:pt idx="0"><c:v>Sales</c:v></c:pt></c:strCache></c:strRef></c:tx><c:cat><c:strRef>'
    f'<c:strCache><c:pt idx="0"><c:v>{MARKERS["chart label"]}</c:v></c:pt></c:strCache></c:strRef>'
    '</c:cat><c:val><c:numRef><c:numCache><c:pt idx="0">'
    f"<c:v>{MARKERS['chart value']}</c:v></c:pt></c:numCache></c:numRef></c:val></c:ser>"
    "</c:barChart></c:plotArea></c:chart>"
)
_DIAGRAM = (
    f"<dgm:ptLst><dgm:pt><dgm:t><a:p><a:r><a:t>{MARKERS['diagram']}</a:t></a:r></a:p></dgm:t>"
    "</dgm:pt></dgm:ptLst>"
)
_STORIES = {
    "footnotes": f'<w:footnote w:id="2">{_p(_marker("footnote"))}</w:footnote>',
    "endnotes": f'<w:endnote w:id="2">{_p(_marker("endnote"))}</w:endnote>',
    "comments": f'<w:comment w:id="0" w:author="{MARKERS["comment author"]}">'
    f"{_p(_marker('comment'))}</w:comment>",
}
_STYLES = (
    _style("Heading1", "heading 1", '<w:numPr><w:numId w:val="5"/></w:numPr>')
    + _style("berschrift2", "Überschrift 2")
    + _style("TOC1", "toc 1")
)
_NUMBERING = "".join(
    (
        _definition(1, _level(0, "decimal", "%1."), _level(1, "lowerLetter", "%1.%2)")),
        _definition(
            2,
            _level(0, "upperRoman", "%1."),
            _level(1, "upperLetter", "%1.%2", "<w:isLgl/>"),
        ),
        _definition(3, _level(0, "bullet", "\uf0b7")),
        _definition(
            4, _level(0, "upperRoman", "Article %1:").replace('start w:val="1"', 'start w:val="2"')
        ),
        _num(1, 1),
        _num(2, 1, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'),
        _num(3, 2),
        _num(4, 3),
        _num(5, 4),
    )
)
