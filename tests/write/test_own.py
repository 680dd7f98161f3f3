from pathlib import Path

from tasks.write.destination import Destination
from tasks.write.own import own_files
from tasks.write.report import save_run
from tasks.write.write import write_output
from tests.write.made import a_report, a_source, an_output


def test_outputs_and_report_are_our_own(tmp_path: Path) -> None:
    written = write_output(
        an_output("Body."), a_source(), to=Destination(folder=tmp_path), formats=["md", "json"]
    )
    report = save_run(a_report(), tmp_path)

    reports = (report, report.with_suffix(".md"), report.with_suffix(".html"))
    assert own_files(tmp_path) == {path.resolve() for path in (*written, *reports)}


def test_an_output_that_a_person_changed_is_a_document_of_theirs(tmp_path: Path) -> None:
    (written,) = write_output(
        an_output("Body."), a_source(), to=Destination(folder=tmp_path), formats=["md"]
    )
    written.write_text("My own words.", encoding="utf-8")

    assert written.resolve() not in own_files(tmp_path)


def test_a_folder_without_runs_holds_nothing_of_ours(tmp_path: Path) -> None:
    (tmp_path / "report.json").write_text("{}", encoding="utf-8")

    assert own_files(tmp_path) == frozenset()
