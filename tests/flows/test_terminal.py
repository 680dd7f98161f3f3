import io
import logging

import pytest
from rich.console import Console
from rich.progress import Progress as Bars

from flows.cli.terminal import Live, LogLines, listener, log_told
from flows.progress import LoggedProgress
from tasks.core.documents import DocumentReport, Status


def test_the_bar_moves_for_every_document_however_it_ended() -> None:
    bars = Bars(console=Console(file=io.StringIO()))
    live = Live(bars)
    live.planned(4, 9)

    for status in Status:
        live.finished(DocumentReport(source="[red]a.pdf", recipe="r", status=status, reason="x"))

    assert bars.tasks[0].completed == 4


def test_what_a_name_holds_is_no_markup() -> None:
    out = io.StringIO()
    live = Live(Bars(console=Console(file=out)))

    live.finished(DocumentReport(source="[red]a.pdf", recipe="r", status=Status.FAILED))

    assert "[red]a.pdf" in out.getvalue()


def test_retries_are_told_at_once_and_then_now_and_then() -> None:
    now = 0.0
    told: list[str] = []
    handler = LogLines(told.append, clock=lambda: now)

    def log(level: int, message: str) -> None:
        handler.emit(logging.LogRecord("docmill.infer", level, "", 0, message, (), None))

    for now in (0.0, 1.0, 9.9, 10.0, 15.0, 21.0):
        log(logging.INFO, f"trying again: at {now}")
    log(logging.WARNING, "something else")

    assert told == [
        "trying again: at 0.0", "trying again: at 10.0", "trying again: at 21.0", "something else"
    ]  # fmt: skip


def test_a_log_record_is_one_line_without_traceback() -> None:
    told: list[str] = []
    with log_told(told.append):
        try:
            raise KeyError("k")
        except KeyError:
            logging.getLogger("docmill.run").exception("a.pdf: unexpected\nfailure")

    logging.getLogger("docmill.run").info("after the end")

    assert told == ["a.pdf: unexpected failure"]


def test_people_see_that_the_provider_is_asked_again(capsys: pytest.CaptureFixture[str]) -> None:
    with listener(quiet=False):
        logging.getLogger("docmill.infer").info("trying again: 503")

    assert capsys.readouterr().err == "trying again: 503\n"


def test_machines_are_told_nothing_of_the_log(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with listener(quiet=True):
        logging.getLogger("docmill.run").warning("odd")

    assert capsys.readouterr().err == ""
    assert caplog.records == []


def test_one_is_not_plural(capsys: pytest.CaptureFixture[str]) -> None:
    with listener(quiet=False) as heard:
        heard.planned(1, 2)

    assert capsys.readouterr().err == "1 document, 2 chunks\n"


def test_a_listener_hears_only_what_is_told() -> None:
    assert not hasattr(LoggedProgress(), "read")
