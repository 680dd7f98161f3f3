"""A chunker of others on one text; `tests.benchmarks.chunking` runs it in its own environment.

python chunking_peers.py NAME TEXT-FILE TOKENS      prints {"seconds": …, "chunks": […]} as JSON
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

PACKAGES = {
    "semantic-text-splitter": "semantic-text-splitter==0.33.1",
    "semchunk": "semchunk==4.1.1",
    "chonkie": "chonkie==1.7.0",
    "LangChain": "langchain-text-splitters==1.1.3",
    "LlamaIndex": "llama-index-core==0.14.25",
}
ENCODING = "o200k_base"
PART_CHARS = 1_000_000
"""Its sentence tokenizer stops after 5 s of one search."""

Chunker = Callable[[str], list[str]]


def semantic_text_splitter(tokens: int) -> Chunker:
    """Split by the best level that fits, as its own documentation has it."""
    splitter = import_module("semantic_text_splitter").TextSplitter
    chunks: Chunker = splitter.from_tiktoken_model("gpt-4o", tokens, trim=False).chunks
    return chunks


def semchunk(tokens: int) -> Chunker:
    """Split recursively at ever lesser separators."""
    encoding = import_module("tiktoken").get_encoding(ENCODING)
    chunker: Chunker = import_module("semchunk").chunkerify(encoding, tokens)
    return chunker


def chonkie(tokens: int) -> Chunker:
    """Split recursively by its default rules."""
    encoding = import_module("tiktoken").get_encoding(ENCODING)
    chunker = import_module("chonkie").RecursiveChunker(tokenizer=encoding, chunk_size=tokens)
    return lambda text: [chunk.text for chunk in chunker.chunk(text)]


def langchain(tokens: int) -> Chunker:
    """Split recursively, without overlap."""
    splitter = import_module("langchain_text_splitters").RecursiveCharacterTextSplitter
    split: Chunker = splitter.from_tiktoken_encoder(
        encoding_name=ENCODING, chunk_size=tokens, chunk_overlap=0
    ).split_text
    return split


def llama_index(tokens: int) -> Chunker:
    """Split at sentences, without overlap, `PART_CHARS` at a time: it gives up on 20 MB at once."""
    encoding = import_module("tiktoken").get_encoding(ENCODING)
    splitter = import_module("llama_index.core.node_parser").SentenceSplitter
    split: Chunker = splitter(
        chunk_size=tokens, chunk_overlap=0, tokenizer=encoding.encode_ordinary
    ).split_text
    return lambda text: [chunk for part in _parts(text) for chunk in split(part)]


def _parts(text: str) -> Iterator[str]:
    """Cut a text between paragraphs."""
    start = 0
    while start < len(text):
        gap = text.find("\n\n", start + PART_CHARS)
        end = len(text) if gap < 0 else gap + 2
        yield text[start:end]
        start = end


CHUNKERS: dict[str, Callable[[int], Chunker]] = dict(
    zip(PACKAGES, (semantic_text_splitter, semchunk, chonkie, langchain, llama_index), strict=True)
)


def main() -> None:
    """Chunk the text once and say what came of it and how long it took."""
    name, file, tokens = sys.argv[1:]
    text = Path(file).read_text(encoding="utf-8")
    chunker = CHUNKERS[name](int(tokens))
    chunker(text[:2_000])  # what is loaded at first use is not measured
    start = time.process_time()
    chunks = list(chunker(text))
    told: dict[str, Any] = {"seconds": time.process_time() - start, "chunks": chunks}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
