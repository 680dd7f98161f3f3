"""Writing that is ended half-way: by a kill, and by a disk without room."""

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tasks.core.errors import OutputError
from tasks.write.destination import Destination
from tasks.write.write import write_output
from tests.write.made import SOURCE, an_output

FORMATS = ["md", "docx", "json"]
OLD, NEW = an_output("The old text.\n"), an_output("The new text.\n\n" * 2000)

# Ends itself by SIGKILL at the n-th call that has the disk confirm something.
KILLED = """
import os, signal, sys
from pathlib import Path
calls, real = int(sys.argv[2]), os.fsync
def fsync(handle):
    global calls
    calls -= 1
    if calls < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    real(handle)
os.fsync = fsync
from tasks.write.destination import Destination
from tasks.write.write import write_output
from tests.write.test_killed import FORMATS, NEW
from tests.write.made import SOURCE
write_output(NEW, SOURCE, to=Destination(folder=Path(sys.argv[1])), formats=FORMATS)
"""


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def whole(folder: Path, output: object) -> dict[str, bytes]:
    """Give the files of an output as they are when nothing goes wrong."""
    write_output(output, SOURCE, to=Destination(folder=folder), formats=FORMATS)  # type: ignore[arg-type]
    return contents(folder)


def test_a_kill_at_any_moment_leaves_whole_files_and_the_next_run_completes(tmp_path: Path) -> None:
    old, new = whole(tmp_path / "old", OLD), whole(tmp_path / "new", NEW)
    for moment in (0, 2, 3, 5, 8):
        folder = tmp_path / str(moment)
        whole(folder, OLD)
        ended = subprocess.run(
            [sys.executable, "-c", KILLED, str(folder), str(moment)],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
            check=False,
        )
        left = {k: v for k, v in contents(folder).items() if not k.startswith(".docmill-")}

        assert ended.returncode in {0, -signal.SIGKILL}
        assert left.keys() == old.keys()
        assert all(left[name] in {old[name], new[name]} for name in left), moment
        assert whole(folder, NEW) == new  # nothing beside them: what was half done is known as ours
    assert ended.returncode == 0  # the last moment lies behind the whole work


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a folder on a disk of 256 KiB; skipped where no disk can be mounted."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("no disk can be mounted here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def fill(path: Path) -> None:
    """Write until the disk has no room."""
    with path.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))


def test_a_full_disk_leaves_the_old_files_and_says_so(small_disk: Path) -> None:
    folder = small_disk / "out"
    old = whole(folder, OLD)
    filler = small_disk / "filler"
    with pytest.raises(OSError, match="No space"):
        fill(filler)

    with pytest.raises(OutputError, match="not written, the disk is full; free some space"):
        whole(folder, NEW)
    assert contents(folder) == old
    filler.unlink()
    new = whole(folder, NEW)
    assert new.keys() == old.keys()
    assert b"The new text." in new["lease.summarize.md"]


def test_a_file_that_may_not_grow_leaves_the_old_one(tmp_path: Path) -> None:
    old = whole(tmp_path, OLD)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16_384, hard))
    try:
        with pytest.raises(OutputError, match="not written"):
            whole(tmp_path, NEW)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, ignored)

    assert contents(tmp_path) == old
    assert whole(tmp_path, NEW).keys() == old.keys()
