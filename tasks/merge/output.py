"""From merged answers to the output: gaps named, citations looked up, nothing left unsaid."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from prompts.library import Recipe
from prompts.schema import Schema, record_fields
from tasks.core.documents import Answer, Citation, Covered, Document, Gap, Output, Record
from tasks.core.errors import ReplyError
from tasks.merge.citations import check_citations, check_quotes, count_sentences, mark
from tasks.merge.concat import concat, pages_name, side_by_side
from tasks.merge.parsing.reply import parse_reply
from tasks.merge.records import records_table, unite
from tasks.merge.reduce import Partial, is_nothing

NOTHING_FOUND = "*The document holds nothing that bears on this.*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The joined answers; `flaw` says why they are not joined as the recipe asks."""

    body: str
    records: tuple[Record, ...] | None = None
    flaw: str | None = None


def fitting(answers: Sequence[Answer], recipe: Recipe) -> tuple[Answer, ...]:
    """Turn answers that do not fit the recipe's schema into failures by name."""
    if recipe.schema is None:
        return tuple(answers)
    return tuple(_fitting(answer, recipe.schema) for answer in answers)


def _fitting(answer: Answer, schema: Schema) -> Answer:
    if answer.usable is None:
        return answer
    try:
        parse_reply(answer.usable.text, schema)
    except ReplyError as error:
        return replace(answer, failure=f"{error} (--fresh asks anew)")
    return answer


def merge_by_code(answers: Sequence[Answer], recipe: Recipe) -> Merged:
    """Join answers where no model is needed for it: concat and records."""
    if recipe.schema is not None:
        records = unite(answers, recipe.schema)
        return Merged(body=records_table(records, record_fields(recipe.schema)), records=records)
    return Merged(body=concat(answers))


def merge_of_tree(level: Sequence[Partial], answers: Sequence[Answer]) -> Merged:
    """Give the top of a reduce tree; the answers of all parts when it could not be finished."""
    if not level or (len(level) == 1 and is_nothing(level[0].text)):
        return Merged(body=NOTHING_FOUND)
    if len(level) == 1:
        return Merged(body=level[0].text)
    return unmerged(answers, "the answers are too long to be merged within the window")


def unmerged(answers: Sequence[Answer], reason: str) -> Merged:
    """Keep the answers of the parts, side by side, and make no claim about the whole."""
    return Merged(
        body=side_by_side(answers),
        flaw=f"The parts stand side by side and are not merged: {reason}.",
    )


def build_output(
    merged: Merged,
    answers: Sequence[Answer],
    *,
    document: Document,
    recipe: Recipe,
    title: str,
    model: str,
    notices: Sequence[str] = (),
) -> Output:
    """Give the output with its evidence: what it covers, what it lacks, what it cites."""
    gaps = _gaps(answers)
    body, citations = _cited(merged, document, recipe)
    sentences, cited = count_sentences(body) if merged.records is None else (0, 0)
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
            *_missing_pages(document),
            *map(_gap_notice, gaps),
        ),
        covered=_covered(answers),
        gaps=gaps,
        citations=citations,
        sentences=sentences,
        cited_sentences=cited,
    )


def _cited(merged: Merged, document: Document, recipe: Recipe) -> tuple[str, tuple[Citation, ...]]:
    """Look up what the output cites; a translation's quotes are not in the source by nature."""
    if recipe.merge == "concat":
        return merged.body, ()
    if merged.records is None or recipe.schema is None:
        return check_citations(merged.body, document)
    quoted = [record for record in merged.records if dict(record.fields).get("quote")]
    citations = check_quotes(map(_quote, quoted), document)
    marked = {id(r): _marked(r, mark(c)) for r, c in zip(quoted, citations, strict=True)}
    shown = [marked.get(id(record), record) for record in merged.records]
    return records_table(shown, record_fields(recipe.schema)), citations


def _quote(record: Record) -> tuple[str, int | None]:
    """Give a record's quote, and its page if it comes from one page alone."""
    page = record.pages[0] if len(record.pages) == 1 else None
    return str(dict(record.fields)["quote"]), page


def _marked(record: Record, doubt: str) -> Record:
    """Say in a record's quote, for the table alone, what is doubtful about it."""
    fields = dict(record.fields)
    return replace(record, fields=tuple({**fields, "quote": f"{fields['quote']}{doubt}"}.items()))


def _covered(answers: Sequence[Answer]) -> tuple[Covered, ...]:
    return tuple(
        Covered(start=a.chunk.start, end=a.chunk.end, answer_key=a.usable.answer_key)
        for a in answers
        if a.usable is not None
    )


def _gaps(answers: Sequence[Answer]) -> tuple[Gap, ...]:
    return tuple(
        Gap(
            start=a.chunk.start,
            end=a.chunk.end,
            pages=a.chunk.pages,
            reason=a.failure or "no answer",
        )
        for a in answers
        if a.usable is None
    )


def _gap_notice(gap: Gap) -> str:
    where = pages_name(gap.pages) if gap.pages else f"characters {gap.start} to {gap.end}"
    return f"This output is partial: {where} could not be answered ({gap.reason})."


def _missing_pages(document: Document) -> tuple[str, ...]:
    """Name the pages whose text could not be read, one notice for each kind of problem."""
    problems: dict[str, list[int]] = {}
    unread = (f"This output is partial: {document.stopped}.",) if document.stopped else ()
    for page in document.pages:
        if page.problem:
            problems.setdefault(page.problem, []).append(page.number)
    return unread + tuple(
        f"This output is partial: nothing of {'page' if len(pages) == 1 else 'pages'} "
        f"{', '.join(map(str, pages))} is in it ({problem})."
        for problem, pages in problems.items()
    )
