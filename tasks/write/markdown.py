"""Write an output as Markdown."""

from collections.abc import Iterator

from tasks.core.outputs import Output
from tasks.write.about import ABOUT_TITLE, NOT_COVERED, about_facts, gap_lines, warnings_of
from tasks.write.clean import clean
from tasks.write.escape import escaped
from tasks.write.headings import fitted
from tasks.write.inert import inert
from tasks.write.source import SourceInfo


def render_markdown(output: Output, source: SourceInfo) -> bytes:
    """Give the output as CommonMark with tables, which does nothing but show text."""
    parts = [
        f"# {escaped(output.title)}",
        *(f"> {escaped(notice)}" for notice in warnings_of(output)),
        fitted(inert(clean(output.body))),
        "---",
        *_about(output, source),
    ]
    return "\n\n".join(part for part in parts if part).encode() + b"\n"


def _about(output: Output, source: SourceInfo) -> Iterator[str]:
    """Give the parts of the closing section."""
    yield f"## {ABOUT_TITLE}"
    facts = about_facts(output, source)
    yield "\n".join(f"- **{label}:** {escaped(fact)}" for label, fact in facts)
    if output.gaps:
        yield f"### {NOT_COVERED}"
        yield "\n".join(f"- {escaped(line)}" for line in gap_lines(output))
