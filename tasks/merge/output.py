"""From merged answers to the output: gaps named, citations looked up, nothing left unsaid."""

from collections.abc import Mapping, Sequence

from prompts.library import Recipe
from tasks.core.answers import Answer, Chunk
from tasks.core.documents import Document
from tasks.core.outputs import Citation, Covered, Gap, Output, Silent
from tasks.core.sentences import sentences
from tasks.merge.citations import check_citations
from tasks.merge.concat import in_order, pages_name, part_name
from tasks.merge.merged import Merged
from tasks.merge.replies import is_silent, repairs


def build_output(
    merged: Merged,
    answers: Sequence[Answer],
    *,
    documents: Mapping[str, Document],
    recipe: Recipe,
    title: str,
    model: str,
    notices: Sequence[str] = (),
) -> Output:
    """Give the output with its evidence: what it covers, what it lacks, what it cites.

    `documents` are by the name that the chunks give them, which is empty for one by itself.
    """
    answers = in_order(answers)
    gaps = _gaps(answers)
    body, citations = _cited(merged, documents, recipe)
    said = sentences(body, citations) if _is_looked_up(merged, recipe) else ()
    return Output(
        title=title,
        recipe=recipe.name,
        recipe_version=recipe.version,
        model=model,
        body=body,
        records=merged.records,
        notices=tuple(notices),
        flaws=(
            *([merged.flaw] if merged.flaw else []),
            *(flaw for name, document in documents.items() for flaw in _missing(name, document)),
            *map(_gap_notice, gaps),
            *(f"{part_name(a.chunk)} may lack records: {a.flaw}." for a in answers if a.flaw),
        ),
        covered=_covered(answers),
        gaps=gaps,
        citations=citations,
        sentences=len(said),
        cited_sentences=sum(bool(sentence.citations) for sentence in said),
        uncarried=merged.uncarried,
        totals=merged.totals,
        agreement=merged.agreement,
        silent=tuple(_silent(a.chunk) for a in answers if is_silent(a, recipe)),
        documents=tuple(name for name in documents if name),
        repairs=tuple(
            f"{part_name(answer.chunk)}: to read the reply, {'; '.join(mended)}."
            for answer in answers
            if (mended := repairs(answer, recipe))
        ),
    )


def _cited(
    merged: Merged, documents: Mapping[str, Document], recipe: Recipe
) -> tuple[str, tuple[Citation, ...]]:
    """Look up what the output cites; a translation's quotes are not in the source by nature."""
    if _is_looked_up(merged, recipe):
        return check_citations(merged.body, documents)
    return merged.body, merged.citations


def _is_looked_up(merged: Merged, recipe: Recipe) -> bool:
    return merged.records is None and recipe.merge != "concat"


def _covered(answers: Sequence[Answer]) -> tuple[Covered, ...]:
    return tuple(
        Covered(
            start=a.chunk.start,
            end=a.chunk.end,
            answer_key=a.usable.answer_key,
            document=a.chunk.document,
        )
        for a in answers
        if a.usable is not None
    )


def _silent(chunk: Chunk) -> Silent:
    return Silent(
        start=chunk.start,
        end=chunk.end,
        part=chunk.part,
        pages=chunk.pages,
        document=chunk.document,
    )


def _gaps(answers: Sequence[Answer]) -> tuple[Gap, ...]:
    return tuple(
        Gap(
            start=a.chunk.start,
            end=a.chunk.end,
            pages=a.chunk.pages,
            reason=a.failure or "no answer",
            document=a.chunk.document,
        )
        for a in answers
        if a.usable is None
    )


def _gap_notice(gap: Gap) -> str:
    where = pages_name(gap.pages) if gap.pages else f"characters {gap.start} to {gap.end}"
    of = f" of {gap.document}" if gap.document else ""
    return f"This output is partial: {where}{of} could not be answered ({gap.reason})."


def _missing(name: str, document: Document) -> tuple[str, ...]:
    """Name what could not be read, pages with one notice for each kind of problem."""
    of = f" of {name}" if name else ""
    problems: dict[str, list[int]] = {}
    for page in document.pages:
        if page.problem:
            problems.setdefault(page.problem, []).append(page.number)
    unread = (f"This output is partial: {lack.rstrip('.')}{of}." for lack in document.unread)
    pages_unread = (
        f"This output is partial: nothing of {'page' if len(pages) == 1 else 'pages'} "
        f"{', '.join(map(str, pages))}{of} is in it ({problem})."
        for problem, pages in problems.items()
    )
    return (*unread, *pages_unread)
