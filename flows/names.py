"""What documents are called where several are asked of together."""

from collections.abc import Sequence

from tasks.core.store import DocumentRef
from tasks.write.combine import told_apart


def names_apart(refs: Sequence[DocumentRef]) -> tuple[str, ...]:
    """Give each document a name of its own, by which its chunks and the output call it."""
    return told_apart(ref.name.replace("[", "(").replace("]", ")") for ref in refs)
