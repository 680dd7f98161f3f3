"""Write an output as PDF, set by Typst: the extra `[pdf]`."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from tasks.core.errors import ConfigError, OutputError
from tasks.core.outputs import Output
from tasks.write.about import ABOUT_TITLE, NOT_COVERED, about_facts, gap_lines, warnings_of
from tasks.write.anchors import anchored
from tasks.write.clean import clean, one_line
from tasks.write.headings import wants_contents
from tasks.write.inner import parse
from tasks.write.language import language_of
from tasks.write.pdf.markup import Markup, literal, shown
from tasks.write.source import SourceInfo


def render_pdf(output: Output, source: SourceInfo) -> bytes:
    """Give the output as PDF; the same output gives the same bytes where the same fonts are.

    ConfigError without the extra `[pdf]`, OutputError for what Typst cannot set.
    """
    check_pdf()
    import typst

    markup = "".join(_markup(output, source))
    try:
        pdf: bytes = typst.compile(markup.encode(), format="pdf", font_paths=_fonts())
    except (RuntimeError, ValueError) as error:
        cause = str(error).splitlines()[0]
        raise OutputError(
            f"{source.name}: cannot be set as PDF ({cause}); choose docx or html"
        ) from error
    return pdf


def check_pdf() -> None:
    """Refuse PDF where Typst is not installed, before anything is paid for."""
    try:
        import typst  # noqa: F401
    except ImportError:
        raise ConfigError(
            "format pdf needs the extra [pdf]: pip install typst, or choose docx"
        ) from None


def _markup(output: Output, source: SourceInfo) -> Iterator[str]:
    """Write the whole document, from the title to the closing section."""
    title = one_line(output.title)
    language = language_of(output.body).main.partition("-")[0]
    tokens = parse(clean(anchored(output.body, output.citations)))
    markup = Markup(output.citations, source)
    yield _look()
    yield f"#set text(lang: {literal(language)})\n"
    yield f"#show: document-of.with(title: {literal(title)}, source: {literal(source.name)})\n"
    yield from (f"#notice[{shown(one_line(warning))}]\n" for warning in warnings_of(output))
    if wants_contents(tokens, characters=len(output.body)):
        yield "#outline(depth: 3)\n"
    yield markup.write(tokens)
    yield f"#heading(level: 1)[{shown(ABOUT_TITLE)}]\n#facts("
    for label, fact in about_facts(output, source):
        yield f"strong({literal(label)}), {literal(one_line(fact))},"
    yield ")\n"
    if output.gaps:
        items = "".join(f"[{shown(one_line(line))}]," for line in gap_lines(output))
        yield f"#heading(level: 2)[{shown(NOT_COVERED)}]\n#list({items})\n"


@cache
def _fonts() -> Any:
    """Find the fonts of this machine, once: it takes a tenth of a second."""
    import typst

    return typst.Fonts()


@cache
def _look() -> str:
    return (Path(__file__).parent / "look.typ").read_text(encoding="utf-8")
