"""Files that are zip packages, such as Word's and Excel's: the same parts give the same bytes."""

import io
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

MOMENT = datetime(2000, 1, 1)  # noqa: DTZ001 - both libraries write it as UTC
"""When a file is made says nothing that its content does not, and would change its bytes."""

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip file can tell
_CONTENT_TYPES = "[Content_Types].xml"


def pinned(package: bytes) -> bytes:
    """Give a package with fixed times and a fixed order of its parts."""
    target_bytes = io.BytesIO()
    with (
        ZipFile(io.BytesIO(package)) as source,
        ZipFile(target_bytes, "w", ZIP_DEFLATED) as target,
    ):
        for name in sorted(source.namelist(), key=lambda n: (n != _CONTENT_TYPES, n)):
            part = ZipInfo(name, _EPOCH)
            part.compress_type = ZIP_DEFLATED
            part.create_system = 3  # else it would tell the system that we ran on
            part.external_attr = 0o644 << 16
            target.writestr(part, source.read(name))
    return target_bytes.getvalue()
