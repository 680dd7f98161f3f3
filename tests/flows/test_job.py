from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from flows.job import check_settings, choose_provider, prepare
from flows.request import Request
from tasks.core.errors import ConfigError, RecipeError
from tasks.core.settings import DeliveryMethod, Provider, Settings
from tasks.write.destination import Destination
from tasks.write.write import write_output
from tests.write.made import a_source, an_output

SOURCE = str(Path(__file__))


def settings(**changes: object) -> Settings:
    return Settings().model_copy(update=changes)


def test_without_a_key_and_a_provider_both_ways_forward_are_named() -> None:
    with pytest.raises(ConfigError, match=r"RUNWARE_API_KEY.*--provider offline"):
        choose_provider(None, settings())


def test_a_key_alone_is_enough_for_runware() -> None:
    with_key = settings(runware_api_key=SecretStr("k"))

    assert choose_provider(None, with_key) is Provider.RUNWARE
    assert choose_provider(Provider.OFFLINE, with_key) is Provider.OFFLINE


def test_the_offline_engine_refuses_what_needs_a_model_by_name(tmp_path: Path) -> None:
    request = Request(
        sources=(SOURCE,),
        recipe="translate",
        to=tmp_path,
        provider=Provider.OFFLINE,
        variables={"language": "German"},
    )

    with pytest.raises(RecipeError, match="translate needs a model"):
        prepare(request, settings())


@pytest.mark.parametrize("provider", [Provider.RUNWARE, Provider.OPENAI])
def test_a_provider_without_its_settings_is_refused(provider: Provider) -> None:
    with pytest.raises(ConfigError, match=f"{provider} needs"):
        check_settings(settings(), provider)


def test_what_lies_in_a_file_is_of_the_same_edition_as_the_file(tmp_path: Path) -> None:
    request = Request(sources=(SOURCE,), to=tmp_path, provider=Provider.OFFLINE)
    job = prepare(request, settings())
    (file,) = job.sources
    inside = file.holding("contract.pdf")

    def identity(editions: dict[str, str]) -> str:
        return replace(job, editions=editions).with_read([file, inside]).identity(inside.address)

    assert identity({SOURCE: "1"}) == identity({SOURCE: "1"})
    assert len({identity({}), identity({SOURCE: "1"}), identity({SOURCE: "2"})}) == 3


def test_what_is_one_output_already_is_not_combined(tmp_path: Path) -> None:
    request = Request(
        sources=(SOURCE,), to=tmp_path, provider=Provider.OFFLINE, together=True, combine="all"
    )

    with pytest.raises(ConfigError, match="leave out combine"):
        prepare(request, settings())


def test_fresh_counts_from_now(tmp_path: Path) -> None:
    request = Request(sources=(SOURCE,), to=tmp_path, provider=Provider.OFFLINE)

    assert prepare(request, settings()).not_before == 0
    assert prepare(request.model_copy(update={"fresh": True}), settings()).not_before > 1e9


@pytest.mark.parametrize(
    "wrong", [{"formats": ("exe",)}, {"sources": ()}, {"colour": "red"}, {"window": 0}]
)
def test_a_request_of_another_form_is_refused(wrong: dict[str, object], tmp_path: Path) -> None:
    with pytest.raises(ValidationError):
        Request.model_validate({"sources": (SOURCE,), "to": tmp_path, **wrong})


def test_a_run_does_not_read_what_runs_wrote(tmp_path: Path) -> None:
    source = tmp_path / "lease.md"
    source.write_text("The rent is due.", encoding="utf-8")
    job = prepare(
        Request(sources=(str(tmp_path),), to=tmp_path, provider=Provider.OFFLINE), settings()
    )
    write_output(an_output("Body."), a_source(), to=Destination(folder=tmp_path), formats=["md"])

    again = prepare(
        Request(sources=(str(tmp_path),), to=tmp_path, provider=Provider.OFFLINE), settings()
    )

    assert again.sources == job.sources
    assert again.left_out == 1


def test_a_folder_that_cannot_be_written_is_refused_before_anything_is_asked(
    tmp_path: Path,
) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    request = Request(sources=(SOURCE,), to=tmp_path / "file" / "out", provider=Provider.OFFLINE)

    with pytest.raises(ConfigError, match="choose another folder"):
        prepare(request, settings())


def test_another_question_is_another_output(tmp_path: Path) -> None:
    def identity(question: str) -> str:
        request = Request(
            sources=(SOURCE,), to=tmp_path, provider=Provider.OFFLINE, recipe="answer",
            variables={"question": question},
        )  # fmt: skip
        return prepare(request, settings()).identity(SOURCE)

    assert identity("Who?") == identity("Who?") != identity("When?")


def test_the_delivery_is_as_asked_else_as_the_recipe_has_it_else_as_set(tmp_path: Path) -> None:
    def delivery(**changes: object) -> DeliveryMethod:
        fields = {"sources": (SOURCE,), "to": tmp_path, "provider": Provider.OFFLINE, **changes}
        return prepare(Request.model_validate(fields), settings()).delivery

    by_recipe = {"deliveryMethod": "sync"}

    assert delivery() is DeliveryMethod.ASYNC
    assert delivery(config=by_recipe) is DeliveryMethod.SYNC
    assert delivery(config=by_recipe, delivery=DeliveryMethod.STREAM) is DeliveryMethod.STREAM


def test_a_stream_of_several_results_is_refused_before_anything_is_asked(tmp_path: Path) -> None:
    request = Request(
        sources=(SOURCE,), to=tmp_path, provider=Provider.OFFLINE,
        config={"numberResults": 2}, delivery=DeliveryMethod.STREAM,
    )  # fmt: skip

    with pytest.raises(ConfigError, match=r"a stream gives 1 result.*--set"):
        prepare(request, settings())
