"""What users of other watched folders complain of, one test for each complaint.

It is long because the list is: whoever adds a complaint finds all others here.
"""

import fcntl
import os
from pathlib import Path

import pytest

from flows.watch.desk import Rules
from flows.watch.runs import Ending
from tasks.core.errors import OutputError
from tasks.ledger.intake import Outcome, State
from tests.flows.watch.building import QUIET_S, START, Watched, touch

DISK_FULL = Outcome(done=False, reason="/out: not written, the disk is full", may_pass=True)


def test_a_slow_writer_is_waited_for(watched: Watched) -> None:
    file = watched.put("slow.pdf", "a")
    for n in range(5):
        watched.turn(after_s=QUIET_S - 1)
        file.write_text("a" * (n + 2), encoding="utf-8")
    assert watched.runs.sources() == []

    watched.settle_down()

    assert watched.runs.sources() == ["slow.pdf"]
    assert len(watched.rows()) == 1


def test_a_writer_that_keeps_size_and_time_is_waited_for_while_events_come(
    watched: Watched,
) -> None:
    watched.put("mapped.pdf")
    watched.turn()
    for _ in range(5):
        watched.turn(["mapped.pdf"], after_s=QUIET_S - 1)
    assert watched.runs.sources() == []

    watched.turn(after_s=QUIET_S)

    assert watched.runs.sources() == ["mapped.pdf"]


def test_a_program_that_never_stops_touching_a_file_holds_it_up_no_longer_than_a_minute(
    watched: Watched,
) -> None:
    watched.put("touched.pdf")
    watched.turn()
    for _ in range(17):
        watched.turn(["touched.pdf"], after_s=4)

    assert watched.runs.sources() == ["touched.pdf"]


def test_a_scan_that_is_appended_to_later_is_processed_as_a_whole(watched: Watched) -> None:
    """The first page went to a run already; what the file is in the end gets a run too."""
    file = watched.put("scan.pdf", "page 1")
    watched.settle_down()

    file.write_text("page 1 page 2", encoding="utf-8")
    watched.settle_down()
    watched.finish()

    assert watched.runs.sources() == ["scan.pdf", "scan.pdf"]
    assert watched.files() == ["done/scan.pdf"]
    assert (watched.folder / "done" / "scan.pdf").read_text(encoding="utf-8") == "page 1 page 2"
    first, last = watched.rows()
    assert first.digest != last.digest
    assert last.state is State.DONE


def test_a_file_that_changes_before_a_run_takes_it_is_read_as_it_is_then(tmp_path: Path) -> None:
    watched = Watched(tmp_path, rules=Rules(open_runs=1))
    watched.put("first.pdf")
    watched.settle_down()
    file = watched.put("scan.pdf", "page 1")
    watched.settle_down()
    assert watched.runs.sources() == ["first.pdf"]

    file.write_text("page 1 page 2", encoding="utf-8")
    watched.settle_down()
    watched.finish()

    assert watched.runs.sources() == ["first.pdf", "scan.pdf"]
    old, new = (row for row in watched.rows() if row.path == "scan.pdf")
    assert (old.state, old.reason) == (State.GONE, "it was changed before it was read")
    assert new.state is State.STARTED
    watched.engine.dispose()


@pytest.mark.parametrize(
    "partial",
    ["a.pdf.filepart", "a.pdf.part", "a.pdf.crdownload", "a.tmp", ".a.pdf.x1", "~$a.pdf"],
)
def test_a_name_of_a_part_is_left_alone_until_it_is_renamed(watched: Watched, partial: str) -> None:
    file = watched.put(partial)
    watched.settle_down()
    assert watched.rows() == []

    file.rename(watched.folder / "a.pdf")
    watched.settle_down()

    assert watched.runs.sources() == ["a.pdf"]


def test_what_synchronising_programs_keep_is_left_alone(watched: Watched) -> None:
    for path in (".stfolder/x.pdf", "@eaDir/a.pdf", ".dropbox.cache/b.pdf", "Thumbs.db"):
        watched.put(path)

    watched.settle_down()

    assert watched.rows() == []
    assert len(watched.files()) == 4


def test_a_burst_of_500_files_is_started_once_each_in_few_runs(watched: Watched) -> None:
    names = [f"{n:03}.md" for n in range(500)]
    for name in names:
        watched.put(name, name)

    watched.settle_down()
    for _ in range(3):
        watched.finish()

    assert watched.runs.sources() == names
    assert len(watched.runs.requests) == 25
    assert watched.files() == [f"done/{name}" for name in names]


def test_a_duplicate_is_answered_without_a_run(watched: Watched) -> None:
    output = watched.out / "lease.docx"
    output.parent.mkdir()
    output.touch()
    watched.put("lease.pdf")
    watched.settle_down()
    watched.finish(Outcome(done=True, outputs=(str(output),)))

    watched.put("lease.pdf")
    watched.settle_down()
    watched.turn(after_s=1)

    assert watched.runs.sources() == ["lease.pdf"]
    assert watched.files() == ["done/lease-2.pdf", "done/lease.pdf"]
    assert watched.row("lease.pdf").reason == "the same was answered before"


def test_a_duplicate_whose_output_was_taken_away_gets_another(watched: Watched) -> None:
    watched.put("lease.pdf")
    watched.settle_down()
    watched.finish(Outcome(done=True, outputs=(str(watched.out / "taken-away.docx"),)))

    watched.put("lease.pdf")
    watched.settle_down()

    assert watched.row("lease.pdf").attempt == 2
    assert len(watched.runs.requests) == 2


def test_a_duplicate_under_another_name_gets_an_output_of_its_own(watched: Watched) -> None:
    watched.put("lease.pdf")
    watched.put("copy.pdf")

    watched.settle_down()

    assert watched.runs.sources() == ["copy.pdf", "lease.pdf"]
    assert watched.row("copy.pdf").digest == watched.row("lease.pdf").digest


def test_a_restart_while_files_arrive_loses_none_and_repeats_none(watched: Watched) -> None:
    watched.put("before.pdf", "1")
    watched.settle_down()
    watched.put("within.pdf", "2")
    watched.turn()

    watched.restart()
    watched.put("after.pdf", "3")
    watched.settle_down()

    assert watched.runs.sources() == ["after.pdf", "before.pdf", "within.pdf"]


def test_what_arrives_while_nobody_watches_is_made_up_for(watched: Watched) -> None:
    watched.turn()
    for name in ("a.pdf", "summarize/b.pdf"):
        touch(watched.put(name, name), START - 86_400)

    watched.restart()
    watched.settle_down()

    assert watched.runs.sources() == ["a.pdf", "b.pdf"]


def test_what_arrives_while_the_server_is_down_is_made_up_for(watched: Watched) -> None:
    watched.runs.down = True
    for n in range(30):
        watched.put(f"{n}.pdf", str(n))
    watched.settle_down()
    watched.turn(after_s=60)
    watched.restart()
    watched.turn(after_s=60)

    watched.runs.down = False
    watched.turn(after_s=60)

    assert len(watched.runs.sources()) == len(set(watched.runs.sources())) == 30


@pytest.mark.parametrize("lock", [fcntl.flock, fcntl.lockf])
def test_a_locked_file_is_taken_once_it_is_released(watched: Watched, lock: object) -> None:
    file = watched.put("open.pdf")
    ready_r, ready_w = os.pipe()
    go_r, go_w = os.pipe()
    child = os.fork()
    if not child:  # a lock of POSIX holds up other processes only
        with file.open("r+b") as stream:
            lock(stream, fcntl.LOCK_EX)  # type: ignore[operator] # both are such functions
            os.write(ready_w, b"x")
            os.read(go_r, 1)
        os._exit(0)
    os.read(ready_r, 1)
    watched.settle_down()
    assert watched.rows() == []
    assert watched.desk.waiting == {"open.pdf": "another program holds it locked"}

    os.write(go_w, b"x")
    os.waitpid(child, 0)
    watched.turn(after_s=QUIET_S)

    assert watched.runs.sources() == ["open.pdf"]
    assert watched.desk.waiting == {}
    for handle in (ready_r, ready_w, go_r, go_w):
        os.close(handle)


def test_an_empty_file_is_given_a_minute_and_then_refused(watched: Watched) -> None:
    watched.put("empty.pdf", "")
    watched.put("filled.pdf", "")
    watched.settle_down()
    watched.put("filled.pdf", "later")
    watched.settle_down()
    assert watched.runs.sources() == ["filled.pdf"]

    watched.turn(after_s=60)

    assert watched.runs.sources() == ["filled.pdf"]
    assert "it is empty" in watched.reason("failed/empty.pdf")
    assert watched.row("empty.pdf").state is State.FAILED


def test_a_full_disk_is_waited_out_and_then_tried_again(watched: Watched) -> None:
    watched.put("lease.pdf")
    watched.settle_down()
    watched.finish(DISK_FULL)
    assert watched.files() == ["lease.pdf"]
    assert "disk is full" in watched.row("lease.pdf").reason

    watched.turn(after_s=30)
    assert len(watched.runs.requests) == 2
    watched.finish()

    assert watched.files() == ["done/lease.pdf"]


def test_what_fails_again_and_again_ends_as_failed_with_its_reason(watched: Watched) -> None:
    watched.put("lease.pdf")
    watched.settle_down()
    for wait_s in (30, 300, 1800, 7200, 0):
        watched.finish(DISK_FULL)
        watched.turn(after_s=wait_s)

    assert len(watched.runs.requests) == 5
    assert "disk is full" in watched.reason("failed/lease.pdf")
    assert "Attempt:  5" in watched.reason("failed/lease.pdf")


def test_a_disk_too_full_for_the_reason_leaves_the_file_where_it_is(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OutputError("failed/a.pdf: not written, the disk is full")

    watched.put("a.pdf")
    watched.settle_down()
    with monkeypatch.context() as patch:
        patch.setattr("flows.watch.places.write_whole", full)
        watched.finish(Outcome(done=False, reason="damaged"))
        assert watched.files() == ["a.pdf"]
        assert "the disk is full" in watched.desk.waiting["a.pdf"]

    watched.turn(after_s=60)

    assert watched.files() == ["failed/a.pdf", "failed/a.pdf.reason.txt"]


def test_a_file_that_may_not_be_read_waits_with_the_reason(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root may read everything, so the system's refusal is played."""
    watched.put("secret.pdf")
    opened = os.open

    def refuse(path: object, *rest: int, **more: int) -> int:
        if Path(str(path)).name == "secret.pdf":
            raise PermissionError(13, "Permission denied")
        return opened(path, *rest, **more)  # type: ignore[arg-type] # as it was given

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refuse)
        watched.settle_down()
    assert "cannot be opened (Permission denied)" in watched.desk.waiting["secret.pdf"]
    assert watched.rows() == []

    watched.turn(after_s=QUIET_S)

    assert watched.runs.sources() == ["secret.pdf"]


def test_a_deep_folder_is_looked_into_and_its_outputs_lie_as_deep(watched: Watched) -> None:
    deep = "/".join(str(n) for n in range(40))
    watched.put(f"summarize/{deep}/lease.pdf")

    watched.settle_down()

    assert watched.wanted("lease.pdf")["to"] == str(watched.out / deep)
    watched.finish()
    assert watched.files() == [f"done/summarize/{deep}/lease.pdf"]


def test_a_watcher_that_dies_between_claiming_and_starting_starts_the_same_run(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(60):
        watched.put(f"{n}.pdf", str(n))

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("flows.watch.starting.intake.note_run", die)
        with pytest.raises(KeyboardInterrupt):
            watched.settle_down()
    assert len(watched.runs.requests) == 1
    watched.restart()
    watched.settle_down()

    assert len(watched.runs.requests) == 3
    assert len(watched.runs.sources()) == 60


@pytest.mark.parametrize(
    "point",
    [
        "flows.watch.endings.move",
        "flows.watch.places.Path.replace",
        "flows.watch.endings.intake.close",
    ],
)
def test_a_watcher_that_dies_while_it_moves_an_original_moves_it_once(
    watched: Watched, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    watched.put("a.pdf")
    watched.settle_down()

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(point, die)
        with pytest.raises(KeyboardInterrupt):
            watched.finish()
    watched.restart()
    watched.settle_down()

    assert watched.files() == ["done/a.pdf"]
    assert watched.row("a.pdf").closed_at is not None
    assert len(watched.runs.requests) == 1


def test_lost_events_are_made_up_for_by_the_next_look(watched: Watched) -> None:
    watched.turn()
    watched.put("unheard.pdf")

    due = watched.turn(after_s=watched.rules.rescan_s)
    watched.turn(after_s=due - watched.now)

    assert watched.runs.sources() == ["unheard.pdf"]


def test_a_network_share_that_tells_nothing_is_seen_by_looking(tmp_path: Path) -> None:
    watched = Watched(tmp_path, rules=Rules(rescan_s=3))
    assert watched.turn() == START + 3
    watched.put("far.pdf")

    for _ in range(4):
        due = watched.turn()
        watched.now = due

    assert watched.runs.sources() == ["far.pdf"]
    watched.engine.dispose()


def test_a_share_that_is_away_for_a_while_loses_nothing(watched: Watched) -> None:
    watched.put("a.pdf")
    watched.runs.down = True
    watched.settle_down()
    away = watched.folder.rename(watched.folder.with_name("away"))
    watched.turn(after_s=60)
    watched.folder.mkdir()
    watched.turn(after_s=60)
    watched.folder.rmdir()

    away.rename(watched.folder)
    watched.runs.down = False
    watched.settle_down()

    assert watched.runs.sources() == ["a.pdf"]


@pytest.mark.parametrize("ending", [Ending.CRASHED, Ending.FAILED, Ending.COMPLETED])
def test_a_run_that_ends_before_its_files_are_through_is_repeated(
    watched: Watched, ending: Ending
) -> None:
    watched.put("a.pdf")
    watched.settle_down()
    watched.runs.end_all(ending)

    watched.turn(after_s=5)
    watched.turn(after_s=30)

    assert watched.row("a.pdf").attempt == 2
    assert watched.runs.sources() == ["a.pdf", "a.pdf"]
    watched.finish()
    assert watched.files() == ["done/a.pdf"]


def test_a_run_that_the_server_has_forgotten_is_repeated(watched: Watched) -> None:
    watched.put("a.pdf")
    watched.settle_down()
    watched.runs.views.clear()

    watched.turn(after_s=5)
    watched.turn(after_s=30)

    assert watched.row("a.pdf").attempt == 2
    assert len(watched.runs.views) == 1


def test_a_run_that_takes_long_is_left_to_it(watched: Watched) -> None:
    watched.put("a.pdf")
    watched.settle_down()

    watched.turn(after_s=86_400)

    assert watched.row("a.pdf").attempt == 1
    assert len(watched.runs.requests) == 1


@pytest.mark.parametrize(
    ("ending", "reason"),
    [(Ending.CANCELLED, "cancelled"), (Ending.UNANSWERED, "nobody approved its plan in time")],
)
def test_what_people_stopped_or_left_is_not_repeated_by_itself(
    watched: Watched, ending: Ending, reason: str
) -> None:
    watched.put("a.pdf")
    watched.settle_down()
    watched.runs.end_all(ending)

    watched.turn(after_s=5)

    assert watched.files() == ["failed/a.pdf", "failed/a.pdf.reason.txt"]
    assert reason in watched.reason("failed/a.pdf")


def test_a_file_that_failed_is_tried_again_when_it_is_moved_back(watched: Watched) -> None:
    watched.put("summarize/a.pdf")
    watched.settle_down()
    watched.finish(Outcome(done=False, reason="damaged: no PDF"))
    assert "damaged: no PDF" in watched.reason("failed/summarize/a.pdf")

    (watched.folder / "failed/summarize/a.pdf").rename(watched.folder / "summarize/a.pdf")
    watched.settle_down()

    assert watched.row("summarize/a.pdf").attempt == 2
    assert watched.runs.sources() == ["a.pdf", "a.pdf"]
    watched.finish()
    assert watched.files() == ["done/summarize/a.pdf"]


def test_two_watchers_of_one_folder_start_each_file_once(watched: Watched) -> None:
    for n in range(30):
        watched.put(f"{n}.pdf", str(n))
    watched.turn()
    other = Watched(watched.folder.parent)
    other.desk = watched.desk
    other.runs.requests = watched.runs.requests
    other.turn()

    watched.turn(after_s=QUIET_S)
    other.turn(after_s=QUIET_S)

    assert len(watched.runs.sources()) == 30
    other.engine.dispose()
