"""The store of documents by content: what was read once is not read again.

Prefect tasks exchange references into it, never texts. It lies at an fsspec URL, so workers on
several machines may share it.
"""

import hashlib
import uuid
from dataclasses import dataclass

import fsspec

from tasks.core.documents import Document, from_json, to_json


def document_key(digest: str, reader_version: str, options: str = "") -> str:
    """Name a document by its source's bytes and by all else that shapes its text."""
    content = "\n".join((digest, reader_version, options))
    return hashlib.sha256(content.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class DocumentStore:
    """Documents as JSON files under `<url>/<first two of key>/<key>.json`."""

    url: str

    def get(self, key: str) -> Document | None:
        """Give the document, or None when it is not here or cannot be read back."""
        files, path = fsspec.core.url_to_fs(self._file(key))
        try:
            return from_json(Document, files.cat_file(path))
        except (FileNotFoundError, ValueError):
            return None

    def keep(self, key: str, document: Document) -> None:
        """Write a document, whole or not at all."""
        files, path = fsspec.core.url_to_fs(self._file(key))
        files.makedirs(files._parent(path), exist_ok=True)
        aside = f"{path}.{uuid.uuid4().hex}.tmp"
        files.pipe_file(aside, to_json(document))
        files.mv(aside, path)

    def _file(self, key: str) -> str:
        return f"{self.url}/{key[:2]}/{key}.json"
