"""The version of the readers: what shapes a document beside its source and the options chosen.

It is the digest of the code itself and of the libraries' versions, so that no change to a reader
can be forgotten. A change that gives the same text costs a second reading and no money, since
answers are kept by the text that was asked about.
"""

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tasks.core import documents

_FOLDER = Path(__file__).parent
LIBRARIES = (
    "compressed-rtf", "lxml", "markdown-it-py", "olefile", "openpyxl", "pypdf", "pypdfium2",
    "python-oxmsg", "striprtf", "tesserocr",
)  # fmt: skip


@cache
def reader_version() -> str:
    """Give the version; the same code with the same libraries has the same everywhere."""
    digest = hashlib.sha256(Path(documents.__file__).read_bytes())
    for path in sorted(_FOLDER.rglob("*.py")):
        digest.update(path.relative_to(_FOLDER).as_posix().encode())
        digest.update(path.read_bytes())
    digest.update(repr([_version(name) for name in LIBRARIES]).encode())
    return digest.hexdigest()


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:  # that of an extra
        return ""
