"""What a folder and its options make of a file, and what is refused in words."""

from pathlib import Path

import pytest

from tests.flows.watch.building import Watched

WRONG = [
    ("x: [", "is not YAML"),
    ("just words", "options.yaml: it: "),
    ("colour: red", "colour: Extra inputs are not permitted"),
    ("formats: [exe]", "formats.0: Input should be"),
    ("variables: [a]", "variables: Input should be"),
    ("&a [*a]", "options.yaml"),
    ("# " + "x" * 70_000, "larger than"),
    ("!!python/object/apply:os.system ['true']", "is not YAML"),
]


def test_the_folder_chooses_the_recipe_and_options_beside_the_rest(watched: Watched) -> None:
    watched.put("answer/options.yaml", "variables:\n  question: Who pays?\nformats: [md, json]\n")
    watched.put("answer/leases/lease.pdf")
    watched.put("plain.pdf")

    watched.settle_down()

    asked = watched.wanted("lease.pdf")
    assert asked["recipe"] == "answer"
    assert asked["variables"] == {"question": "Who pays?"}
    assert asked["formats"] == ["md", "json"]
    assert asked["to"] == str(watched.out / "leases")
    assert watched.wanted("plain.pdf")["recipe"] == "summarize"
    assert watched.wanted("plain.pdf")["to"] == str(watched.out)


def test_the_nearest_options_count(watched: Watched) -> None:
    watched.put("summarize/options.yaml", "formats: [md]")
    watched.put("summarize/near/options.yaml", "formats: [json]")
    watched.put("summarize/near/a.pdf", "a")
    watched.put("summarize/b.pdf", "b")

    watched.settle_down()

    assert watched.wanted("a.pdf")["formats"] == ["json"]
    assert watched.wanted("b.pdf")["formats"] == ["md"]


def test_a_number_in_the_options_is_taken_as_it_is_written(watched: Watched) -> None:
    watched.put("answer/options.yaml", "variables: {question: 2024}")
    watched.put("answer/a.pdf")

    watched.settle_down()

    assert watched.wanted("a.pdf")["variables"] == {"question": "2024"}


@pytest.mark.parametrize(("text", "said"), WRONG)
def test_wrong_options_are_a_reason_in_words(watched: Watched, text: str, said: str) -> None:
    watched.put("summarize/options.yaml", text)
    watched.put("summarize/a.pdf")
    watched.put("other.pdf")

    watched.settle_down()

    assert said in watched.reason("failed/summarize/a.pdf")
    assert watched.runs.sources() == ["other.pdf"]
    assert "summarize/options.yaml" in watched.files()


def test_options_that_are_a_link_are_not_followed(watched: Watched, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("password: hush", encoding="utf-8")
    (watched.folder / "options.yaml").symlink_to(secret)
    watched.put("a.pdf")

    watched.settle_down()

    assert "options.yaml cannot be read" in watched.reason("failed/a.pdf")
    assert "hush" not in watched.reason("failed/a.pdf")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("sumarize/a.pdf", "its folder sumarize has not the name of a recipe; there are "),
        ("translate/a.pdf", "language"),
    ],
)
def test_what_no_recipe_can_take_is_refused_in_words(
    watched: Watched, path: str, said: str
) -> None:
    watched.put(path)

    watched.settle_down()

    assert said in watched.reason(f"failed/{path}")
    assert watched.runs.sources() == []
    assert watched.heard.kinds() == ["arrived", "failed"]
