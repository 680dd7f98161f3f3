"""One `.prompt` file: YAML front matter and a Markdown body, a strict subset of dotprompt.

    ---
    description: What it is for.
    ---
    {{role "system"}}
    You read contracts for {{audience}}.
    {{role "user"}}
    A worked example: what is asked …
    {{role "model"}}
    … and how it is answered.

The document's text is never part of the file; it follows as the last user message.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from prompts.frontmatter import SCHEMA_VARIABLE, VARIABLE, Keys, MapKeys, ReduceKeys, parse_keys
from tasks.core.errors import RecipeError

_FILE = re.compile(r"---[ \t]*\n(?P<keys>.*?)^---[ \t]*\n(?P<body>.*)\Z", re.DOTALL | re.MULTILINE)
_ROLE = re.compile(r'^\{\{role "(\w+)"\}\}[ \t]*$', re.MULTILINE)
_PLACE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_NAME = re.compile(VARIABLE)


@dataclass(frozen=True, slots=True)
class Turn:
    """What one role says, with places for values still open."""

    role: str
    template: str

    def names(self) -> frozenset[str]:
        """Give the variables that the turn uses."""
        return frozenset(_PLACE.findall(self.template))

    def fill(self, values: Mapping[str, str]) -> str:
        """Put in the values in one pass, so that a value holding `{{x}}` stays as it is."""
        return _PLACE.sub(lambda place: values[place[1]], self.template)


@dataclass(frozen=True, slots=True)
class PromptFile:
    """A `.prompt` file as read; its turns are system first, then pairs of user and model."""

    path: Path
    keys: Keys
    turns: tuple[Turn, ...]

    def names(self) -> frozenset[str]:
        """Give the variables that the file uses, `schema` among them."""
        return frozenset().union(*(turn.names() for turn in self.turns))


def read_prompt_file(path: Path, kind: type[MapKeys] | type[ReduceKeys]) -> PromptFile:
    """Read a `.prompt` file; RecipeError names the file and all that can be said of the fault."""
    try:
        text = normal_text(path)
        found = _FILE.match(text)
        if found is None:
            raise RecipeError("it must start with front matter between two lines `---`")
        keys = parse_keys(found["keys"], kind)
        turns = _turns(found["body"])
    except RecipeError as error:
        raise RecipeError(f"{path}: {error}") from None
    return PromptFile(path, keys, turns)


def normal_text(path: Path) -> str:
    """Read UTF-8 with or without a mark of its own and with any line ends."""
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise RecipeError(f"{path}: not UTF-8 at byte {error.start}: save it as UTF-8") from None
    except OSError as error:
        raise RecipeError(f"{path}: cannot be read: {error.strerror}") from None


def _turns(body: str) -> tuple[Turn, ...]:
    """Split a body at its role lines and check their order and what stands between."""
    before, *rest = _ROLE.split(body)
    if before.strip():
        raise RecipeError('text before the first role line; start with `{{role "system"}}`')
    turns = tuple(
        Turn(role, text.strip()) for role, text in zip(rest[::2], rest[1::2], strict=True)
    )
    roles = tuple(turn.role for turn in turns)
    if roles != ("system", *(("user", "model") * (len(roles) // 2))):
        raise RecipeError(
            f"roles {', '.join(roles) or 'none'}: one system turn comes first, then pairs of "
            "user and model as worked examples; the document follows by itself"
        )
    for turn in turns:
        _check_turn(turn)
    return turns


def _check_turn(turn: Turn) -> None:
    """Refuse an empty turn and every expression but a plain variable."""
    if not turn.template:
        raise RecipeError(f"the {turn.role} turn is empty")
    for name in _PLACE.findall(turn.template):
        if not _NAME.fullmatch(name):
            raise RecipeError(
                f"`{{{{{name}}}}}` in the {turn.role} turn is neither a variable such as "
                "`{{audience}}` nor a role line by itself"
            )
    if "{{" in _PLACE.sub("", turn.template):
        raise RecipeError(f"`{{{{` without `}}}}` in the {turn.role} turn")
    if turn.role != "system" and SCHEMA_VARIABLE in turn.names():
        raise RecipeError(f"`{{{{{SCHEMA_VARIABLE}}}}}` belongs in the system turn")
