import asyncio
from collections import Counter
from pathlib import Path

import pytest

from tasks.core.documents import Document
from tasks.core.errors import InputError
from tasks.extract.limits import ExtractionLimits
from tasks.extract.read import Readers
from tasks.extract.sources import find_sources

LIMITS = ExtractionLimits(timeout_s=60)


async def outcome(path: Path, readers: Readers) -> Document | InputError:
    try:
        return await readers.extract(path)
    except InputError as error:
        return error


@pytest.mark.corpus
async def test_every_real_file_ends_in_text_or_a_named_error(corpus: Path) -> None:
    sources = find_sources([str(corpus)])
    async with Readers(LIMITS, at_once=2) as readers:
        ends = await asyncio.gather(*(outcome(source.path, readers) for source in sources))

    for source, end in zip(sources, ends, strict=True):
        if isinstance(end, Document):
            assert end.text.strip() or end.warnings, source.name
            assert is_accounted_for(end), source.name
            assert stands_where_it_says(end), source.name
        else:
            assert source.path.name in str(end)
    assert Counter(end.status for end in ends if isinstance(end, InputError))["damaged"] == 0


def stands_where_it_says(document: Document) -> bool:
    """Tell whether each block begins on its page, holds text to its ends, and links lie in one."""
    texts = [document.text_of(block) for block in document.blocks]
    pages = [document.pages[b.page - 1] for b in document.blocks if b.page is not None]
    paged = [block for block in document.blocks if block.page is not None]
    return (
        all(text and text == text.strip() for text in texts)
        and all(p.start <= b.start <= p.end for b, p in zip(paged, pages, strict=True))
        and all(document.text_of(link).strip() for link in document.links)
    )


def is_accounted_for(document: Document) -> bool:
    """Tell whether all that is not white space lies in a block."""
    in_blocks = sum(len("".join(document.text_of(b).split())) for b in document.blocks)
    return in_blocks == len("".join(document.text.split()))
