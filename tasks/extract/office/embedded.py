"""Files that are embedded in an Office file: documents of their own, as attachments are.

A workbook behind a chart is none: the chart itself keeps what it shows.
"""

from collections.abc import Iterator
from posixpath import basename

from tasks.core.errors import InputError
from tasks.extract.assemble import Facts
from tasks.extract.inside import listed, named_apart
from tasks.extract.office.ole import MAGIC, payload
from tasks.extract.office.opc import Package
from tasks.extract.reader import Inside, Request

_EMBEDDED = {"package", "oleObject"}
_CHARTS = {"chart", "chartEx"}


def embedded_facts(package: Package) -> Iterator[Facts]:
    """List the files embedded in a package."""
    return listed(_files(package))


def unpack_office(data: bytes, request: Request) -> Iterator[Inside]:
    """Give the files embedded in an Office file."""
    return _files(Package(data, request.limits))


def _files(package: Package) -> Iterator[Inside]:
    links = [(part, link) for part in package.linking() for link in package.relationships(part)]
    charts = {link.target for _, link in links if link.kind in _CHARTS}
    targets = dict.fromkeys(
        link.target for part, link in links if link.kind in _EMBEDDED and part not in charts
    )
    return named_apart(filter(None, (_file(package, target) for target in targets)))


def _file(package: Package, name: str) -> Inside | None:
    try:
        data = package.entry(name)
    except InputError as error:
        (package.unread if package.holds(name) else package.warnings).append(f"not read: {error}")
        return None
    inside = payload(data, basename(name)) if data.startswith(MAGIC) else None
    return inside or Inside(basename(name), data)
