"""What is no document, and where originals go."""

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.watch.names import left_alone
from flows.watch.places import MAX_NAME_BYTES, free_place, move, say_why
from tasks.core.errors import OutputError
from tasks.ledger.intake import Outcome, State
from tests.flows.watch.building import Watched


@pytest.mark.parametrize("target", ["/etc/hostname", "nowhere", "inside.pdf"])
def test_a_link_is_refused_by_name_and_not_followed(watched: Watched, target: str) -> None:
    watched.put("inside.pdf")
    (watched.folder / "link.pdf").symlink_to(target)

    watched.settle_down()

    assert watched.runs.sources() == ["inside.pdf"]
    assert (watched.folder / "failed/link.pdf").is_symlink()
    assert "links are not followed" in watched.reason("failed/link.pdf")


def test_a_link_to_a_folder_is_refused_and_not_entered(watched: Watched, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.pdf").touch()
    (watched.folder / "more").symlink_to(outside)

    watched.settle_down()

    assert watched.rows()[0].path == "more"
    assert "links are not followed" in watched.reason("failed/more")
    assert (outside / "a.pdf").exists()


def test_a_pipe_is_refused_without_being_opened(watched: Watched) -> None:
    os.mkfifo(watched.folder / "pipe.pdf")

    watched.settle_down()

    assert "a pipe, a socket or a device" in watched.reason("failed/pipe.pdf")
    assert stat.S_ISFIFO((watched.folder / "failed/pipe.pdf").stat().st_mode)


def test_a_link_that_comes_again_is_refused_again(watched: Watched) -> None:
    for _ in range(2):
        (watched.folder / "link.pdf").symlink_to("/etc/hostname")
        watched.settle_down()

    assert watched.row("link.pdf").attempt == 2
    assert {"failed/link.pdf", "failed/link-2.pdf"} <= set(watched.files())


def test_a_name_that_is_no_text_is_refused(watched: Watched) -> None:
    name = os.fsdecode(b"rent\xff.pdf")
    (watched.folder / name).write_text("x", encoding="utf-8")

    watched.settle_down()

    assert (watched.folder / "failed" / name).exists()
    reason = (watched.folder / "failed" / f"{name}.reason.txt").read_text(encoding="utf-8")
    assert "its name is not UTF-8" in reason
    assert watched.rows() == []


def test_an_original_is_never_written_over(watched: Watched) -> None:
    for n in range(3):
        watched.put("scan.pdf", f"page {n}")
        watched.settle_down()
        watched.finish()

    texts = [
        (watched.folder / "done" / name).read_text(encoding="utf-8")
        for name in ("scan.pdf", "scan-2.pdf", "scan-3.pdf")
    ]
    assert texts == ["page 0", "page 1", "page 2"]


def test_a_file_that_was_put_in_the_place_meanwhile_is_left(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_text("mine", encoding="utf-8")
    place = free_place(tmp_path, "done", "a.pdf")
    theirs = tmp_path / place
    theirs.parent.mkdir()
    theirs.write_text("theirs", encoding="utf-8")

    with pytest.raises(OutputError):
        move(tmp_path, "a.pdf", place)

    assert theirs.read_text(encoding="utf-8") == "theirs"
    assert (tmp_path / "a.pdf").read_text(encoding="utf-8") == "mine"


def test_a_move_that_cannot_be_made_leaves_no_trace(tmp_path: Path) -> None:
    place = free_place(tmp_path, "done", "absent.pdf")

    with pytest.raises(OutputError):
        move(tmp_path, "absent.pdf", place)

    assert list((tmp_path / "done").iterdir()) == []


def test_the_reason_of_a_file_that_is_put_back_goes(watched: Watched) -> None:
    watched.put("a.pdf")
    watched.settle_down()
    watched.finish(Outcome(done=False, reason="damaged"))

    (watched.folder / "failed/a.pdf").rename(watched.folder / "a.pdf")
    watched.settle_down()

    assert watched.files() == ["a.pdf"]


def test_a_file_that_was_replaced_while_it_was_read_is_not_moved_for_the_other(
    watched: Watched,
) -> None:
    watched.put("a.pdf", "first")
    watched.settle_down()
    watched.put("a.pdf", "second")
    watched.finish(Outcome(done=False, reason="damaged"))
    assert watched.files() == ["a.pdf"]

    watched.settle_down()
    watched.finish()

    assert watched.files() == ["done/a.pdf"]
    assert [row.state for row in watched.rows()] == [State.FAILED, State.DONE]
    assert all(row.closed_at for row in watched.rows())


def test_a_file_that_a_person_takes_away_in_the_middle_is_no_trouble(watched: Watched) -> None:
    watched.put("a.pdf")
    watched.settle_down()
    (watched.folder / "a.pdf").unlink()

    watched.finish()

    assert watched.files() == []
    assert watched.row("a.pdf").closed_at is not None


@given(st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1))
def test_any_name_finds_a_place_with_room_for_its_reason(name: str) -> None:
    if name in {".", ".."}:
        return
    place = free_place(Path("/nowhere"), "failed", name[:60] + ".pdf")

    assert len(os.fsencode(Path(place).name)) <= MAX_NAME_BYTES


def test_a_long_name_is_cut_between_letters(tmp_path: Path) -> None:
    name = "ü" * 125 + ".pdf"
    (tmp_path / name).touch()
    place = free_place(tmp_path, "failed", name)

    say_why(tmp_path, place, path=name, reason="damaged", attempt=1, now=0)
    move(tmp_path, name, place)

    assert (tmp_path / place).exists()
    assert (tmp_path / f"{place}.reason.txt").exists()


@pytest.mark.parametrize("name", ["a.pdf", "Bericht (3).docx", "done.md", "part.pdf", "tmp"])
def test_an_ordinary_name_counts(name: str) -> None:
    assert left_alone(name) == ""
