"""What stands around a body: the notices before it, and "About this document" after it.

It says "quote found" and never more: that a quotation stands in the source does not prove the
sentence around it.
"""

from collections.abc import Iterator

from tasks.core.coverage import coverage
from tasks.core.outputs import CitationStatus, Gap, Output
from tasks.core.reports import Characters
from tasks.write.source import SourceInfo
from tasks.write.wording import number, pages, percent, plural

ABOUT_TITLE = "About this document"
NOT_COVERED = "Not covered"
_CAUTION = "A quote found in the source does not prove the sentence around it."
_SHOWN_OF_VERSION = 12

NAMED_AT_MOST = 20
"""So many of the parts that say nothing are named in a document; its JSON output names them all."""


def warnings_of(output: Output) -> tuple[str, ...]:
    """Give what stands before the body in plain text: what is amiss, then what is to be known."""
    return (*output.flaws, *output.notices)


def about_facts(output: Output, source: SourceInfo) -> tuple[tuple[str, str], ...]:
    """Give the facts as pairs of a label and plain text."""
    facts = [
        ("Sources", ", ".join(output.documents)) if output.documents else ("Source", source.name),
        ("Recipe", f"{output.recipe}, version {output.recipe_version[:_SHOWN_OF_VERSION]}"),
        ("Model", output.model),
        ("Coverage", _coverage(source.characters)),
        ("Citations looked up", _citations(output)),
    ]
    if output.silent:
        facts.append(("Nothing relevant in", silent_parts(output, NAMED_AT_MOST)))
    if output.uncarried:
        left = plural(len(output.uncarried), "quotation")
        facts.append(("Left out in merging", f"{left} of the parts; the JSON output names them"))
    if output.agreement is not None:
        facts.append(("Agreement of the votes", percent(output.agreement)))
    if output.sentences:
        cited = f"{number(output.cited_sentences)} of {plural(output.sentences, 'sentence')}"
        facts.append(("Sentences with a citation", cited))
    return tuple(facts)


def silent_parts(output: Output, at_most: int) -> str:
    """Name the parts whose answers say that they hold nothing to the point, so many at most."""
    named = [
        f"{f'{s.document}, ' if s.document else ''}part {s.part}"
        f"{f' ({pages(s.pages)})' if s.pages else ''}"
        for s in output.silent
    ]
    more = len(named) - at_most
    rest = f"; and {number(more)} more" if more > 0 else ""
    counted = f"{number(len(named))} of {plural(len(output.covered), 'answered part')}"
    return f"{counted}: {'; '.join(named[:at_most])}{rest}"


def gap_lines(output: Output) -> tuple[str, ...]:
    """Say for each gap in plain text where it is and why."""
    return tuple(f"{_place(gap)}: {gap.reason}" for gap in output.gaps)


def _coverage(characters: Characters) -> str:
    """Write the account of characters."""
    of = " of what could be read" if characters.unread else ""
    return f"{percent(coverage(characters))}{of} ({', '.join(_figures(characters))})"


def _figures(characters: Characters) -> Iterator[str]:
    """Give the figures of the account, those that are 0 left out."""
    asked = characters.read - characters.set_apart
    yield f"{number(characters.answered)} of {plural(asked, 'character')} answered"
    if characters.failed:
        yield f"{number(characters.failed)} failed"
    if characters.set_apart:
        yield f"{number(characters.set_apart)} set apart and not sent"
    if characters.unread:
        what = "pages or parts" if characters.unread > 1 else "page or part"
        yield f"{number(characters.unread)} {what} of the source not read"


def _citations(output: Output) -> str:
    """Count what looking up the citations gave."""
    if not output.citations:
        return "none in this document"
    statuses = [citation.status for citation in output.citations]
    counted = (f"{number(statuses.count(s))} {s.replace('_', ' ')}" for s in CitationStatus)
    return f"{', '.join(counted)}. {_CAUTION}"


def _place(gap: Gap) -> str:
    """Name a gap by its pages, or by its characters where the source has no pages."""
    where = pages(gap.pages) or f"characters {number(gap.start)} to {number(gap.end)}"
    return f"{gap.document}, {where}" if gap.document else where[0].upper() + where[1:]
