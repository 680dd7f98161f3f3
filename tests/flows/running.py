"""Running docmill as a person does: the command, its exit code, what it prints."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

DOCMILL = str(Path(sys.executable).parent / "docmill")
SAMPLES = Path(__file__).parents[1] / "samples"


def docmill(
    *arguments: str | Path, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [DOCMILL, *map(str, arguments)],
        capture_output=True,
        text=True,
        env={**os.environ, **(env or {})},
        cwd=cwd,
        timeout=240,
        check=False,
    )
