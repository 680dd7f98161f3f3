"""Recipe files for the tests of the prompt library."""

from pathlib import Path

import pytest

from prompts.library import load_recipe
from tasks.core.errors import RecipeError

MAP = """\
---
description: For tests.
config: {temperature: 0.07, topP: 0.29, maxTokens: 500, seed: 4294967295}
input:
  schema: {question: "string, what is asked", tone: string}
  default: {tone: plain}
docmill.merge: concat
docmill.chunk: {target: 900, context: 20}
---
{{role "system"}}
Answer in a {{tone}} tone.
Question: {{question}}
{{role "user"}}
Two and two?
{{role "model"}}
Four, {{tone}}.
"""
JSON_MAP = """\
---
description: For tests.
output: {format: json, schema: {type: object, properties: {facts: {type: array}}}}
docmill.merge: records
---
{{role "system"}}
Fill in:
{{schema}}
"""
REDUCE = """\
---
config: {maxTokens: 77}
---
{{role "system"}}
Merge. {{question}} {{tone}}
"""


def write(own: Path, name: str = "mine", **files: str) -> Path:
    folder = own / name
    folder.mkdir()
    for stem, text in files.items():
        (folder / f"{stem}.prompt").write_text(text, encoding="utf-8")
    return own


def fault(own: Path, name: str = "mine", **variables: str) -> str:
    with pytest.raises(RecipeError) as caught:
        load_recipe(name, variables, own=own)
    return str(caught.value)
