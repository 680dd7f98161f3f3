"""Answers for the tests of merging."""

import json
from collections.abc import Callable
from typing import Any

from prompts.library import Prompt, Recipe, RecordRules
from tasks.core.answers import Answer, Chunk, Result
from tasks.core.documents import Block, BlockKind, Document, Page
from tasks.core.requests import InferenceRequest
from tasks.merge.merged import Merged, Merging, Reply, advance
from tests.schemas import PAGE, TEXT, listing

FACTS = listing("facts", {"fact": TEXT, "quote": TEXT, "page": PAGE}, "fact")


def without_pages(*paragraphs: str) -> Document:
    """Make a document of paragraphs, each so long that it has a number of its own."""
    texts = [f"{text} {'So much for that, and on to the rest. ' * 25}" for text in paragraphs]
    text = "".join(texts)
    starts = [sum(map(len, texts[:at])) for at in range(len(texts))]
    blocks = tuple(
        Block(kind=BlockKind.PARAGRAPH, start=start, end=start + len(text))
        for start, text in zip(starts, texts, strict=True)
    )
    return Document(digest="0" * 64, text=text, blocks=blocks)


def recipe(merge: str = "reduce", *, max_tokens: int = 100, **changes: Any) -> Recipe:
    prompt = Prompt(system="Merge.", max_tokens=max_tokens)
    values = {
        "name": "test",
        "description": "For tests.",
        "version": "0" * 12,
        "model": "minimax:m2.7@0",
        "merge": merge,
        "output_format": "json" if merge == "records" else "text",
        "schema": FACTS if merge == "records" else None,
        "map": prompt,
        "reduce": prompt if merge == "reduce" else None,
        "refine": prompt if merge == "refine" else None,
    }
    return Recipe(**{**values, **changes})


def records_of(fields: dict[str, Any], **rules: tuple[str, ...]) -> Recipe:
    """Make a recipe for records with the given fields, by name and JSON Schema."""
    schema = listing("items", fields, strict=False)
    return recipe("records", schema=schema, records=RecordRules(**rules))


def answer(
    index: int, text: str | None, *rivals: str, total: int = 3, failure: str | None = None
) -> Answer:
    """Make the answer to part `index`, which is page `index` and ten characters of the text."""
    start = (index - 1) * 10
    chunk = Chunk(index=index, total=total, start=start, end=start + 10, tokens=3, pages=(index,))
    result = None if text is None else Result(answer_key=f"k{index}", text=text)
    others = tuple(Result(answer_key=f"k{index}-{n}", text=t) for n, t in enumerate(rivals, 1))
    return Answer(chunk=chunk, result=result, failure=failure, rivals=others)


def lead(merging: Merging, reply: Callable[[InferenceRequest], Reply | str]) -> Merged:
    """Lead a merge to its end, each request answered by a function."""
    wanted = advance(merging)
    while not isinstance(wanted, Merged):
        replies = (reply(request) for request in wanted)
        wanted = advance(
            merging,
            tuple(Result(answer_key="m", text=r) if isinstance(r, str) else r for r in replies),
        )
    return wanted


def document(*pages: str) -> Document:
    starts = [sum(map(len, pages[:n])) for n in range(len(pages))]
    return Document(
        digest="d",
        text="".join(pages),
        pages=tuple(
            Page(number=n, start=start, end=start + len(text))
            for n, (start, text) in enumerate(zip(starts, pages, strict=True), 1)
        ),
    )


def items(*fields: dict[str, Any]) -> str:
    return json.dumps({"items": fields})
