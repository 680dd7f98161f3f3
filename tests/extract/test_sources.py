import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.core.errors import ConfigError
from tasks.extract.sources import find_sources


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.pdf", "a.pdf", "sub/c.docx", ".hidden", "~$b.docx", ".git/x.txt", "sub/.y"):
        file = tmp_path / "in" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
    return tmp_path / "in"


def names(*arguments: Path | str) -> list[str]:
    return [source.name for source in find_sources([str(a) for a in arguments])]


def test_a_folder_means_its_files_sorted_without_hidden_and_lock_files(folder: Path) -> None:
    assert names(folder) == ["a.pdf", "b.pdf", "sub/c.docx"]


def test_a_file_is_named_by_its_file_name(folder: Path) -> None:
    assert names(folder / "sub" / "c.docx") == ["c.docx"]


def test_a_name_is_text_even_where_the_files_name_is_not_utf_8(tmp_path: Path) -> None:
    os.close(os.open(os.fsencode(tmp_path) + b"/a\xff.md", os.O_CREAT))
    (source,) = find_sources([str(tmp_path)])

    assert source.name == "a\ufffd.md"
    assert source.path.exists()


def test_a_glob_finds_files_and_names_them_below_its_fixed_part(folder: Path) -> None:
    assert names(folder / "*.pdf") == ["a.pdf", "b.pdf"]
    assert names(folder / "**" / "*.docx") == ["sub/c.docx"]


def test_a_glob_looks_into_the_folders_that_it_matches(folder: Path) -> None:
    assert names(folder / "s*") == ["sub/c.docx"]


def test_each_file_comes_once_in_the_order_given(folder: Path) -> None:
    (folder / "link.pdf").symlink_to(folder / "a.pdf")
    assert names(folder / "b.pdf", folder, folder / "*.pdf") == ["b.pdf", "a.pdf", "sub/c.docx"]


def test_a_file_whose_name_looks_like_a_glob_is_a_file(folder: Path) -> None:
    (folder / "[1].txt").write_text("x")
    assert names(folder / "[1].txt") == ["[1].txt"]


@pytest.mark.parametrize("argument", ["missing.pdf", "*.odt", "empty"])
def test_an_argument_that_names_no_file_is_an_error_that_names_it(
    folder: Path, argument: str
) -> None:
    (folder / "empty").mkdir()
    with pytest.raises(ConfigError, match="no file found") as error:
        find_sources([str(folder / "a.pdf"), str(folder / argument)])
    assert argument in str(error.value)


@given(st.lists(st.sampled_from(["a", "b", "c", "d/e", "d/f", "d", "*", "**/*"]), min_size=1))
def test_no_file_comes_twice_however_often_it_is_named(
    tmp_path_factory: pytest.TempPathFactory, arguments: list[str]
) -> None:
    root = tmp_path_factory.getbasetemp() / "once"
    (root / "d").mkdir(parents=True, exist_ok=True)
    for name in ("a", "b", "c", "d/e", "d/f"):
        (root / name).touch()

    found = [source.path for source in find_sources([str(root / a) for a in arguments])]

    assert len({path.resolve() for path in found}) == len(found)
    assert all(path.is_file() for path in found)


def test_what_cannot_be_followed_is_given_so_that_it_fails_by_name(folder: Path) -> None:
    (folder / "gone.pdf").symlink_to(folder / "nowhere.pdf")
    (folder / "linked").symlink_to(folder / "sub")
    os.mkfifo(folder / "pipe.txt")

    assert {"gone.pdf", "linked", "pipe.txt"} <= set(names(folder))


def test_a_folder_that_cannot_be_entered_is_given_so_that_it_fails_by_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered = os.scandir

    def scandir(path: str) -> Iterator[os.DirEntry[str]]:
        if Path(path).name == "sub":
            raise PermissionError(13, "Permission denied", str(path))
        return entered(path)

    monkeypatch.setattr(os, "scandir", scandir)

    assert names(folder) == ["a.pdf", "b.pdf", "sub"]


def test_a_tilde_that_names_no_user_is_part_of_the_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "~no-such-user.txt").write_text("x")
    monkeypatch.chdir(folder)

    assert names("~no-such-user.txt") == ["~no-such-user.txt"]
