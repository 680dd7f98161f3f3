"""Every recipe, answered by the scripted model from facts planted in a document."""

from prompts.frame import source, user_message
from prompts.library import Prompt, Recipe
from tasks.chunk.request import map_request
from tasks.core.answers import Chunk
from tasks.core.documents import Block, BlockKind, Document, Page
from tasks.core.outputs import CitationStatus
from tasks.core.requests import Message
from tasks.emulator.engine.planted.model import complete, read
from tasks.emulator.wire import requests
from tasks.merge.citations import check_citations, check_quotes
from tasks.merge.parsing.reply import read_reply
from tests.prompts.test_shipped import recipe

__all__ = ["recipe"]  # a fixture

FACTS = [
    f"Fact K-00{n}: Orla Quigley shall pay EUR {n},200 by 3 May 202{n % 10}." for n in range(10, 40)
]
TEXT = "\n\n".join(f"Rain fell on day {n} at the quay. {fact}" for n, fact in enumerate(FACTS))
DOCUMENT = Document(
    digest="d",
    text=TEXT,
    blocks=(Block(kind=BlockKind.PARAGRAPH, start=0, end=len(TEXT)),),
    pages=(
        Page(number=1, start=0, end=TEXT.index(FACTS[15])),
        Page(number=2, start=TEXT.index(FACTS[15]), end=len(TEXT)),
    ),
)
CHUNK = Chunk(index=1, total=2, start=0, end=len(TEXT), tokens=900, pages=(1, 2))


def asked(system: str, *messages: Message) -> str:
    turns = tuple(requests.Message(message.role, message.content) for message in messages)
    request = requests.InferenceRequest(messages=turns, system_prompt=system)
    return complete(request, read(request).facts)[0].text


def test_every_fact_comes_back_with_its_quotation_and_page(recipe: Recipe) -> None:
    request = map_request(DOCUMENT, CHUNK, recipe)
    answer = asked(request.system_prompt, *request.messages)

    if recipe.schema is None:
        _, citations = check_citations(answer, {"": DOCUMENT})
    else:
        reply = read_reply(answer, recipe.schema)
        assert (reply.repairs, reply.problem) == ((), None)
        quotes = [(str(r.get("quote") or r["value"]), r["page"]) for r in reply.records]
        citations = check_quotes(quotes, DOCUMENT)  # type: ignore[arg-type]  # a page, by schema
    assert [fact for fact in FACTS if fact not in answer] == []
    assert [c.status for c in citations] == [CitationStatus.FOUND] * len(FACTS)
    assert {c.page for c in citations} == {1, 2}


def test_merging_keeps_every_fact_and_says_none_twice(recipe: Recipe) -> None:
    prompt: Prompt | None = recipe.reduce or recipe.refine
    if prompt is None:
        return
    halves = ["\n".join(f"- “{fact}” [p. 1]" for fact in some) for some in (FACTS[:20], FACTS[10:])]
    content = user_message(
        *(source(half, {"part": f"{n} of 2"}) for n, half in enumerate(halves, 1))
    )
    merged = asked(prompt.system, *prompt.examples, Message("user", content))

    assert [merged.count(fact) for fact in FACTS] == [1] * len(FACTS)


def test_a_part_without_facts_says_nothing(recipe: Recipe) -> None:
    content = user_message(source("Rain fell all day.", {"part": "1 of 2"}))
    answer = asked(recipe.map.system, *recipe.map.examples, Message("user", content))

    if recipe.schema is not None:
        assert read_reply(answer, recipe.schema).records == ()
    else:
        assert "Fact" not in answer
