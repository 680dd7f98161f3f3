"""Facts planted in a long text: how many come out at the end, of docmill and of other libraries.

    python -m tests.benchmarks.recall_peers [--pages 60] [--facts 40] [--window 8000]
        [--answer-tokens 2500] [--latency-s 0.05] [--peers FOLDER [--install]] [NAME…]

The scripted model states every fact that it is shown, so what is missing was lost on the way. All
get the same text, window and model, over the emulator's native API (docmill) or its OpenAI endpoint
(the others, each run by its own environment in FOLDER; `--install` makes those first). A request
beyond the window is refused. Tokens are those of prompts and answers, as the emulator counts them;
`asked` is from the first request to the last answer, `wall` all of it, start of Python included.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from tasks.core.tokens import count_tokens
from tests.benchmarks.emulating import emulating
from tests.benchmarks.planting import Planted, planted

SCRIPTS = Path(__file__).parent / "peers"
PEERS = {
    "langchain_map_reduce": ("langchain-classic", "langchain-openai", "langchain-text-splitters"),
    "llamaindex_tree_summarize": ("llama-index-core", "llama-index-llms-openai-like"),
    "docetl_map_reduce": ("docetl",),
}
_ENVIRONMENT = dict(os.environ)
"""As it was before our own tokenizer was told where its table is."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of one run."""

    code: int
    output: str
    wall_s: float
    peak_mb: float
    stats: Mapping[str, Any]
    asked_s: float


def main() -> None:
    """Print one table."""
    given = _arguments()
    text = planted(given.pages, given.facts)
    if given.install:
        _install(given.peers)
    print(f"{given.facts} facts in {given.pages} pages, window {given.window}\n")
    print("| | recall | twice | calls | refused | tokens | asked s | wall s | MB | exit |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for name in given.names or ("docmill", *PEERS):
        if name == "docmill":
            _print(name, text, _docmill(text, given))
        elif given.peers and (python := given.peers / name / "bin" / "python").exists():
            _print(name, text, _peer(name, python, text, given))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--facts", type=int, default=40)
    parser.add_argument("--window", type=int, default=8000)
    parser.add_argument("--answer-tokens", type=int, default=2500)
    parser.add_argument("--latency-s", type=float, default=0.05)
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--install", action="store_true")
    parser.add_argument("names", nargs="*", help="default: all")
    return parser.parse_args()


def _install(folder: Path) -> None:
    for name, packages in PEERS.items():
        if not (folder / name).exists():
            venv.create(folder / name, with_pip=True)
            pip = [str(folder / name / "bin" / "python"), "-m", "pip", "install", "-q", *packages]
            subprocess.run(pip, check=True)


def _print(name: str, text: Planted, ran: Ran) -> None:
    found, twice = text.counts(ran.output)
    stats, facts = ran.stats, len(text.facts)
    tokens = round(stats["usd_billed"] * 1e6)
    print(
        f"| {name} | {found} of {facts} ({found / facts:.1%}) | {twice} | {stats['tasks_billed']} "
        f"| {stats['tasks_refused']} | {tokens:,} | {ran.asked_s:.1f} | {ran.wall_s:.1f} "
        f"| {ran.peak_mb:.0f} | {ran.code} |",
        flush=True,
    )


def _docmill(text: Planted, given: argparse.Namespace) -> Ran:
    with tempfile.TemporaryDirectory() as folder, _emulator(given) as url:
        home = Path(folder)
        source = home / "text.md"
        source.write_text(text.text, encoding="utf-8")
        env = {
            "DOCMILL_HOME": str(home / "home"),
            "DOCMILL_RUNWARE_URL": f"{url}/v1",
            "RUNWARE_API_KEY": "any",
        }
        command = [
            str(Path(sys.executable).parent / "docmill"), "run", str(source), "--to",
            str(home / "out"), "--recipe", "summarize", "--format", "md", "--delivery", "sync",
            "--window", str(given.window), "--set", f"maxTokens={given.answer_tokens}",
        ]  # fmt: skip
        return _run(command, env, home / "out" / "text.summarize.md", url)


def _peer(name: str, python: Path, text: Planted, given: argparse.Namespace) -> Ran:
    with tempfile.TemporaryDirectory() as folder, _emulator(given) as url:
        source, output = Path(folder) / "text.txt", Path(folder) / "output.txt"
        source.write_text(text.text, encoding="utf-8")
        command = [
            str(python), str(SCRIPTS / f"{name}.py"), str(source), f"{url}/v1", str(given.window),
            str(given.answer_tokens), str(output),
        ]  # fmt: skip
        return _run(command, {"HOME": folder, **_token_table(name)}, output, url)


def _token_table(name: str) -> dict[str, str]:
    """Unpack the table that tiktoken would download, but for a library that brings its own."""
    if name.startswith("llamaindex"):
        return {}
    count_tokens("unpack")
    return {"TIKTOKEN_CACHE_DIR": os.environ["TIKTOKEN_CACHE_DIR"]}


def _emulator(given: argparse.Namespace) -> Any:
    return emulating(
        engine="planted", script=(), prompt_count="pieces", window_tokens=given.window,
        overflow="clamp", latency_s=given.latency_s, log_size=100_000,
        usd_per_million_input=1.0, usd_per_million_output=1.0,
    )  # fmt: skip


def _run(command: list[str], env: Mapping[str, str], output: Path, url: str) -> Ran:
    """Run a command to its end, and see what it took and what it wrote."""
    begun = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, env={**_ENVIRONMENT, **env}, stdout=said, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall_s = time.perf_counter() - begun
        if process.returncode:
            said.seek(0)
            print(said.read().decode(errors="replace")[-2000:], file=sys.stderr)
    log = [entry["time"] for entry in _get(f"{url}/_emulator/log")]
    return Ran(
        code=process.returncode,
        output=output.read_text(encoding="utf-8") if output.exists() else "",
        wall_s=wall_s,
        peak_mb=usage.ru_maxrss / 1024,
        stats=_get(f"{url}/_emulator/stats"),
        asked_s=max(log) - min(log) if log else 0.0,
    )


def _get(url: str) -> Any:
    with urlopen(url) as answer:
        return json.load(answer)


if __name__ == "__main__":
    main()
