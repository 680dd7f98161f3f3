"""What a person is told of each file, by `docmill intake`."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from flows.watch.status import Standing, standings
from tasks.ledger.books import reading
from tasks.ledger.intake import Outcome
from tests.flows.running import docmill
from tests.flows.watch.building import Watched


def told(watched: Watched, *, everything: bool = False) -> dict[str, Standing]:
    with reading(watched.engine) as connection:
        found = standings(connection, watched.folder, everything=everything)
    return {standing.path: standing for standing in found}


def test_of_each_file_it_is_said_why_it_waits(watched: Watched) -> None:
    watched.put("fails.pdf", "1")
    watched.settle_down()
    watched.finish(Outcome(done=False, reason="the disk is full", may_pass=True))
    watched.put("started.pdf", "2")
    watched.settle_down()
    watched.put("new.pdf", "3")
    watched.put("half.pdf.part")
    watched.put(".hidden/x.pdf")
    (watched.folder / "link.pdf").symlink_to("/etc/hostname")

    standing = told(watched)

    assert "tried again after" in standing["fails.pdf"].reason
    assert "the disk is full" in standing["fails.pdf"].reason
    assert standing["fails.pdf"].attempt == 2
    assert "in flow run run-" in standing["started.pdf"].reason
    assert "must stand still" in standing["new.pdf"].reason
    assert "once it is renamed" in standing["half.pdf.part"].reason
    assert "links are not followed" in standing["link.pdf"].reason
    assert "hidden" in standing[".hidden"].reason
    assert set(standing) == {
        "fails.pdf", "started.pdf", "new.pdf", "half.pdf.part", "link.pdf", ".hidden",
    }  # fmt: skip


def test_what_is_done_is_told_on_demand(watched: Watched) -> None:
    watched.put("a.pdf")
    watched.settle_down()
    watched.finish()

    assert told(watched) == {}
    assert told(watched, everything=True)["a.pdf"].place == "done/a.pdf"


def test_the_command_shows_it_and_says_that_nobody_watches(watched: Watched) -> None:
    watched.put("a.pdf")
    watched.settle_down()
    env = {"DOCMILL_LEDGER": watched.url}

    shown = docmill("intake", watched.folder, env=env)
    as_json = docmill("intake", watched.folder, "--json", env=env)

    assert shown.returncode == 0, shown.stderr
    assert "Nobody watches" in shown.stdout  # the clock of the test stands far in the past
    assert "a.pdf | started | 1 | in flow run run-" in shown.stdout
    assert json.loads(as_json.stdout)[0]["state"] == "started"


@pytest.mark.parametrize("to", ["in/out", "."])
def test_an_outbox_from_which_outputs_would_come_in_again_is_refused(
    to: str, tmp_path: Path
) -> None:
    ended = docmill("watch", tmp_path / "in", "--to", tmp_path / to)

    assert ended.returncode == 2
    assert "must not lie in each other" in ended.stderr


def test_without_a_server_it_is_said_what_to_start(tmp_path: Path) -> None:
    env = {"PREFECT_HOME": str(tmp_path / "prefect"), "DOCMILL_HOME": str(tmp_path / "home")}

    ended = docmill("watch", tmp_path / "in", "--to", tmp_path / "out", env=env)

    assert ended.returncode == 2
    assert "start `docmill up`" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_a_turn_that_goes_wrong_is_taken_again(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.watch.loop import keep_watching  # with its watchfiles

    watched.put("a.pdf")
    taken: list[float] = []

    def turn(now: float, heard: object) -> float:
        taken.append(now)
        if len(taken) == 1:
            raise OperationalError("INSERT", {}, OSError("database or disk is full"))
        return now + 60

    monkeypatch.setattr(watched.inbox, "turn", turn)
    times = iter([100.0, 101.0, 110.0, 111.0, 112.0])
    changes: Iterator[frozenset[str]] = iter([frozenset()] * 4 + [frozenset({"a.pdf"})])

    keep_watching(watched.inbox, changes, clock=lambda: next(times))

    assert taken == [100.0, 110.0, 112.0]
