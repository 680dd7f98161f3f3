"""The edge of the command: whatever happens, a person reads a line."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from flows.cli.app import exit_code
from tasks.core.errors import ConfigError, OutputError
from tests.flows.running import DOCMILL, SAMPLES, docmill

MINUTES = SAMPLES / "minutes.md"


def raising(error: BaseException) -> int:
    def command() -> None:
        raise error

    return exit_code(command)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ConfigError("set this"), "docmill: set this\n"),
        (PermissionError(13, "Permission denied", "/x"), "docmill: /x: Permission denied\n"),
        (OSError("closed"), "docmill: closed\n"),
        (ExceptionGroup("g", [OutputError("full")]), "docmill: full\n"),
        (KeyError("k"), "docmill: unexpected KeyError: 'k': please report this fault\n"),
    ],
)
def test_every_error_is_one_line(
    error: Exception, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert raising(error) == 2
    assert capsys.readouterr().err == said


def test_the_traceback_is_there_for_who_asks(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCMILL_DEBUG", "1")

    assert raising(KeyError("k")) == 2
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(("code", "given"), [(1, 1), (0, 0), (None, 0)])
def test_the_exit_code_of_a_command_is_kept(code: int | None, given: int) -> None:
    assert raising(SystemExit(code)) == given


@pytest.mark.parametrize("ended", [KeyboardInterrupt(), SystemExit(130)])
def test_an_early_interrupt_is_one_line(
    ended: BaseException, capsys: pytest.CaptureFixture[str]
) -> None:
    assert raising(ended) == 1
    assert capsys.readouterr().err == "Interrupted before anything was read.\n"


@pytest.mark.parametrize("redirect", [">/dev/full", ">&-"])
def test_a_stdout_that_takes_nothing_is_one_line(redirect: str) -> None:
    ended = subprocess.run(
        f"{DOCMILL} recipes {redirect}", shell=True, capture_output=True, text=True, check=False
    )

    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"DOCMILL_STORE": "foo://"}, "DOCMILL_STORE"),
        ({"DOCMILL_HOME": "/dev/null"}, "DOCMILL_HOME"),
        ({"PREFECT_API_URL": "http://127.0.0.1:9/api"}, "no Prefect server answers"),
    ],
)
def test_what_is_not_there_is_named(env: dict[str, str], said: str, tmp_path: Path) -> None:
    ended = docmill("run", MINUTES, "--to", tmp_path, "--provider", "offline", env=env)

    assert ended.returncode == 2
    assert said in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_a_name_that_prefect_cannot_hold_is_refused(tmp_path: Path) -> None:
    odd = os.fsdecode(bytes(tmp_path) + b"/a\xff.md")
    Path(odd).write_text("Text.", encoding="utf-8")

    ended = docmill("run", odd, "--to", tmp_path / "out", "--provider", "offline")

    assert ended.returncode == 2
    assert "folder" in ended.stderr
    assert ended.stderr.count("\n") == 1


@pytest.mark.full  # a temporary server takes its time to start
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_the_temporary_server_starts_ends_it_too(
    sign: signal.Signals, tmp_path: Path
) -> None:
    command = [DOCMILL, "run", str(MINUTES), "--to", str(tmp_path / "out"), "--provider", "offline"]
    heard = ["env", "--default-signal=INT", *command]  # tests in the background ignore it
    env = {name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"}
    env["PREFECT_HOME"] = str(tmp_path / "prefect")

    with subprocess.Popen(
        heard, env=env, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as running:
        assert running.stderr is not None
        assert "temporary" in running.stderr.readline()
        deadline = time.monotonic() + 60
        while b"create_app" not in commands_of(running.pid) and time.monotonic() < deadline:
            time.sleep(0.05)  # another process gives no other sign
        os.killpg(running.pid, sign)
        _, said = running.communicate(timeout=60)

    assert running.returncode == 1
    assert said == "Interrupted before anything was read.\n"
    assert b"create_app" not in commands_of(running.pid)


def commands_of(session: int) -> bytes:
    """Give the command lines of all processes of a session."""
    found = b""
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(status.read_text().rpartition(")")[2].split()[3]) == session:
                found += (status.parent / "cmdline").read_bytes()
        except (OSError, ValueError):
            continue  # it has ended
    return found
