"""The account of characters: what was read, answered, set apart and failed."""

from collections.abc import Iterable

from tasks.core.documents import Document
from tasks.core.outputs import Covered, Gap
from tasks.core.reports import Characters
from tasks.core.spans import Span, length, subtract


def account(document: Document, covered: Iterable[Covered], gaps: Iterable[Gap]) -> Characters:
    """Count a document's characters, each figure from its own spans and none from another figure.

    `covered` are spans whose answers stand in the ledger and in a written output. The figures
    add up only if every character really is in one of them: `Characters.unexplained` tells.
    """
    set_apart = document.set_apart()
    answered = subtract((Span(c.start, c.end) for c in covered), set_apart)
    failed = subtract((Span(g.start, g.end) for g in gaps), (*set_apart, *answered))
    return Characters(
        read=len(document.text),
        answered=length(answered),
        set_apart=length(set_apart),
        failed=length(failed),
        unread=len(document.unread) + sum(page.problem is not None for page in document.pages),
    )


def total(accounts: Iterable[Characters]) -> Characters:
    """Add up the accounts of several documents, figure by figure."""
    told = list(accounts)
    return Characters(
        read=sum(each.read for each in told),
        answered=sum(each.answered for each in told),
        set_apart=sum(each.set_apart for each in told),
        failed=sum(each.failed for each in told),
        unread=sum(each.unread for each in told),
    )


def coverage(characters: Characters) -> float | None:
    """Give answered / (read - set apart), None where there was nothing to answer.

    Where `characters.unread` is not 0, say with it that it is of what could be read.
    """
    asked = characters.read - characters.set_apart
    return characters.answered / asked if asked else None
