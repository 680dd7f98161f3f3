from dataclasses import dataclass

import pytest

from flows.cli.figures import Figures
from tasks.core.traffic import Traffic


@dataclass
class Run:
    now: float = 0.0
    traffic: Traffic = Traffic(limit=4)  # noqa: RUF009 # frozen

    def figures(self, **options: float) -> Figures:
        figures = Figures(clock=lambda: self.now, **options)
        figures.opened(lambda: self.traffic)
        return figures


def test_money_stands_against_the_budget() -> None:
    run = Run(traffic=Traffic(limit=4, usd=0.1234))

    assert run.figures(budget_usd=5).line().startswith("$0.1234 of $5.00 · ")
    assert run.figures().line().startswith("$0.1234 · ")


def test_the_throttle_is_shown_as_it_is() -> None:
    traffic = Traffic(limit=16, in_flight=12, waiting=3, refused=2, paused_s=4.2)

    assert (
        "12 of 16 in flight, 3 waiting, 2 refused, paused for 4 s"
        in Run(traffic=traffic).figures().line()
    )


@pytest.mark.parametrize(
    ("seconds", "tokens", "told"), [(10, 500, "50"), (10, 12_345, "1,234"), (0, 500, "0")]
)
def test_speed_is_of_the_last_while(seconds: float, tokens: int, told: str) -> None:
    run = Run()
    figures = run.figures()
    figures.line()
    run.now, run.traffic = seconds, Traffic(limit=4, completion_tokens=tokens)

    assert f" · {told} tokens/s · " in figures.line()


def test_speed_forgets_what_is_long_ago() -> None:
    run = Run()
    figures = run.figures()
    for second in range(100):
        run.now, run.traffic = second, Traffic(limit=4, completion_tokens=min(second, 50) * 10)
        line = figures.line()

    assert " · 0 tokens/s · " in line


def test_speed_is_not_negative_when_an_estimate_was_too_high() -> None:
    run = Run(traffic=Traffic(limit=4, completion_tokens=900))
    figures = run.figures()
    figures.line()
    run.now, run.traffic = 5, Traffic(limit=4, completion_tokens=700)

    assert " · 0 tokens/s · " in figures.line()


@pytest.mark.parametrize(
    ("chunks", "answered", "reused", "seconds", "left"),
    [
        (10, 5, 0, 50, "about 50 s left"),
        (10, 5, 3, 50, "about 2 min left"),
        (1000, 10, 0, 60, "about 1 h 39 min left"),
        (10, 0, 0, 50, ""),
        (10, 3, 3, 50, ""),
        (10, 10, 0, 50, ""),
    ],
)
def test_what_is_left_is_guessed_from_what_was_asked(
    chunks: int, answered: int, reused: int, seconds: float, left: str
) -> None:
    run = Run()
    figures = run.figures()
    figures.planned(chunks)
    for _ in range(answered):
        figures.answered()
    run.now, run.traffic = seconds, Traffic(limit=4, reused=reused)

    line = figures.line()

    assert line.endswith(left) if left else "left" not in line


def test_before_anything_is_known_nothing_is_said() -> None:
    assert Figures().line() == ""
