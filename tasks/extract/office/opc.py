"""Office packages (ISO 29500-2): a zip of parts, tied together by relationships."""

import posixpath
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from tasks.core.errors import DamagedError, EncryptedError, InputError, UnsupportedFormatError
from tasks.extract.limits import ExtractionLimits
from tasks.extract.xml import Element, parse_xml
from tasks.extract.zips import check_zip, read_entry

_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_ENCRYPTED_ENTRY = 0x1
_USUAL_MAIN_PARTS = ("word/document.xml", "ppt/presentation.xml", "xl/workbook.xml")
_METADATA = {
    "title": "title",
    "creator": "author",
    "subject": "subject",
    "keywords": "keywords",
    "description": "description",
    "category": "category",
    "language": "language",
    "lastModifiedBy": "last_modified_by",
    "created": "created",
    "modified": "modified",
}


@dataclass(frozen=True, slots=True)
class Relationship:
    """A link from one part to another; `kind` is the last word of its type."""

    id: str
    kind: str
    target: str


class Package:
    """The parts of an Office file, read on demand within the limits.

    Then `unread` grows, which names parts with text that are there and cannot be read, and
    `warnings`, for those without and those that are missing.
    """

    def __init__(self, data: bytes, limits: ExtractionLimits) -> None:
        _refuse_ole(data)
        self._zip = check_zip(data, limits)
        _refuse_encrypted_entries(self._zip)
        self._limits = limits
        # Part names are case-insensitive, zip names are not.
        self._names = {name.lower(): name for name in self._zip.namelist()}
        self._listings: dict[str, list[Element]] = {}
        self.unread: list[str] = []
        self.warnings: list[str] = []

    @cached_property
    def main_part(self) -> str:
        """Give the name of the part that all others hang on."""
        for link in self.relationships(""):
            if link.kind == "officeDocument" and link.target.lower() in self._names:
                return link.target
        for name in _USUAL_MAIN_PARTS:
            if name in self._names:
                return name
        raise UnsupportedFormatError("it is a zip but no Office file: no main part is named")

    @cached_property
    def main(self) -> Element:
        """Give the root of the main part; raises where it cannot be read."""
        return self._parse(self.main_part)

    def check_all(self) -> None:
        """Parse each part of XML; raises for the first that no careless reader should see.

        Drawings in VML, which some programs write as HTML, are not looked at: no library does.
        """
        for name in self._zip.namelist():
            if name.endswith((".xml", ".rels")):
                self._parse(name)

    def part(self, name: str) -> Element | None:
        """Give the root of a part that may hold text; None, and a word on it, if unreadable."""
        return self._part(name, self.unread if self.holds(name) else self.warnings)

    def side_part(self, name: str) -> Element | None:
        """Give the root of a part that holds no text; None with a warning if unreadable."""
        return self._part(name, self.warnings)

    def _part(self, name: str, troubles: list[str]) -> Element | None:
        try:
            return self._parse(name)
        except InputError as error:
            trouble = f"not read: {error}"
            if trouble not in troubles:
                troubles.append(trouble)
            return None

    def entry(self, name: str) -> bytes:
        """Give the bytes of a part, which may be no XML; InputError where it cannot be had."""
        try:
            return read_entry(self._zip, self._names[name.lower()], self._limits)
        except KeyError as error:
            raise DamagedError(f"its part {name} is missing") from error

    def holds(self, name: str) -> bool:
        """Tell whether a part is there, readable or not."""
        return name.lower() in self._names

    def related(self, kind: str) -> Element | None:
        """Give the root of the first part of this kind, without text, that the main part names."""
        name = self.related_name(kind)
        return self.side_part(name) if name else None

    def related_name(self, kind: str) -> str | None:
        """Give the name of the first part of this kind that the main part links to."""
        links = self.relationships(self.main_part)
        return next((link.target for link in links if link.kind == kind), None)

    def relationships(self, source: str) -> list[Relationship]:
        """Give the links of a part to other parts of the package, "" for the package's own."""
        folder = posixpath.dirname(source)
        return [
            Relationship(
                id=item.get("Id", ""),
                kind=item.get("Type", "").rpartition("/")[2],
                target=posixpath.normpath(posixpath.join("/", folder, item.get("Target", "")))[1:],
            )
            for item in self._links(source)
            if item.get("TargetMode") != "External"
        ]

    def linking(self) -> tuple[str, ...]:
        """Give the names of all parts that link to others, in the order of the zip."""
        listings = (name for name in self._zip.namelist() if name.endswith(".rels"))
        folders = ((posixpath.dirname(posixpath.dirname(name)), name) for name in listings)
        return tuple(
            posixpath.join(folder, posixpath.basename(name).removesuffix(".rels"))
            for folder, name in folders
        )

    def targets(self, source: str) -> dict[str, str]:
        """Give the addresses outside the package that a part links to, by id; none is followed."""
        return {
            item.get("Id", ""): item.get("Target", "")
            for item in self._links(source)
            if item.get("TargetMode") == "External"
        }

    def _links(self, source: str) -> list[Element]:
        folder, name = posixpath.split(source)
        listing = posixpath.join(folder, "_rels", f"{name}.rels")
        if listing.lower() not in self._names:
            return []
        if listing not in self._listings:
            root = self.part(listing)
            self._listings[listing] = [] if root is None else root.findall("{*}Relationship")
        return self._listings[listing]

    def _parse(self, name: str) -> Element:
        return parse_xml(self.entry(name), name, self._limits)


def core_properties(package: Package) -> tuple[tuple[str, str], ...]:
    """Give title, author and the like, as a package has them."""
    found: list[tuple[str, str]] = []
    for link in package.relationships(""):
        root = package.side_part(link.target) if link.kind == "core-properties" else None
        for item in () if root is None else root:
            key = _METADATA.get(item.tag.rpartition("}")[2])
            if key and (item.text or "").strip():
                found.append((key, item.text.strip()))
    return tuple(found)


def unread_parts(
    package: Package, names: Iterable[str], kinds: Mapping[str, str]
) -> tuple[str, ...]:
    """Say which parts of these kinds hang on parts of these names, without being read."""
    links = Counter(link.kind for name in names for link in package.relationships(name))
    return tuple(
        f"the text of {links[kind]} {word}{'s' if links[kind] > 1 else ''} inside was not read"
        for kind, word in kinds.items()
        if links[kind]
    )


def _refuse_ole(data: bytes) -> None:
    if not data.startswith(_OLE_MAGIC):
        return
    if _OLE_ENCRYPTED_STREAM in data:
        raise EncryptedError("it is locked with a password: save it without one and try again")
    raise UnsupportedFormatError(
        "it is of the old binary format (.doc, .xls, .ppt): save it as .docx, .xlsx or .pptx"
    )


def _refuse_encrypted_entries(archive: zipfile.ZipFile) -> None:
    if any(entry.flag_bits & _ENCRYPTED_ENTRY for entry in archive.infolist()):
        raise EncryptedError("its zip is locked with a password: save it without one and try again")
