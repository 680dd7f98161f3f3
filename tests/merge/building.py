"""Answers for the tests of merging."""

from typing import Any

from prompts.library import Prompt, Recipe
from tasks.core.documents import Answer, Chunk, Document, Page, Result

FACTS: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["facts"],
    "properties": {
        "facts": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["fact"],
                "properties": {
                    "fact": {"type": "string"},
                    "quote": {"type": "string"},
                    "page": {"type": "integer"},
                },
            },
        }
    },
}


def recipe(merge: str = "reduce", *, max_tokens: int = 100) -> Recipe:
    prompt = Prompt(system="Merge.", max_tokens=max_tokens)
    return Recipe(
        name="test",
        description="For tests.",
        version="0" * 12,
        model="minimax:m2.7@0",
        merge=merge,  # type: ignore[arg-type]  # one of the three, as the tests give it
        output_format="json" if merge == "records" else "text",
        schema=FACTS if merge == "records" else None,
        map=prompt,
        reduce=prompt if merge == "reduce" else None,
    )


def answer(index: int, text: str | None, *, total: int = 3, failure: str | None = None) -> Answer:
    """Make the answer to part `index`, which is page `index` and ten characters of the text."""
    start = (index - 1) * 10
    chunk = Chunk(index=index, total=total, start=start, end=start + 10, tokens=3, pages=(index,))
    result = None if text is None else Result(answer_key=f"k{index}", text=text)
    return Answer(chunk=chunk, result=result, failure=failure)


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
