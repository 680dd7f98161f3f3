"""LlamaIndex: its tree_summarize over the nodes of a sentence splitter."""

import sys
from pathlib import Path

from llama_index.core import PromptHelper, Settings
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.response_synthesizers import TreeSummarize
from llama_index.core.schema import Document
from llama_index.llms.openai_like import OpenAILike

ASKED = "List every fact of the text, word for word, each fact once."


def main() -> None:
    """Write the facts of the source."""
    source, url, window, answer_tokens, output = sys.argv[1:]
    room = int(window) - int(answer_tokens) - 500
    model = OpenAILike(
        model="minimax-m2-7",
        api_base=url,
        api_key="any",
        is_chat_model=True,
        context_window=int(window),
        max_tokens=int(answer_tokens),
        temperature=0.2,
        timeout=600,
    )
    Settings.llm = model
    splitter = SentenceSplitter(chunk_size=int(room * 0.8), chunk_overlap=0)
    text = Path(source).read_text(encoding="utf-8")
    nodes = splitter.get_nodes_from_documents([Document(text=text)])
    helper = PromptHelper(
        context_window=int(int(window) * 0.85), num_output=int(answer_tokens), chunk_overlap_ratio=0
    )
    told = TreeSummarize(llm=model, prompt_helper=helper, use_async=True).get_response(
        ASKED, [node.get_content() for node in nodes]
    )
    Path(output).write_text(str(told), encoding="utf-8")


main()
