"""Reading a source, and what lies in it, through the store: nothing is read twice."""

from dataclasses import dataclass
from pathlib import Path

from tasks.core.documents import Attachment, Document
from tasks.core.errors import InputError
from tasks.core.store import DocumentRef, DocumentStore, document_key
from tasks.extract.family import Family, readable
from tasks.extract.options import ReadingOptions
from tasks.extract.read import Readers, digest_of
from tasks.extract.sources import Source
from tasks.extract.version import reader_version

_INCOMPLETE = " incomplete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What became of one source: a document in the store, or the reason why there is none.

    `inside` are the files in it that can be read as documents of their own. `may_pass`: the same
    may go well later.
    """

    source: Source
    ref: DocumentRef | None = None
    inside: tuple[Attachment, ...] = ()
    failure: str = ""
    may_pass: bool = False


async def read_source(
    source: Source, readers: Readers, store: DocumentStore, options: ReadingOptions
) -> tuple[Reading, ...]:
    """Read a source, and behind it all that lies in it, each from the store where it is there.

    A failure is the source's own.
    """

    async def read(source: Source, digest: str | None) -> Reading:
        try:
            known = digest or digest_of(source.path)
            return await _read(source, known, readers, store, options)
        except InputError as error:
            return _refused(source, error)
        except OSError as error:
            reason = f"{source.name}: its text cannot be kept in {store.url} ({error.strerror})"
            return Reading(source=source, failure=reason, may_pass=True)

    return await Family(read=read, inside=lambda own: own.inside, refuse=_refused).of(source)


async def digests_in(file: Path, readers: Readers) -> tuple[str, ...]:
    """Give the digest of a file, and those of all sources in it; InputError if there is no file.

    What lies in one that cannot be read is not found, and was never read before.
    """

    async def read(source: Source, digest: str | None) -> tuple[str, tuple[Attachment, ...]]:
        own = digest or digest_of(source.path)
        try:
            document = await readers.extract(source.path, inside=source.inside)
        except InputError:
            return own, ()
        return own, readable(document.attachments)

    family = Family(read=read, inside=lambda own: own[1], refuse=lambda *_: ("", ()))
    members = await family.of(Source(file, file.name))
    return tuple(dict.fromkeys(digest for digest, _ in members if digest))


async def _read(
    source: Source, digest: str, readers: Readers, store: DocumentStore, options: ReadingOptions
) -> Reading:
    key = document_key(digest, reader_version(), options.key())
    document = store.get(key)
    if document is None:
        document = await readers.extract(source.path, options, inside=source.inside)
        if document.digest != digest:  # what it held would be kept for what it had held
            raise InputError(f"{source.name}: it changed while it was read. Run again.")
        if document.unread:  # with more time or memory there may be more to read
            key = document_key(digest, reader_version(), options.key() + _INCOMPLETE)
        store.keep(key, document)
    return _told(source, key, document)


def _told(source: Source, key: str, document: Document) -> Reading:
    inside = readable(document.attachments)
    if not document.text.strip():
        lack = "; ".join(document.unread)
        failure = f"unread: {lack}" if lack else "empty: the file holds no text"
        return Reading(source=source, inside=inside, failure=failure)
    ref = DocumentRef(key=key, digest=document.digest, name=source.name, path=source.address)
    return Reading(source=source, ref=ref, inside=inside)


def _refused(source: Source, error: InputError) -> Reading:
    return Reading(source=source, failure=f"{error.status}: {error}")
