"""From what a model sends to an answer: thoughts kept apart, ends that are no end named.

M2.7 always thinks. Its thoughts come beside the text, or leak into it as `<think>…</think>`,
sometimes nested, without the opening tag, or without the closing one.
"""

import re

from tasks.core.documents import Result
from tasks.core.errors import RejectedError, ReplyError, TruncatedError

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


def _end_of_thoughts(text: str, tags: list[re.Match[str]]) -> int:
    """Find where the first block of thoughts ends; the text's end when it is never closed."""
    depth = 0
    for at, tag in enumerate(tags):
        depth = depth - 1 if tag.group().startswith("</") else depth + 1
        following = tags[at + 1].start() if at + 1 < len(tags) else None
        again = following is not None and not text[tag.end() : following].strip()
        if depth <= 0 and not again:
            return tag.end()
    return len(text)


def check(result: Result, *, sent_tokens: int = 0) -> Result:
    """Give a whole answer back; raise the error that names what any other is.

    `sent_tokens` counts the document text of the request, by our tokenizer: a server that counted
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
        raise RejectedError("the provider's content filter refused the text")
    if not result.text:
        raise ReplyError("the answer is empty: --fresh asks anew")
    return result
