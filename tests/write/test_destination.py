import errno
import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tasks.core.errors import OutputError
from tasks.write.atomic import write_whole
from tasks.write.destination import Destination, place
from tests.write.made import a_source

FIRST = a_source(identity="one")
SECOND = a_source(identity="two")


def put(folder: Path, data: bytes = b"text", **changes: Any) -> Path:
    source = changes.pop("source", FIRST)
    recipe = changes.pop("recipe", "summarize")
    to = Destination(folder=folder, **changes)
    (path,) = place({"md": data}, source, recipe=recipe, to=to)
    return path


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.is_file()}


def entry(folder: Path) -> Path:
    """Give the one entry of a folder's record."""
    (path,) = (folder / ".docmill" / "outputs").iterdir()
    return path


def test_an_output_is_named_by_stem_recipe_and_format(tmp_path: Path) -> None:
    paths = place(
        {"md": b"m", "docx": b"d"},
        FIRST,
        recipe="key-facts",
        to=Destination(folder=tmp_path / "new"),
    )

    assert [p.name for p in paths] == ["lease.key-facts.md", "lease.key-facts.docx"]
    assert [p.read_bytes() for p in paths] == [b"m", b"d"]


def test_sources_with_the_same_stem_are_kept_apart_run_after_run(tmp_path: Path) -> None:
    names = [put(tmp_path, s.identity.encode(), source=s).name for s in (FIRST, SECOND)]
    again = [put(tmp_path, s.identity.encode(), source=s).name for s in (SECOND, FIRST)]

    assert names == ["lease.summarize.md", "lease-2.summarize.md"]
    assert again == names[::-1]
    assert (tmp_path / names[0]).read_bytes() == b"one"


def test_stems_that_differ_in_case_alone_are_kept_apart(tmp_path: Path) -> None:
    put(tmp_path)

    path = put(tmp_path, source=a_source(identity="two", stem="LEASE"))

    assert path.name == "LEASE-2.summarize.md"


def test_a_stem_that_looks_numbered_does_not_take_a_numbered_name(tmp_path: Path) -> None:
    put(tmp_path)
    put(tmp_path, source=SECOND)

    path = put(tmp_path, source=a_source(identity="three", stem="lease-2"))

    assert path.name == "lease-2-2.summarize.md"


def test_one_source_may_have_several_recipes(tmp_path: Path) -> None:
    put(tmp_path)

    assert put(tmp_path, recipe="translate").name == "lease.translate.md"


def test_a_newer_answer_replaces_what_we_wrote(tmp_path: Path) -> None:
    put(tmp_path, b"old")

    path = put(tmp_path, b"new")

    assert path.read_bytes() == b"new"
    assert files(tmp_path) == {"lease.summarize.md"}


def test_the_same_bytes_leave_the_file_untouched(tmp_path: Path) -> None:
    path = put(tmp_path)
    os.utime(path, ns=(1, 1))
    record = entry(tmp_path).stat().st_ino

    put(tmp_path)

    assert path.stat().st_mtime_ns == 1
    assert entry(tmp_path).stat().st_ino == record


def test_a_pattern_names_the_outputs(tmp_path: Path) -> None:
    names = [put(tmp_path, source=s, names="{stem} ({recipe})").name for s in (FIRST, SECOND)]

    assert names == ["lease (summarize).md", "lease-2 (summarize).md"]


def test_with_force_a_file_that_a_person_changed_is_written_over(tmp_path: Path) -> None:
    put(tmp_path).write_bytes(b"edited")

    assert put(tmp_path, b"new", force=True).name == "lease.summarize.md"
    assert files(tmp_path) == {"lease.summarize.md"}
    assert put(tmp_path, b"newer").name == "lease.summarize.md"


def test_force_writes_over_no_folder(tmp_path: Path) -> None:
    (tmp_path / "lease.summarize.md").mkdir()

    assert put(tmp_path, force=True).name == "lease.summarize.new.md"


def test_a_file_that_a_person_changed_is_left_and_ours_stands_beside_it(tmp_path: Path) -> None:
    put(tmp_path, b"old").write_bytes(b"edited")

    beside = [put(tmp_path, data).name for data in (b"new", b"new", b"newer")]

    assert beside == ["lease.summarize.new.md"] * 3
    assert (tmp_path / "lease.summarize.md").read_bytes() == b"edited"
    assert (tmp_path / beside[0]).read_bytes() == b"newer"


def test_a_changed_file_beside_is_left_too(tmp_path: Path) -> None:
    for data in (b"1", b"2", b"3"):
        put(tmp_path, data).write_bytes(b"edited " + data)

    assert put(tmp_path, b"4").name == "lease.summarize.new-3.md"
    assert (tmp_path / "lease.summarize.new-2.md").read_bytes() == b"edited 3"


def test_a_file_that_we_never_wrote_is_left(tmp_path: Path) -> None:
    (tmp_path / "lease.summarize.md").write_bytes(b"a person's")

    assert put(tmp_path).name == "lease.summarize.new.md"
    assert (tmp_path / "lease.summarize.md").read_bytes() == b"a person's"


@pytest.mark.parametrize("make", [Path.mkdir, lambda p: p.symlink_to("elsewhere"), os.mkfifo])
def test_what_is_no_plain_file_is_left(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "lease.summarize.md")

    assert put(tmp_path).name == "lease.summarize.new.md"
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"name": 1}', b"\xff", b"null"])
def test_a_damaged_record_loses_no_file(tmp_path: Path, damage: bytes) -> None:
    put(tmp_path, b"old")
    entry(tmp_path).write_bytes(damage)

    assert put(tmp_path, b"new").name == "lease.summarize.new.md"
    assert (tmp_path / "lease.summarize.md").read_bytes() == b"old"
    assert json.loads(entry(tmp_path).read_bytes())["name"] == "lease.summarize"


def test_a_lost_record_takes_up_files_that_have_our_bytes(tmp_path: Path) -> None:
    put(tmp_path, b"old")
    entry(tmp_path).unlink()

    assert put(tmp_path, b"old") == put(tmp_path, b"new")


def test_a_record_that_points_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    put(tmp_path / "out")
    record = entry(tmp_path / "out")
    record.write_text(record.read_text().replace("lease.summarize", "../lease.summarize"))

    put(tmp_path / "out", b"new")

    assert files(tmp_path) == set()


def test_the_record_does_not_tell_where_sources_lay(tmp_path: Path) -> None:
    put(tmp_path, source=a_source(identity="/home/clara/secret/lease.pdf"))

    assert b"clara" not in entry(tmp_path).read_bytes()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENOSPC, "the disk is full; free some space"),
        (errno.EACCES, "permission denied; make the folder writable"),
        (errno.EROFS, "read-only; choose another folder"),
        (errno.EIO, "Input/output error"),
    ],
)
def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, words: str
) -> None:
    path = put(tmp_path, b"old")

    def refuse(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OutputError, match=words) as failure:
        write_whole(path, b"new")

    assert str(path) in str(failure.value)
    assert path.read_bytes() == b"old"
    assert files(tmp_path) == {"lease.summarize.md"}


def test_a_run_killed_before_its_rename_leaves_the_old_file_and_is_taken_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(tmp_path, b"old")
    real = Path.replace

    def killed(self: Path, target: Path) -> Path:
        if target == path:
            raise KeyboardInterrupt
        return real(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            put(tmp_path, b"new")

    assert path.read_bytes() == b"old"
    assert put(tmp_path, b"newest") == path
    assert path.read_bytes() == b"newest"


def test_a_run_killed_after_its_rename_knows_its_file_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(tmp_path, b"old")
    real = Path.replace

    def killed(self: Path, target: Path) -> Path:
        done = real(self, target)
        if target == path:
            raise KeyboardInterrupt
        return done

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            put(tmp_path, b"new")

    assert path.read_bytes() == b"new"
    assert put(tmp_path, b"newest") == path


@pytest.mark.parametrize("place", [".", ".docmill", ".docmill/runs", ".docmill/outputs"])
def test_what_a_killed_writer_left_is_swept_away(tmp_path: Path, place: str) -> None:
    left = tmp_path / place / ".docmill-lease.summarize.md.0a1b2c3d.tmp"
    left.parent.mkdir(parents=True, exist_ok=True)
    left.write_bytes(b"half")

    put(tmp_path)

    assert not left.exists()


def test_the_longest_names_can_be_written(tmp_path: Path) -> None:
    path = put(tmp_path, source=a_source(stem="契" * 90), recipe="約" * 90)

    assert path.read_bytes() == b"text"


def test_writers_at_the_same_time_take_different_names(tmp_path: Path) -> None:
    sources = [a_source(identity=str(number)) for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        paths = list(pool.map(lambda s: put(tmp_path, s.identity.encode(), source=s), sources))

    assert len(set(paths)) == 8
    assert [path.read_bytes() for path in paths] == [s.identity.encode() for s in sources]


def test_a_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"")

    with pytest.raises(OutputError, match=r"out: not written, .* choose another folder"):
        put(tmp_path / "out")


def test_an_output_gets_the_permissions_of_ordinary_files(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        path = put(tmp_path)
    finally:
        os.umask(before)

    assert path.stat().st_mode & 0o777 == 0o640
