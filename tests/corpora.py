"""Where the real documents lie that are no part of the project, if they are there."""

from pathlib import Path

CORPORA = Path(__file__).parents[1].parent / "shared" / "corpora"

ABSENT = "the corpus of real documents is absent"
