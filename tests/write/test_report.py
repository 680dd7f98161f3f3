import json
from dataclasses import replace
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.core.errors import ConfigError
from tasks.core.reports import Characters, Status
from tasks.write import runs
from tasks.write.report import load_report, report_as_dict, save_run
from tasks.write.report_markdown import report_markdown
from tasks.write.totals import totals
from tests.write.made import DONE, a_report, an_entry

SKIPPED = an_entry(status=Status.SKIPPED, reason="already done")


def test_a_report_has_the_shape_that_scripts_rely_on() -> None:
    failed = an_entry("b.pdf", Status.FAILED, reason="damaged", characters=Characters(), usd=0.2)
    data = json.loads(json.dumps(report_as_dict(a_report(DONE, failed))))
    document = data["documents"][0]

    assert {
        "source": "lease.pdf",
        "status": "done",
        "reason": "",
        "outputs": ["lease.summarize.md"],
        "characters": {
            "read": 110,
            "answered": 80,
            "set_apart": 10,
            "failed": 20,
            "unread": 0,
        },
        "recipe": "summarize",
        "calls": 2,
        "reused": 1,
        "usd": 0.1,
        "citations": {"found": 4},
        "coverage": 0.8,
        "run": "r1",
    }.items() <= document.items()
    assert data["totals"] == {
        "documents": 2,
        "done": 1,
        "partial": 0,
        "failed": 1,
        "skipped": 0,
        "unread": 1,
        "characters_read": 110,
        "characters_answered": 80,
        "characters_set_apart": 10,
        "characters_failed": 20,
        "characters_unread": 0,
        "characters_unexplained": 0,
        "coverage": 0.8,
        "chunks": 3,
        "calls": 2,
        "reused": 1,
        "usd": 0.3,
    }
    assert (data["run"], data["provider"], data["model"]) == ("r1", "offline", "m")
    assert (data["finished"], data["how_to_go_on"]) == (None, None)


def test_a_document_that_was_not_all_read_has_a_coverage_of_what_could_be_read() -> None:
    lacking = an_entry(characters=Characters(read=9, answered=9, unread=2))

    told = totals([lacking, an_entry()])

    assert (told.unread, told.characters_unread) == (1, 2)


def test_where_nothing_was_asked_there_is_no_coverage() -> None:
    unread = an_entry(status=Status.FAILED, characters=Characters())

    assert totals([]).coverage is None
    assert totals([unread]).coverage is None
    assert '"coverage":null' in json.dumps(report_as_dict(a_report(unread))).replace(" ", "")


@given(
    st.lists(st.builds(Characters, read=st.integers(0, 99), answered=st.integers(0, 99))),
    st.floats(0, 10),
)
def test_totals_are_the_sums(accounts: list[Characters], usd: float) -> None:
    summed = totals(an_entry(characters=each, usd=usd) for each in accounts)

    assert summed.characters_read == sum(a.read for a in accounts)
    assert summed.characters_unexplained == sum(a.unexplained for a in accounts)
    assert summed.usd == pytest.approx(usd * len(accounts), abs=1e-6)


def test_a_saved_run_is_the_folders_report(tmp_path: Path) -> None:
    path = save_run(a_report(DONE), tmp_path / "new")

    assert path == tmp_path / "new" / "report.json"
    assert load_report(tmp_path / "new") == {
        **json.loads(json.dumps(report_as_dict(a_report(DONE)))),
        "notes": [],
    }
    assert {p.name for p in path.parent.iterdir() if p.is_file()} == {
        "report.json",
        "report.html",
        "report.md",
    }


def test_the_newest_run_speaks_for_a_document(tmp_path: Path) -> None:
    newer = a_report(replace(DONE, calls=9), run="a", started="2026-01-02T00:00:00+00:00")
    older = a_report(DONE, an_entry("other.pdf"), run="b", started="2026-01-02T00:30:00+01:00")
    save_run(newer, tmp_path)
    save_run(older, tmp_path)

    report = load_report(tmp_path)

    assert [(d["source"], d["calls"], d["run"]) for d in report["documents"]] == [
        ("lease.pdf", 9, "a"),
        ("other.pdf", 0, "b"),
    ]
    assert report["run"] == "a"


def test_runs_of_one_moment_are_ordered_by_their_names(tmp_path: Path) -> None:
    for run in ("b", "a"):
        save_run(a_report(an_entry(reason=run), run=run), tmp_path)

    assert load_report(tmp_path)["documents"][0]["reason"] == "b"


def test_each_recipe_of_a_source_has_its_entry(tmp_path: Path) -> None:
    save_run(a_report(DONE), tmp_path)
    save_run(a_report(replace(DONE, recipe="translate"), run="r2"), tmp_path)

    assert [d["recipe"] for d in load_report(tmp_path)["documents"]] == ["summarize", "translate"]


@pytest.mark.parametrize("status", [Status.DONE, Status.PARTIAL, Status.FAILED])
def test_a_skipped_document_never_hides_how_it_ended(tmp_path: Path, status: Status) -> None:
    save_run(a_report(an_entry(status=status)), tmp_path)
    save_run(a_report(SKIPPED, run="r2", started="2026-01-02T00:00:00Z"), tmp_path)

    assert load_report(tmp_path)["documents"][0]["status"] == status


def test_a_document_skipped_twice_tells_the_newer_reason(tmp_path: Path) -> None:
    save_run(a_report(SKIPPED), tmp_path)
    save_run(a_report(replace(SKIPPED, reason="too large"), run="r2"), tmp_path)

    assert load_report(tmp_path)["documents"][0]["reason"] == "too large"


def test_a_run_that_goes_on_may_be_saved_again(tmp_path: Path) -> None:
    save_run(a_report(), tmp_path)
    save_run(replace(a_report(DONE), finished="2026-01-01T01:00:00Z"), tmp_path)

    report = load_report(tmp_path)

    assert (report["totals"]["documents"], report["finished"]) == (1, "2026-01-01T01:00:00Z")


def test_a_damaged_run_is_left_out_with_a_note(tmp_path: Path) -> None:
    save_run(a_report(DONE), tmp_path)
    (tmp_path / ".docmill" / "runs" / "bad.json").write_bytes(b'{"run": ')
    save_run(a_report(an_entry("b.pdf"), run="r2"), tmp_path)

    report = load_report(tmp_path)

    assert len(report["documents"]) == 2
    (note,) = report["notes"]
    assert note.startswith("bad.json: this run is left out, its file cannot be read (")
    assert note.splitlines()[0] in report_markdown(report).replace("\\", "")


def test_a_damaged_report_is_made_from_the_runs(tmp_path: Path) -> None:
    save_run(a_report(DONE), tmp_path).write_bytes(b"{}")

    assert load_report(tmp_path)["totals"]["documents"] == 1


@pytest.mark.parametrize(
    "damaged",
    [
        {"documents": [], "totals": {}},
        {"documents": [{}], "totals": {}},
        {"documents": None, "totals": None},
        [],
        "text",
    ],
)
def test_a_report_of_another_shape_is_made_anew(damaged: object, tmp_path: Path) -> None:
    path = save_run(a_report(DONE), tmp_path)
    whole = load_report(tmp_path)
    path.write_text(json.dumps(damaged), encoding="utf-8")

    assert json.loads(json.dumps(load_report(tmp_path))) == whole
    assert report_markdown(load_report(tmp_path))


def test_every_damage_of_a_single_value_is_noticed(tmp_path: Path) -> None:
    path = save_run(a_report(DONE), tmp_path)
    whole = json.loads(path.read_bytes())
    for part in (whole, whole["totals"], whole["documents"][0]):
        for name in list(part):
            kept, part[name] = part[name], {"un": "like"}
            path.write_text(json.dumps(whole), encoding="utf-8")
            assert report_markdown(load_report(tmp_path)), name
            part[name] = kept


def test_a_damaged_report_without_runs_is_named(tmp_path: Path) -> None:
    (tmp_path / "report.json").write_text("{}", encoding="utf-8")

    with pytest.raises(ConfigError, match=r"report\.json is damaged.*docmill run"):
        load_report(tmp_path)


def test_a_document_is_the_same_however_its_path_was_typed(tmp_path: Path) -> None:
    save_run(a_report(an_entry("a.pdf", identity="i"), run="r1"), tmp_path)
    save_run(a_report(an_entry("/in/a.pdf", identity="i"), run="r2"), tmp_path)
    save_run(a_report(an_entry("a.pdf", identity="other question"), run="r3"), tmp_path)

    told = [(d["source"], d["run"]) for d in load_report(tmp_path)["documents"]]
    assert told == [("/in/a.pdf", "r2"), ("a.pdf", "r3")]


def test_a_run_that_goes_on_reads_no_older_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for run in ("r1", "r2"):
        save_run(a_report(an_entry(f"{run}.pdf"), run=run), tmp_path)
    save_run(a_report(run="r3"), tmp_path)
    parsed: list[object] = []
    monkeypatch.setattr(runs, "from_json", lambda *given: parsed.append(given))
    save_run(a_report(DONE, run="r3"), tmp_path)

    assert parsed == []
    monkeypatch.undo()
    sources = [d["source"] for d in load_report(tmp_path)["documents"]]
    assert sources == ["r1.pdf", "r2.pdf", "lease.pdf"]


def test_a_run_that_another_saved_meanwhile_is_seen(tmp_path: Path) -> None:
    ours = a_report(DONE, run="ours")
    save_run(ours, tmp_path)
    save_run(a_report(an_entry("b.pdf"), run="theirs"), tmp_path)
    save_run(ours, tmp_path)

    assert load_report(tmp_path)["totals"]["documents"] == 2


@settings(max_examples=20)
@given(st.data())
def test_merging_as_it_goes_is_merging_all(data: st.DataObject) -> None:
    entry = st.builds(
        an_entry, st.sampled_from(["a", "b", "c"]), st.sampled_from([*Status]), reason=st.text("xy")
    )
    days = data.draw(st.permutations(range(1, 5)))
    reports = [
        a_report(
            *data.draw(st.lists(entry, max_size=3, unique_by=lambda e: e.source)),
            run=f"r{day}",
            started=f"2026-01-0{day}T00:00:00Z",
        )
        for day in days
    ]
    with TemporaryDirectory() as folder:
        for report in reports:
            path = save_run(report, Path(folder))
        as_it_went = json.loads(path.read_bytes())
        path.unlink()

        key = itemgetter("source")
        anew = json.loads(json.dumps(load_report(Path(folder))))
        assert sorted(as_it_went["documents"], key=key) == sorted(anew["documents"], key=key)
        assert as_it_went["run"] == anew["run"] == "r4"


def test_a_folder_without_a_report_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no report here; `docmill run"):
        load_report(tmp_path)


def test_a_run_cannot_be_written_outside_its_folder(tmp_path: Path) -> None:
    save_run(a_report(DONE, run="../../../evil"), tmp_path / "a" / "b")

    assert not list(tmp_path.rglob("evil*"))


def test_a_source_whose_name_is_no_utf_8_is_told(tmp_path: Path) -> None:
    save_run(a_report(an_entry("\udcff.pdf")), tmp_path)

    assert load_report(tmp_path)["documents"][0]["source"] == "\ufffd.pdf"
