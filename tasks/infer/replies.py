"""From what a model sends to an answer: thoughts kept apart, ends that are no end named.

M2.7 always thinks. Its thoughts come beside the text, or leak into it as `<think>…</think>`,
sometimes nested, without the opening tag, or without the closing one.
"""

import re
from collections.abc import Sequence

from tasks.core.answers import Result
from tasks.core.errors import (
    DeclinedError,
    InferenceError,
    RejectedError,
    ReplyError,
    TruncatedError,
)

FAILED = "failed"
"""The finish reason of a result that failed beside siblings that did not; a word of ours."""

REFUSAL = re.compile(
    r"(I[’']m sorry,? but |I am sorry,? but |Sorry,? but |I apologi[sz]e,? but )?"
    r"I( cannot| can[’']t| can not| won[’']t| will not|[’']m not able to|[’']m unable to"
    r"| am not able to| am unable to) "
    r"(help|assist|comply|fulfil|fulfill|continue|process|provide|answer|do that)\b",
    re.IGNORECASE,
)
REFUSAL_CHARS = 300
"""A longer text that begins like a refusal says something beside."""

LEAST_SHARE_COUNTED = 0.5
"""No tokenizer in use counts less than half of what ours counts for the same text."""

TAG = re.compile(r"</?think(?:ing)?>", re.IGNORECASE)


def split_thoughts(text: str) -> tuple[str, str]:
    """Give (answer, thoughts); text without thoughts comes back as it was, but for outer space.

    Only a block at the start is taken for thoughts, since an answer may speak of such tags.
    """
    tags = list(TAG.finditer(text))
    if not tags:
        return text.strip(), ""
    opened_at_start = tags[0].start() == len(text) - len(text.lstrip())
    closes_first = tags[0].group().startswith("</")
    if not opened_at_start and not closes_first:
        return text.strip(), ""
    end = _end_of_thoughts(text, tags)
    return text[end:].strip(), TAG.sub("", text[:end]).strip()


def join_thoughts(beside: str | Sequence[str] | None, leaked: str) -> str:
    """Join the thoughts that came beside a text, in one piece or several, to those out of it."""
    pieces = [beside] if isinstance(beside, str) else [*(beside or ())]
    return "\n".join(piece for piece in (*pieces, leaked) if piece)


def _end_of_thoughts(text: str, tags: list[re.Match[str]]) -> int:
    """Find where the first block of thoughts ends.

    Where more is opened than closed, the last closing tag ends it; where none closes, the text's
    end does.
    """
    depth, end = 0, len(text)
    for at, tag in enumerate(tags):
        closes = tag.group().startswith("</")
        depth += -1 if closes else 1
        end = tag.end() if closes else end
        following = tags[at + 1].start() if at + 1 < len(tags) else None
        again = following is not None and not text[tag.end() : following].strip()
        if depth <= 0 and not again:
            return tag.end()
    return end


def whole(results: Sequence[Result], *, sent_tokens: int = 0) -> tuple[Result, ...]:
    """Give the whole answers among siblings; where none is, raise what the first of them is."""
    found = []
    for result in results:
        try:
            found.append(check(result, sent_tokens=sent_tokens))
        except InferenceError:
            continue
    return tuple(found) or (check(results[0], sent_tokens=sent_tokens),)


def no_answer(results: Sequence[Result]) -> bool:
    """Tell whether none of the results says anything, which another try may mend."""
    return all(_is_none(result) for result in results)


def _is_none(result: Result) -> bool:
    try:
        check(result)
    except ReplyError:
        return True
    except InferenceError:
        return False
    return False


def check(result: Result, *, sent_tokens: int = 0) -> Result:
    """Give a whole answer back; raise the error that names what any other is.

    `sent_tokens` counts the text of the request, by our tokenizer: a server that counted
    far less cut the text in silence and answered the rest.
    """
    if result.usage and result.usage.prompt_tokens < sent_tokens * LEAST_SHARE_COUNTED:
        raise RejectedError(
            f"the server read {result.usage.prompt_tokens} tokens of a text of {sent_tokens}: its "
            "context window is smaller than ours, set DOCMILL_WINDOW or --window to it"
        )
    if result.finish_reason == "length":
        raise TruncatedError(
            "the answer was cut at maxTokens: raise maxTokens in the recipe's config, or have "
            "smaller chunks by its docmill.chunk.target"
        )
    if result.finish_reason == "content_filter":
        raise DeclinedError("the provider's content filter refused the text")
    if result.finish_reason == FAILED:
        raise ReplyError("this one of several results failed at the provider, its siblings did not")
    if result.finish_reason in ("tool_calls", "tool_use"):
        raise ReplyError("the model called for a tool instead of answering: it has none here")
    if len(result.text) <= REFUSAL_CHARS and REFUSAL.match(result.text):
        raise DeclinedError(f"the model refused: {result.text!r}")
    if not result.text:
        raise ReplyError("the answer is empty, asked twice: --fresh asks anew")
    return result
