"""The margins in a report: how much of the window was kept for the provider's own count."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from tasks.core.margin import Margin
from tasks.write.wording import percent, plural


def margins_told(documents: Iterable[Mapping[str, Any]]) -> str:
    """Say in one line which margins documents were planned with; empty where none was."""
    margins = [
        Margin(margin["share"], margin["answers"], remembered=margin["remembered"])
        for document in documents
        if (margin := document.get("margin"))
    ]
    told = [
        f"{percent(margin.share)} ({margin.source}) for {plural(count, 'document')}"
        for margin, count in Counter(margins).most_common()
    ]
    return f"Margin for the provider's own token count: {'; '.join(told)}." if told else ""
