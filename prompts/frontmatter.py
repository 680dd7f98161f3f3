"""The front matter of a `.prompt` file: its keys, their limits, and errors that name the key."""

from typing import Annotated, Any, Literal

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    ValidationError,
    model_validator,
)

from prompts.schema import record_fields
from tasks.core.errors import RecipeError

VARIABLE = r"[A-Za-z_][A-Za-z0-9_]*"
SCHEMA_VARIABLE = "schema"
"""Not a variable of the user's: where it stands, the loader puts in the JSON Schema."""


def _in_hundredths(value: float) -> float:
    # Float remainder would refuse 0.07 and 0.29.
    if abs(round(value * 100) - value * 100) > 1e-6:
        raise ValueError("goes in steps of 0.01")
    return value


def _json_schema(value: dict[str, JsonValue]) -> dict[str, JsonValue]:
    from jsonschema import Draft202012Validator  # slow to import, and few recipes need it
    from jsonschema.exceptions import SchemaError

    try:
        Draft202012Validator.check_schema(value)
    except SchemaError as error:
        raise ValueError(f"is not a JSON Schema: {error.message}") from None
    if value.get("type") != "object":
        raise ValueError("is a JSON Schema of `type: object`")
    return value


_Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False), AfterValidator(_in_hundredths)]


class _Keys(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Config(_Keys):
    """How the model is asked; limits and defaults are those of the provider's contract."""

    temperature: _Share = 1.0
    top_p: _Share = Field(default=0.95, alias="topP")
    max_tokens: int = Field(default=32_768, alias="maxTokens", ge=1, le=196_608)
    seed: int | None = Field(default=None, ge=0, le=2**32 - 1)


class MapConfig(Config):
    """How the model is asked of a chunk, and how its answers come."""

    number_results: int = Field(default=1, alias="numberResults", ge=1, le=4)
    delivery_method: Literal["sync", "async", "stream"] | None = Field(
        default=None, alias="deliveryMethod"
    )
    include_cost: bool = Field(default=True, alias="includeCost")
    include_usage: bool = Field(default=True, alias="includeUsage")

    @model_validator(mode="after")
    def _stream_of_one(self) -> "MapConfig":
        if self.delivery_method == "stream" and self.number_results > 1:
            raise ValueError("a stream gives 1 result: `numberResults` goes with sync or async")
        return self


class Inputs(_Keys):
    """The variables: `name: string` or `name: string, what it is for`."""

    schema_: dict[
        Annotated[str, Field(pattern=f"^{VARIABLE}$")],
        Annotated[str, Field(pattern=r"^string(,.*)?$")],
    ] = Field(default_factory=dict, alias="schema")
    default: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _names_agree(self) -> "Inputs":
        if SCHEMA_VARIABLE in self.schema_:
            raise ValueError(f"`{SCHEMA_VARIABLE}` is kept for the JSON Schema of the output")
        strays = sorted(self.default.keys() - self.schema_.keys())
        if strays:
            raise ValueError(f"default for {', '.join(strays)}, which `schema` does not declare")
        return self


class OutputForm(_Keys):
    """What an answer looks like."""

    format: Literal["text", "json"] = "text"
    schema_: Annotated[dict[str, JsonValue], AfterValidator(_json_schema)] | None = Field(
        default=None, alias="schema"
    )

    @model_validator(mode="after")
    def _schema_with_json(self) -> "OutputForm":
        if (self.format == "json") != (self.schema_ is not None):
            raise ValueError("`format: json` and `schema` go together")
        return self


class ChunkSize(_Keys):
    """Tokens of text that a chunk should have at most, and of neighbouring text sent with it.

    `growth` is for answers that grow with their text: tokens of answer for each token of text.
    """

    target: int | None = Field(default=None, ge=1)
    context: int = Field(default=0, ge=0)
    growth: float | None = Field(default=None, gt=0, le=100, allow_inf_nan=False)


class RecordKeys(_Keys):
    """How records are united: by which fields they are named, summed, sorted and looked up."""

    key: list[str] = Field(default_factory=list)
    alias: list[str] = Field(default_factory=list)
    total: list[str] = Field(default_factory=list)
    sort: list[str] = Field(default_factory=list)
    evidence: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _alias_of_key(self) -> "RecordKeys":
        if self.alias and not self.key:
            raise ValueError("`alias` fields hold further values of a `key`: name the key")
        return self


class MapKeys(_Keys):
    """The front matter of `map.prompt`, which also speaks for the whole recipe."""

    description: str = Field(min_length=1)
    model: str = Field(default="minimax:m2.7@0", min_length=1)
    config: MapConfig = MapConfig()
    input: Inputs = Inputs()
    output: OutputForm = OutputForm()
    merge: Literal["concat", "reduce", "refine", "records"] = Field(alias="docmill.merge")
    title: str = Field(default="", alias="docmill.title")
    chunk: ChunkSize = Field(default=ChunkSize(), alias="docmill.chunk")
    records: RecordKeys = Field(default=RecordKeys(), alias="docmill.records")
    glean: int = Field(default=0, ge=0, le=3, alias="docmill.glean")
    needs_model: bool = Field(default=False, alias="docmill.needs_model")

    @model_validator(mode="after")
    def _merge_suits_output(self) -> "MapKeys":
        if (self.merge == "records") != (self.output.format == "json"):
            raise ValueError("`docmill.merge: records` and `output.format: json` go together")
        return self

    @model_validator(mode="after")
    def _fields_of_records(self) -> "MapKeys":
        known = record_fields(self.output.schema_) if self.output.schema_ else ()
        rules = self.records
        named = [*rules.key, *rules.alias, *rules.total, *rules.sort, *rules.evidence]
        if strays := sorted(set(named) - set(known)):
            raise ValueError(
                f"`docmill.records` names {', '.join(strays)}, which a record of "
                "`output.schema` does not have"
            )
        return self


class ReduceKeys(_Keys):
    """The front matter of `reduce.prompt` and `refine.prompt`; all else stands in `map.prompt`."""

    description: str = ""
    config: Config = Config()


Keys = MapKeys | ReduceKeys


class _OnceLoader(yaml.SafeLoader):
    """YAML that refuses a key given twice, of which PyYAML would keep the last in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - PyYAML's own signature
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    problem=f"the key `{key.value}` stands twice", problem_mark=key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


def parse_keys(text: str, kind: type[MapKeys] | type[ReduceKeys]) -> Keys:
    """Read and check front matter; RecipeError names every key that is wrong."""
    try:
        keys = _OnceLoader(text).get_single_data()
    except yaml.MarkedYAMLError as error:
        where = f" in line {error.problem_mark.line + 2}" if error.problem_mark else ""
        raise RecipeError(f"front matter{where}: {error.problem}") from None
    except (yaml.YAMLError, ValueError) as error:
        raise RecipeError(f"front matter: {' '.join(str(error).split())}") from None
    try:
        return kind.model_validate({} if keys is None else keys)
    except ValidationError as error:
        raise RecipeError("; ".join(_told(e, kind) for e in error.errors())) from None


def _told(error: Any, kind: type[_Keys]) -> str:
    """Say in one clause which key is wrong and how."""
    key = ".".join(str(part) for part in error["loc"] if part != "[key]") or "front matter"
    if error["type"] == "missing":
        return f"`{key}` is missing"
    if error["type"] == "extra_forbidden":
        return f"unknown key `{key}`{_known(key, kind)}"
    return f"`{key}`: {error['msg'].removeprefix('Value error, ')}"


def _known(key: str, kind: type[_Keys]) -> str:
    """Name the keys that may stand at the top, or where a recipe-wide key belongs."""
    if "." in key and not key.startswith("docmill."):
        return ""
    names = {field.alias or name for name, field in kind.model_fields.items()}
    wide = {field.alias or name for name, field in MapKeys.model_fields.items()}
    if key in wide - names:
        return ": it speaks for the whole recipe and stands in map.prompt"
    return f" (known: {', '.join(sorted(names))})"
