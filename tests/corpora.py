"""Where the real documents lie that are no part of the project, if they are there."""

import os
from pathlib import Path

BESIDE = Path(__file__).parents[1].parent / "shared" / "corpora"
CORPORA = Path(os.environ.get("DOCMILL_TEST_CORPORA", BESIDE))

ABSENT = "the corpus of real documents is absent"
