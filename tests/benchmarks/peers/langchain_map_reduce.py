"""LangChain: its map-reduce chain for summaries, collapsing until the window is kept."""

import sys
from pathlib import Path

from langchain_classic.chains.summarize import load_summarize_chain
from langchain_core.documents import Document
from langchain_core.prompts import PromptTemplate
from langchain_openai import ChatOpenAI
from langchain_text_splitters import RecursiveCharacterTextSplitter

MAP = "List every fact of the text below, word for word.\n\n{text}"
REDUCE = "Merge the lists of facts below into one, word for word, each fact once.\n\n{text}"


def main() -> None:
    """Write the facts of the source."""
    source, url, window, answer_tokens, output = sys.argv[1:]
    room = int(window) - int(answer_tokens) - 500
    model = ChatOpenAI(
        model="minimax-m2-7",
        base_url=url,
        api_key="any",
        max_tokens=int(answer_tokens),
        temperature=0.2,
        tiktoken_model_name="gpt-4o",
    )
    splitter = RecursiveCharacterTextSplitter.from_tiktoken_encoder(
        model_name="gpt-4o", chunk_size=int(room * 0.8), chunk_overlap=0
    )
    texts = splitter.split_text(Path(source).read_text(encoding="utf-8"))
    chain = load_summarize_chain(
        model,
        chain_type="map_reduce",
        map_prompt=PromptTemplate.from_template(MAP),
        combine_prompt=PromptTemplate.from_template(REDUCE),
        token_max=int(room * 0.8),
    )
    told = chain.invoke({"input_documents": [Document(page_content=text) for text in texts]})
    Path(output).write_text(told["output_text"], encoding="utf-8")


main()
