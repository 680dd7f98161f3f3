"""Answers on their way to one: what each says, which parts it speaks for, what evidence it has."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from prompts.frame import source, user_message
from prompts.library import Prompt, Recipe
from prompts.questions import is_nothing
from tasks.core.answers import Answer
from tasks.core.capacity import Window
from tasks.core.requests import MESSAGE_TOKENS, REQUEST_TOKENS, InferenceRequest, Message
from tasks.core.tokens import count_tokens
from tasks.merge.concat import in_order, said
from tasks.merge.references import with_name

JOINT_TOKENS = 2
"""What a line break between two sources may cost."""

EVIDENCE = "Evidence for this, word for word from the source:"

SEPARATORS = ("\n\n", "\n", ". ", "。", " ")
"""Where a text that is too long is cut, best places first; else anywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Partial:
    """An answer that speaks for the parts `first` to `last` of `total`.

    Only parts that had anything to say are counted. `evidence` are quotations that the answers
    below it had and its text has lost, each with its page; they go along.
    """

    text: str
    first: int
    last: int
    total: int
    pages: tuple[int, ...] = ()
    documents: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


Group = tuple[Partial, ...]


def leaves(answers: Iterable[Answer]) -> tuple[Partial, ...]:
    """Give the answers as partials; those with nothing relevant are left out by protocol."""
    spoken = [answer for answer in in_order(answers) if not is_nothing(said(answer) or "")]
    heard = [answer for answer in spoken if answer.usable is not None]
    return tuple(
        Partial(
            text=with_name(said(answer) or "", answer.chunk.document),
            first=place,
            last=place,
            total=len(heard),
            pages=answer.chunk.pages,
            documents=(answer.chunk.document,) if answer.chunk.document else (),
        )
        for place, answer in enumerate(heard, 1)
    )


def joined(group: Group, text: str, evidence: tuple[str, ...] = ()) -> Partial:
    """Give the answer to a group's request the place of the group."""
    return Partial(
        text=text,
        first=group[0].first,
        last=group[-1].last,
        total=group[0].total,
        pages=tuple(sorted({page for partial in group for page in partial.pages})),
        documents=tuple(dict.fromkeys(name for partial in group for name in partial.documents)),
        evidence=evidence,
    )


def request_of(pieces: Sequence[str], prompt: Prompt, recipe: Recipe) -> InferenceRequest:
    """Give the request that shows a prompt of the recipe some fenced pieces."""
    return InferenceRequest(
        model=recipe.model,
        system_prompt=prompt.system,
        messages=(*prompt.examples, Message("user", user_message(*pieces))),
        max_tokens=prompt.max_tokens,
        temperature=prompt.temperature,
        top_p=prompt.top_p,
        seed=prompt.seed,
    )


def room_tokens(prompt: Prompt, window: Window) -> int:
    """Give the tokens that the fenced pieces of a request may have in all."""
    examples = sum(MESSAGE_TOKENS + count_tokens(m.content) for m in prompt.examples)
    frame = REQUEST_TOKENS + MESSAGE_TOKENS + count_tokens(user_message())
    most = window.prompt_tokens_at_most(max_tokens=prompt.max_tokens)
    return most - count_tokens(prompt.system) - examples - frame


def shown(partial: Partial, **headers: str) -> str:
    """Fence a partial answer, with its evidence below it, under headers that say whose it is."""
    parts = [partial.text]
    if partial.evidence:
        parts.append("\n".join((EVIDENCE, *(f"- {quote}" for quote in partial.evidence))))
    return source("\n\n".join(parts), {**headers, **_headers(partial)})


def cost(partial: Partial) -> int:
    """Count what a partial answer takes of the room."""
    return count_tokens(shown(partial)) + JOINT_TOKENS


def cut(partial: Partial, most: int) -> Iterator[Partial]:
    """Cut a partial answer until each piece costs at most so much; the last keeps the evidence.

    What is not to be cut any further is given as it is.
    """
    at = _middle(partial.text)
    if cost(partial) <= most or not 0 < at < len(partial.text):
        yield partial
        return
    for text, evidence in ((partial.text[:at], ()), (partial.text[at:], partial.evidence)):
        if text.strip():
            yield from cut(replace(partial, text=text.strip(), evidence=evidence), most)


def trimmed(partial: Partial, most: int) -> Partial:
    """Let go of evidence, the last first, until it takes at most so many tokens."""
    kept: list[str] = []
    for quote in partial.evidence:
        most -= count_tokens(quote) + JOINT_TOKENS
        if most < 0:
            break
        kept.append(quote)
    return replace(partial, evidence=tuple(kept))


def _middle(text: str) -> int:
    """Find the best place to cut a text in two that is not far from its middle."""
    low, middle, high = len(text) // 3, len(text) // 2, 2 * len(text) // 3
    for separator in SEPARATORS:
        after = text.find(separator, middle, high)
        if after >= 0:
            return after + len(separator)
        before = text.rfind(separator, low, middle)
        if before >= 0:
            return before + len(separator)
    return middle


def _headers(partial: Partial) -> dict[str, str]:
    parts = (
        str(partial.first) if partial.first == partial.last else f"{partial.first}-{partial.last}"
    )
    headers = {"part": f"{parts} of {partial.total}"}
    if partial.documents:
        headers["document"] = ", ".join(partial.documents)
    if partial.pages and len(partial.documents) < 2:
        headers["pages"] = "-".join(map(str, sorted({partial.pages[0], partial.pages[-1]})))
    return headers
