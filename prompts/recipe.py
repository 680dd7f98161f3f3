"""The values of the prompt library: what a recipe is once it is loaded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import JsonValue

from prompts.variables import Variable
from tasks.core.requests import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One prompt with its values put in, and how the model is asked."""

    system: str
    examples: tuple[Message, ...] = ()
    temperature: float = 1.0
    top_p: float = 0.95
    max_tokens: int = 32_768
    seed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRules:
    """How records are united, by names of fields.

    Records are of one entity when their `key` fields say the same, `alias` fields being further
    values of the first key. `total` fields are summed; `sort` fields give the order, else the
    order of the source does. Where records have no quotations, the first of the `evidence` fields
    is looked up as it is written, on a line that has what the others say.
    """

    key: tuple[str, ...] = ()
    alias: tuple[str, ...] = ()
    total: tuple[str, ...] = ()
    sort: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What to ask of each chunk, how answers are merged, and what comes out.

    `title` begins the title of an output. `version` is the start of a hash over the recipe's
    files; values of variables are not in it. `chunk_target` and `chunk_context` are tokens;
    `chunk_growth` is tokens of answer for each token of text. `number_results` is of the answers
    to each chunk, which vote; a merge is asked for once. `glean` is how often a chunk is asked
    what the answer missed.
    """

    name: str
    title: str = ""
    description: str
    version: str
    model: str
    merge: Literal["concat", "reduce", "refine", "records"]
    output_format: Literal["text", "json"]
    schema: Mapping[str, JsonValue] | None = field(default=None, hash=False)
    chunk_target: int | None = None
    chunk_context: int = 0
    chunk_growth: float | None = None
    records: RecordRules = RecordRules()
    glean: int = 0
    needs_model: bool = False
    delivery: Literal["sync", "async", "stream"] | None = None
    include_cost: bool = True
    include_usage: bool = True
    number_results: int = 1
    map: Prompt
    reduce: Prompt | None = None
    refine: Prompt | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeSummary:
    """What a list of recipes shows; `problem` says why one cannot be used."""

    name: str
    where: Path
    description: str = ""
    variables: tuple[Variable, ...] = ()
    merge: str = ""
    needs_model: bool = False
    problem: str = ""
