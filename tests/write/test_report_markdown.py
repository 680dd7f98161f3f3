from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from tasks.core.margin import Margin
from tasks.core.reports import Characters, DocumentReport, Status
from tasks.write.report import report_as_dict
from tasks.write.report_markdown import report_markdown
from tests.write.made import DONE, a_report, an_entry
from tests.write.test_inert import acting


def told(*documents: DocumentReport, how_to_go_on: str | None = None) -> str:
    report = replace(a_report(*documents), how_to_go_on=how_to_go_on)
    return report_markdown(report_as_dict(report))


def test_the_report_is_told_to_people() -> None:
    failed = an_entry("b.pdf", Status.FAILED, reason="needs a password", characters=Characters())

    text = told(DONE, failed, how_to_go_on="run the same command again")

    assert text.splitlines()[0] == (
        "**2 documents: 1 done, 1 failed.** "
        "Coverage 80.0% of what could be read; 2 calls, 1 reused; $0.1000."
    )
    assert "not finished; provider offline, model m." in text
    assert "To go on: run the same command again\n" in text
    assert "| lease.pdf | summarize | done | 80.0% | 2 | 1 | $0.1000 |" in text
    assert "## Outputs\n\n- lease.summarize.md\n" in text
    assert "- **b.pdf** (failed): needs a password\n" in text


def test_the_margins_are_told_with_where_they_are_from() -> None:
    plain = replace(DONE, margin=Margin())
    learned = replace(DONE, source="b.pdf", margin=Margin(0.146, 31, remembered=True))
    twin = replace(plain, source="c.pdf")

    assert (
        "Margin for the provider's own token count: 20.0% (default) for 2 documents; "
        "14.6% (remembered, learned from 31 answers) for 1 document.\n"
    ) in told(plain, learned, twin)
    assert "Margin" not in told(DONE)


def test_hostile_names_do_nothing_in_the_report() -> None:
    bad = "<script>x</script> | [a](javascript:b) ![c](https://t.example) `d` \u202e **e**\n# f"

    text = told(an_entry(bad, Status.FAILED, reason=bad, outputs=(bad,)), how_to_go_on=bad)

    assert acting(text) == []
    assert "\u202e" not in text
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    assert sum(t.type == "td_open" for t in tokens) == 7
    assert [t.tag for t in tokens if t.type == "heading_open"] == ["h2", "h2"]


@pytest.mark.parametrize(("answered", "shown"), [(999_999, "99.9%"), (1_000_000, "100%")])
def test_coverage_is_never_rounded_up_to_the_whole(answered: int, shown: str) -> None:
    text = told(an_entry(characters=Characters(read=1_000_000, answered=answered)))

    assert f"Coverage {shown};" in text


def test_where_nothing_was_asked_no_coverage_is_shown() -> None:
    unread = an_entry(status=Status.FAILED, characters=Characters())

    assert "Coverage – of what could be read;" in told(unread)
    assert "| failed | – |" in told(unread)
