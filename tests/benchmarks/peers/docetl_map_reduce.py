"""DocETL: a pipeline that splits, maps and reduces with folding."""

import json
import os
import sys
import tempfile
from pathlib import Path

from docetl.api import MapOp, Pipeline, PipelineOutput, PipelineStep, ReduceOp, SplitOp
from docetl.schemas import Dataset

MAP = "List every fact of the text below, word for word.\n\n{{ input.text_chunk }}"
REDUCE = """Merge the lists of facts below into one, word for word, each fact once.

{% for item in inputs %}
{{ item.facts }}
{% endfor %}"""
FOLD = """Add the further facts to the list of facts, word for word, each fact once.

{{ output.all_facts }}

{% for item in inputs %}
{{ item.facts }}
{% endfor %}"""


def main() -> None:
    """Write the facts of the source."""
    source, url, window, answer_tokens, output = sys.argv[1:]
    os.environ |= {"OPENAI_API_BASE": url, "OPENAI_API_KEY": "any"}
    room = int(window) - int(answer_tokens) - 500
    folder = Path(tempfile.mkdtemp())
    data = folder / "input.json"
    data.write_text(json.dumps([{"text": Path(source).read_text(encoding="utf-8"), "id": "1"}]))
    asked = {"litellm_completion_kwargs": {"max_tokens": int(answer_tokens)}}
    pipeline = Pipeline(
        name="facts",
        datasets={"input": Dataset(type="file", path=str(data), source="local")},
        operations=[
            SplitOp(
                name="split",
                type="split",
                split_key="text",
                method="token_count",
                method_kwargs={"num_tokens": int(room * 0.8), "model": "gpt-4o"},
            ),
            MapOp(
                name="map",
                type="map",
                prompt=MAP,
                output={"schema": {"facts": "string"}, "mode": "structured_output"},
                model="openai/minimax-m2-7",
                **asked,
            ),
            ReduceOp(
                name="reduce",
                type="reduce",
                reduce_key="id",
                prompt=REDUCE,
                fold_prompt=FOLD,
                fold_batch_size=4,
                output={"schema": {"all_facts": "string"}, "mode": "structured_output"},
                model="openai/minimax-m2-7",
                pass_through=True,
                **asked,
            ),
        ],
        steps=[PipelineStep(name="all", input="input", operations=["split", "map", "reduce"])],
        output=PipelineOutput(type="file", path=str(folder / "output.json")),
        default_model="openai/minimax-m2-7",
    )
    pipeline.run()
    told = json.loads((folder / "output.json").read_text())
    Path(output).write_text("\n".join(row["all_facts"] for row in told), encoding="utf-8")


main()
