"""What a run is asked to do: the form in the Prefect UI and the arguments of the command line."""

from pathlib import Path
from typing import Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    NonNegativeFloat,
    NonNegativeInt,
    PositiveInt,
)

from flows.form import choose_recipe, draw_plainly, explain_variables
from tasks.core.settings import DeliveryMethod, Provider
from tasks.write.names import NAMES

Combine = Literal["each", "all", "both"]
Format = Literal["docx", "html", "md", "json", "jsonl", "csv", "xlsx", "pdf"]


class Request(BaseModel):
    """Answer a recipe for every source and write the outputs."""

    # The fields stand in the order in which a person meets them in the form.
    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra=draw_plainly)

    # What is read, and what is asked of it.
    sources: tuple[str, ...] = Field(
        min_length=1,
        description="Files, folders or globs on the worker. A deployed run reads below "
        "DOCMILL_ROOTS alone; a path that is not absolute begins in the first of them.",
        examples=[["contracts", "reports/*.pdf"]],
    )
    recipe: str = Field(
        default="summarize",
        description="What to ask of each document.",
        json_schema_extra=choose_recipe,
    )
    variables: dict[str, str] = Field(
        default_factory=dict,
        description='Values of the recipe\'s variables, as {"question": "Who may terminate?"}.',
        json_schema_extra=explain_variables,
    )

    together: bool = Field(
        default=False,
        description="Answer once for all documents together, to compare or combine them; without, "
        "each document has an output of its own.",
    )

    # How it is read.
    changes: Literal["accepted", "all"] = Field(
        default="accepted",
        description="A Word file's tracked changes: read as if all were accepted, or all of them "
        "as such, {++added++} and {--deleted--}.",
    )
    include_hidden: bool = Field(
        default=False,
        description="Send hidden text too. Without, it is set apart and named in the report.",
    )
    ocr: str | None = Field(
        default=None,
        description="Languages of scanned pages as tesseract names them, as eng or deu+eng, or "
        "none; empty takes DOCMILL_OCR.",
    )

    # What comes out.
    to: Path = Field(
        default=Path("outputs"),
        description="Folder on the worker for the outputs and report.json; the same rule holds "
        "for it as for sources.",
    )
    formats: tuple[Format, ...] = Field(
        default=("docx",), min_length=1, description="Formats of the outputs, one or more."
    )
    template: Path | None = Field(
        default=None,
        description="Word file on the worker whose styles, header and logo the docx outputs keep.",
    )
    combine: Combine = Field(
        default="each",
        description="One output for each document, one for all with an index, or both.",
    )
    names: str = Field(
        default=NAMES,
        description="Pattern of the outputs' names, with {stem} and {recipe}; the format follows.",
    )
    force: bool = Field(
        default=False, description="Write over outputs that a person has changed since."
    )

    # Who answers, and how.
    provider: Provider | None = Field(
        default=None,
        description="Who answers; empty takes DOCMILL_PROVIDER, else runware if it has a key. "
        "offline quotes the sources and asks no model.",
    )
    delivery: DeliveryMethod | None = Field(
        default=None, description="How Runware delivers answers; empty takes DOCMILL_DELIVERY."
    )
    config: dict[str, JsonValue] = Field(
        default_factory=dict,
        description="Keys of the recipe's config that go before its own, as seed or temperature.",
    )
    window: PositiveInt | None = Field(
        default=None, description="Context window in tokens; empty takes that of the model."
    )

    # What it may cost.
    approve_above_usd: NonNegativeFloat | None = Field(
        default=None,
        title="Approve above US dollars",
        description="US dollars above which a deployed run waits for a person to approve its "
        "plan; empty takes DOCMILL_APPROVE_ABOVE_USD, else asks nobody.",
    )
    budget_usd: NonNegativeFloat | None = Field(
        default=None, description="US dollars that this folder's outputs of the recipe may cost."
    )
    budget_tokens: NonNegativeInt | None = Field(
        default=None, description="Tokens that this folder's outputs of the recipe may take."
    )
    buy_lost: bool = Field(
        default=False,
        description="Ask anew where an answer may have been billed and can no longer be had.",
    )
    fresh: bool = Field(default=False, description="Ask anew even where the ledger has an answer.")

    def as_parameter(self) -> dict[str, Any]:
        """Give the request as the parameter of a deployed run, which holds no empty fields."""
        return self.model_dump(mode="json", exclude_none=True)
