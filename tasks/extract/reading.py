"""Reading a source through the store: what was read once is not read again."""

from dataclasses import dataclass

from tasks.core.errors import InputError
from tasks.core.store import DocumentRef, DocumentStore, document_key
from tasks.extract.options import ReadingOptions
from tasks.extract.read import READER_VERSION, Readers, digest_of
from tasks.extract.sources import Source

_INCOMPLETE = " incomplete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What became of one source: a document in the store, or the reason why there is none.

    `may_pass`: the same may go well later.
    """

    source: Source
    ref: DocumentRef | None = None
    failure: str = ""
    may_pass: bool = False


async def read_source(
    source: Source, readers: Readers, store: DocumentStore, options: ReadingOptions
) -> Reading:
    """Read a source, from the store where it is there; a failure is the source's own."""
    try:
        return await _read(source, readers, store, options)
    except InputError as error:
        return Reading(source=source, failure=f"{error.status}: {error}")
    except OSError as error:
        reason = f"{source.name}: its text cannot be kept in {store.url} ({error.strerror})"
        return Reading(source=source, failure=reason, may_pass=True)


async def _read(
    source: Source, readers: Readers, store: DocumentStore, options: ReadingOptions
) -> Reading:
    digest = digest_of(source.path)
    key = document_key(digest, READER_VERSION, options.key())
    document = store.get(key)
    if document is None:
        document = await readers.extract(source.path, options)
        if document.digest != digest:  # what it held would be kept for what it had held
            raise InputError(f"{source.name}: it changed while it was read. Run again.")
        if document.unread:  # with more time or memory there may be more to read
            key = document_key(digest, READER_VERSION, options.key() + _INCOMPLETE)
        store.keep(key, document)
    if not document.text.strip():
        return Reading(source=source, failure="empty: the file holds no text")
    ref = DocumentRef(key=key, digest=digest, name=source.name, path=str(source.path))
    return Reading(source=source, ref=ref)
