"""What the XML of a Word file has as text, white space as Word takes it."""

from tasks.extract.xml import Element

_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def text_of(element: Element) -> str:
    """Give the text of a `w:t`, without the line breaks of XML that was laid out for reading."""
    text = element.text or ""
    if "\n" not in text and "\r" not in text:
        return text
    if element.get(_XML_SPACE) == "preserve":
        return " ".join(text.splitlines())
    return " ".join(line.strip() for line in text.splitlines()).strip()
