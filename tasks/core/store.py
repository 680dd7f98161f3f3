"""The store of documents by content: what was read once is not read again.

Prefect tasks exchange references into it, never texts. It lies at an fsspec URL, so workers on
several machines may share it.
"""

import hashlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from weakref import WeakValueDictionary

import fsspec

from tasks.core.codec import from_json, to_json
from tasks.core.documents import Document
from tasks.core.errors import ConfigError, DamagedError


def document_key(digest: str, reader_version: str, options: str = "") -> str:
    """Name a document by its source's bytes and by all else that shapes its text."""
    content = "\n".join((digest, reader_version, options))
    return hashlib.sha256(content.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRef:
    """A document in the store, and the source that it was read from: what Prefect tasks exchange.

    `name` is for people; `path` is the source's as it was given.
    """

    key: str
    digest: str
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class DocumentStore:
    """Documents as JSON files under `<url>/<first two of key>/<key>.json`."""

    url: str

    def __post_init__(self) -> None:
        try:
            fsspec.get_filesystem_class(fsspec.utils.get_protocol(self.url))
        except (ValueError, ImportError) as error:
            raise ConfigError(f"DOCMILL_STORE is no place for documents: {error}") from None

    def get(self, key: str) -> Document | None:
        """Give the document, or None when it is not here or cannot be read back."""
        files, path = fsspec.core.url_to_fs(self._file(key))
        try:
            with self._explained():
                return from_json(Document, files.cat_file(path))
        except (FileNotFoundError, ValueError):
            return None

    def fetch(self, ref: DocumentRef) -> Document:
        """Give the document of a reference; DamagedError when it has left the store."""
        document = self.at_hand(ref) or _fetched(self, ref.key)
        if document is None:
            raise DamagedError(
                f"{ref.name}: its text is no longer in the document store {self.url}: "
                "run the same command again to read it anew"
            )
        return document

    def at_hand(self, ref: DocumentRef) -> Document | None:
        """Give the document of a reference if this process holds it already; nothing is read."""
        return _held.get((self.url, ref.key))

    def keep(self, key: str, document: Document) -> None:
        """Write a document, whole or not at all."""
        files, path = fsspec.core.url_to_fs(self._file(key))
        aside = f"{path}.{uuid.uuid4().hex}.tmp"
        with self._explained():
            files.makedirs(files._parent(path), exist_ok=True)
            files.pipe_file(aside, to_json(document))
            files.mv(aside, path)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn an error of the system into a ConfigError that names the store and the remedy."""
        try:
            yield
        except FileNotFoundError:
            raise
        except OSError as error:
            raise ConfigError(
                f"the document store {self.url} cannot be used ({error.strerror or error}): "
                "mend it, or point DOCMILL_STORE or DOCMILL_HOME at another place"
            ) from error

    def _file(self, key: str) -> str:
        return f"{self.url}/{key[:2]}/{key}.json"


_held: "WeakValueDictionary[tuple[str, str], Document]" = WeakValueDictionary()
"""What anybody in this process still holds, as whoever is at work on it does."""


@lru_cache(maxsize=4)
def _fetched(store: DocumentStore, key: str) -> Document | None:
    """Keep the last few, since one step after the other asks for them."""
    document = store.get(key)
    if document is not None:
        _held[store.url, key] = document
    return document
