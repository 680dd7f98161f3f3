import io
import logging

import pytest
from rich.console import Console
from rich.progress import Progress as Bars

from flows.cli import terminal
from flows.cli.figures import Figures
from flows.cli.terminal import LINES_EVERY_S, Lines, Live, LogLines, listener, log_told
from flows.progress import LoggedProgress
from tasks.core.reports import DocumentReport, Status
from tasks.infer.prices import PlanPrice


def test_the_bar_moves_for_every_document_however_it_ended() -> None:
    bars = Bars(console=Console(file=io.StringIO()))
    live = Live(bars, Figures())
    live.planned(4, 9)

    for status in Status:
        live.finished(DocumentReport(source="[red]a.pdf", recipe="r", status=status, reason="x"))

    assert bars.tasks[0].completed == 4


def test_what_a_name_holds_is_no_markup() -> None:
    out = io.StringIO()
    live = Live(Bars(console=Console(file=out)), Figures())

    live.finished(DocumentReport(source="[red]a.pdf", recipe="r", status=Status.FAILED))

    assert "[red]a.pdf" in out.getvalue()


def test_a_name_does_not_drive_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    bad = "a\x1b]0;x\x07.pdf"
    Lines(Figures()).finished(DocumentReport(source=bad, recipe="r", status=Status.FAILED))

    assert "\x1b" not in capsys.readouterr().err


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


PRICE = PlanPrice(documents=2, chunks=9, kept=3, usd=0.25, tokens=90_000)


@pytest.mark.parametrize(("options", "answer", "agreed"), [
    ({"asks": True}, True, True), ({"asks": True}, False, False), ({}, False, True),
])  # fmt: skip
async def test_a_price_is_shown_and_agreed_to_where_it_is_asked(
    options: dict[str, bool],
    answer: bool,  # noqa: FBT001
    agreed: bool,  # noqa: FBT001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = io.StringIO()
    live = Live(Bars(console=Console(file=out)), Figures(), **options)
    monkeypatch.setattr(terminal, "_confirmed", lambda: answer)

    assert await live.agrees(PRICE) is agreed
    assert "9 chunks of 2 documents, 3 of them answered before: at most $0.2500" in out.getvalue()


async def test_what_costs_nothing_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    live = Live(Bars(console=Console(file=io.StringIO())), Figures(), asks=True)
    monkeypatch.setattr(terminal, "_confirmed", lambda: False)

    assert await live.agrees(PlanPrice(documents=1, chunks=1, kept=1, usd=0.0, tokens=0))


async def test_lines_go_on_without_asking(capsys: pytest.CaptureFixture[str]) -> None:
    assert await Lines(Figures()).agrees(PRICE)
    assert "at most $0.2500 and 90,000 tokens" in capsys.readouterr().err


def test_lines_tell_now_and_then_how_far_the_run_is(capsys: pytest.CaptureFixture[str]) -> None:
    now = 0.0
    lines = Lines(Figures(clock=lambda: now), clock=lambda: now)
    lines.planned(1, 40)
    capsys.readouterr()

    for second in (1.0, LINES_EVERY_S, LINES_EVERY_S + 1, 2 * LINES_EVERY_S):
        now = second
        lines.answered()

    told = capsys.readouterr().err.splitlines()
    assert [line.partition(";")[0] for line in told] == ["2 of 40 chunks", "4 of 40 chunks"]
