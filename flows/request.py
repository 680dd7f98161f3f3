"""What a run is asked to do: the form in the Prefect UI and the arguments of the command line."""

from pathlib import Path
from typing import Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    NonNegativeFloat,
    NonNegativeInt,
    PositiveInt,
)

from tasks.core.settings import DeliveryMethod, Provider
from tasks.write.names import NAMES


class Request(BaseModel):
    """Answer a recipe for every source and write the outputs."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sources: tuple[str, ...] = Field(
        min_length=1, description="Files, folders or globs to read, as paths on the worker."
    )
    recipe: str = Field(default="summarize", description="Name of a recipe of the prompt library.")
    to: Path = Field(description="Folder for the outputs and report.json, on the worker.")
    formats: tuple[Literal["docx", "md", "json", "html"], ...] = Field(
        default=("docx",), min_length=1, description="Formats of the outputs."
    )
    names: str = Field(
        default=NAMES,
        description="Pattern of the outputs' names, with {stem} and {recipe}; the format follows.",
    )
    force: bool = Field(
        default=False, description="Write over outputs that a person has changed since."
    )
    provider: Provider | None = Field(
        default=None,
        description="Who answers; empty takes DOCMILL_PROVIDER, else runware if it has a key.",
    )
    variables: dict[str, str] = Field(
        default_factory=dict, description="Values of the recipe's variables."
    )
    config: dict[str, JsonValue] = Field(
        default_factory=dict,
        description="Keys of the recipe's config that go before its own, as seed or temperature.",
    )
    window: PositiveInt | None = Field(
        default=None, description="Context window in tokens; empty takes that of the model."
    )
    delivery: DeliveryMethod | None = Field(
        default=None, description="How Runware delivers answers; empty takes DOCMILL_DELIVERY."
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
