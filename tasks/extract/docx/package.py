"""The package around a Word document: a zip of parts, tied together by relationships."""

import posixpath
import zipfile
from dataclasses import dataclass
from functools import cached_property

from tasks.core.errors import DamagedError, EncryptedError, InputError, UnsupportedFormatError
from tasks.extract.docx.xml import Element, W, parse_xml
from tasks.extract.limits import ExtractionLimits
from tasks.extract.zips import check_zip, read_entry

_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_ENCRYPTED_ENTRY = 0x1
_USUAL_MAIN_PART = "word/document.xml"


@dataclass(frozen=True, slots=True)
class Relationship:
    """A link from one part to another; `kind` is the last word of its type."""

    id: str
    kind: str
    target: str


class Package:
    """The parts of one Word file, read on demand within the limits; `warnings` grows meanwhile."""

    def __init__(self, data: bytes, limits: ExtractionLimits) -> None:
        _refuse_ole(data)
        self._zip = check_zip(data, limits)
        _refuse_encrypted_entries(self._zip)
        self._limits = limits
        # Part names are case-insensitive, zip names are not.
        self._names = {name.lower(): name for name in self._zip.namelist()}
        self._listings: dict[str, list[Element]] = {}
        self.warnings: list[str] = []

    @cached_property
    def main_part(self) -> str:
        """Give the name of the part that holds the document's body."""
        for link in self.relationships(""):
            if link.kind == "officeDocument" and link.target.lower() in self._names:
                return link.target
        if _USUAL_MAIN_PART in self._names:
            return _USUAL_MAIN_PART
        raise UnsupportedFormatError("it is a zip but no Word document: no main part is named")

    @cached_property
    def document(self) -> Element:
        """Give the root of the main part; raises where that is no Word document."""
        root = self._parse(self.main_part)
        if root.tag != f"{W}document":
            raise UnsupportedFormatError(
                f"it is an Office file but no Word document (its main part is {self.main_part})"
            )
        return root

    def part(self, name: str) -> Element | None:
        """Give the root of a part other than the main one; None with a warning if unreadable."""
        try:
            return self._parse(name)
        except InputError as error:
            self.warnings.append(f"a part was not read: {error}")
            return None

    def related(self, kind: str) -> Element | None:
        """Give the root of the first part of this kind that the main part links to."""
        name = self.related_name(kind)
        return self.part(name) if name else None

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
        try:
            content = read_entry(self._zip, self._names[name.lower()], self._limits)
        except KeyError as error:
            raise DamagedError(f"its part {name} is missing") from error
        return parse_xml(content, name)


def _refuse_ole(data: bytes) -> None:
    if not data.startswith(_OLE_MAGIC):
        return
    if _OLE_ENCRYPTED_STREAM in data:
        raise EncryptedError("it is locked with a password: save it without one and try again")
    raise UnsupportedFormatError("it is of the old binary .doc format: save it as .docx")


def _refuse_encrypted_entries(archive: zipfile.ZipFile) -> None:
    if any(entry.flag_bits & _ENCRYPTED_ENTRY for entry in archive.infolist()):
        raise EncryptedError("its zip is locked with a password: save it without one and try again")
