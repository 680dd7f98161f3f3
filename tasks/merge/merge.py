"""From the answers to a document's chunks to one: by code where it can, else by the model."""

from collections.abc import Mapping, Sequence

from prompts.library import Recipe
from prompts.questions import is_nothing
from tasks.core.answers import Answer
from tasks.core.capacity import Window
from tasks.core.documents import Document
from tasks.core.errors import BudgetError, InferenceError
from tasks.merge.concat import concat, side_by_side
from tasks.merge.evidence import Evidence, gather
from tasks.merge.merged import Merged, Merging
from tasks.merge.partials import Partial, leaves
from tasks.merge.reduce import reduce_tree
from tasks.merge.refine import refine_in_order
from tasks.merge.sections import in_sections
from tasks.merge.unite import united
from tasks.merge.vote import elected, mean

NOTHING_FOUND = "*The document holds nothing that bears on this.*"


def merge(
    answers: Sequence[Answer], recipe: Recipe, documents: Mapping[str, Document], *, window: Window
) -> Merging:
    """Merge the answers to the chunks of the documents as the recipe says.

    `documents` are by the name that the chunks give them, which is empty for one by itself. A merge
    by the model that fails leaves the answers side by side, and no claim about the whole.
    """
    if recipe.schema is not None:
        return united(answers, recipe, documents)
    votes = [elected(answer) for answer in answers]
    answers = [answer for answer, _ in votes]
    agreement = mean([share for _, share in votes if share is not None])
    if recipe.merge == "concat":
        return Merged(body=concat(answers, documents), agreement=agreement)
    level = leaves(answers)
    evidence = gather(answers, documents)
    climb = reduce_tree if recipe.merge == "reduce" else refine_in_order
    try:
        top = (yield from climb(level, recipe, evidence, window=window)) if level else ()
    except (InferenceError, BudgetError) as error:
        return _unmerged(answers, str(error), agreement)
    return _of_top(top, evidence, agreement)


def _of_top(top: Sequence[Partial], evidence: Evidence, agreement: float | None) -> Merged:
    """Give the merged answer; in sections where it is too long for one, and that is said."""
    if not top or (len(top) == 1 and is_nothing(top[0].text)):
        return Merged(body=NOTHING_FOUND, agreement=agreement)
    body, flaw = in_sections(top), None
    if len(top) > 1:
        flaw = (
            f"What was found is too long to be merged into one within the window: it stands in "
            f"{len(top)} sections, in the order of the source."
        )
    return Merged(body=body, flaw=flaw, uncarried=evidence.uncarried(body), agreement=agreement)


def _unmerged(answers: Sequence[Answer], reason: str, agreement: float | None) -> Merged:
    """Keep the answers of the parts, side by side, and make no claim about the whole."""
    return Merged(
        body=side_by_side(answers),
        flaw=f"The parts stand side by side and are not merged: {reason}.",
        agreement=agreement,
    )
