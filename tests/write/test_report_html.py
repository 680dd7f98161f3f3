import re
from pathlib import Path

from tasks.core.reports import Characters, Status
from tasks.write.report import report_as_dict, save_run
from tasks.write.report_html import report_html
from tests.write.made import DONE, a_report, an_entry

FAILED = an_entry("b.pdf", Status.FAILED, reason="needs a password", characters=Characters())
PARTIAL = an_entry("c.pdf", Status.PARTIAL, characters=Characters(read=9, answered=6, failed=3))


def told(*documents: object, folder: Path = Path("/out"), **changes: object) -> str:
    report = a_report(*documents)  # type: ignore[arg-type]
    return report_html(report_as_dict(report) | changes, folder)


def test_figures_reasons_and_the_way_on_are_told() -> None:
    page = told(
        DONE,
        FAILED,
        how_to_go_on="run it again",
        finished="2026-01-01T00:02:05Z",
        traffic={"prompt_tokens": 1200, "completion_tokens": 34},
    )

    assert "<h1>2 documents: 1 done, 1 failed</h1>" in page
    assert "<dt>Coverage</dt><dd>80.0% of what could be read</dd>" in page
    assert "<dt>Tokens of this run</dt><dd>1,234</dd>" in page
    assert "<dt>Time of this run</dt><dd>2 min 5 s</dd>" in page
    assert "<b>b.pdf</b> <span class=failed>failed</span> needs a password" in page
    assert "<b>To go on:</b> run it again" in page


def test_what_was_set_apart_or_not_read_is_told_of_documents_that_are_done() -> None:
    page = told(an_entry(warnings=("hidden text <b> set apart",)))

    assert "<b>lease.pdf</b> hidden text &lt;b&gt; set apart" in page
    assert "What to know" not in told(DONE)


def test_bars_show_the_shares_of_each_document() -> None:
    page = told(DONE, PARTIAL, FAILED)
    widths = re.findall(r'<rect class="(\w+)" x="[\d.]+" y="20" width="([\d.]+)"', page)

    assert widths == [("answered", "280.0"), ("failed", "140.0"), ("apart", "0.0")]
    assert "1 document not drawn." in page
    assert "<svg" not in told(DONE)


def test_outputs_are_links_that_move_with_the_folder(tmp_path: Path) -> None:
    entry = an_entry(outputs=(str(tmp_path / "a b#1.docx"), "/elsewhere/c.md"))
    page = told(entry, folder=tmp_path)

    assert re.findall(r'href="([^"]+)"', page) == ["./a%20b%231.docx"]


def test_what_was_made_of_several_documents_is_listed_once(tmp_path: Path) -> None:
    joint = str(tmp_path / "combined.docx")
    entries = [an_entry(f"{n}.pdf", outputs=(str(tmp_path / f"{n}.md"), joint)) for n in "ab"]
    page = told(*entries, folder=tmp_path)

    assert page.count('href="./combined.docx"') == 1
    assert 'Of several documents: <a href="./combined.docx">docx</a>' in page
    assert page.count(">md</a>") == 2


def test_hostile_names_do_nothing() -> None:
    bad = '<script>x</script> " onload=y \u202e'
    page = told(an_entry(bad, Status.FAILED, reason=bad, outputs=(bad,)), how_to_go_on=bad)

    assert "<script" not in page
    assert "\u202e" not in page
    assert not re.search(r"<\w[^>\"]*\sonload", page)


def test_the_report_for_people_lies_beside_the_one_for_machines(tmp_path: Path) -> None:
    save_run(a_report(DONE), tmp_path)

    assert (tmp_path / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert (tmp_path / "report.md").read_text(encoding="utf-8").startswith("**1 document: 1 done")


def test_a_persons_own_report_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "report.md").write_text("mine", encoding="utf-8")
    for run in ("r1", "r2"):
        save_run(a_report(DONE, run=run), tmp_path)

    assert (tmp_path / "report.md").read_text(encoding="utf-8") == "mine"
    assert {p.name for p in tmp_path.glob("report*")} == {
        "report.html",
        "report.json",
        "report.md",
        "report.new.md",
    }
