from pathlib import Path

import pytest

from tasks.core.errors import ConfigError
from tasks.core.settings import Provider, load_settings, make_home


def test_reads_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCMILL_PROVIDER", "offline")
    monkeypatch.setenv("DOCMILL_AT_ONCE", "9")

    assert load_settings().provider is Provider.OFFLINE
    assert load_settings().at_once == 9


def test_a_key_is_in_no_text_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNWARE_API_KEY", "top-secret")

    settings = load_settings()

    assert settings.runware_api_key is not None
    assert "top-secret" not in f"{settings!r} {settings} {settings.model_dump_json()}"


def test_a_wrong_setting_is_named_without_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCMILL_AT_ONCE", "sixty")

    with pytest.raises(ConfigError, match="DOCMILL_AT_ONCE") as caught:
        load_settings()
    assert "sixty" not in str(caught.value)


def test_ledger_and_store_lie_in_the_home_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCMILL_HOME", "/srv/mill")

    settings = load_settings()

    assert settings.ledger_url() == "sqlite:////srv/mill/ledger.db"
    assert settings.store_url() == "/srv/mill/documents"


@pytest.mark.parametrize("blank", ["", "  ", "\t\n"])
def test_a_blank_key_is_none(blank: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNWARE_API_KEY", blank)
    monkeypatch.setenv("OPENAI_API_KEY", blank)

    assert load_settings().runware_api_key is None
    assert load_settings().openai_api_key is None


def test_white_space_around_a_key_is_no_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNWARE_API_KEY", " abc\n")

    key = load_settings().runware_api_key

    assert key is not None
    assert key.get_secret_value() == "abc"


@pytest.mark.parametrize("name", ["RUNWARE_API_KEY", "OPENAI_API_KEY"])
@pytest.mark.parametrize("key", ["schlüssel", "se\ncret"])
def test_a_key_that_no_header_can_carry_is_refused_without_being_told(
    name: str, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, key)

    with pytest.raises(ConfigError, match=name) as caught:
        load_settings()
    assert key not in str(caught.value)


@pytest.mark.parametrize("name", ["DOCMILL_RUNWARE_URL", "DOCMILL_OPENAI_URL"])
@pytest.mark.parametrize(
    "url", ["api.runware.ai/v1", "ftp://host/v1", "https://", "https://me:hush@host/v1", "http://["]
)
def test_only_plain_web_addresses_are_asked(
    name: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, url)

    with pytest.raises(ConfigError, match=name) as caught:
        load_settings()
    assert "hush" not in str(caught.value)


def test_an_address_stays_as_it_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCMILL_OPENAI_URL", "http://LOCALHOST:11434/v1")

    assert load_settings().openai_url == "http://LOCALHOST:11434/v1"


def test_a_tilde_stands_for_the_home_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("DOCMILL_HOME", "~/mill")
    monkeypatch.setenv("DOCMILL_PROMPTS", "~/prompts")

    settings = load_settings()

    assert (settings.home, settings.prompts) == (tmp_path / "mill", tmp_path / "prompts")


def test_settings_in_the_home_folder_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCMILL_HOME", str(tmp_path))
    (tmp_path / ".env").write_text("DOCMILL_AT_ONCE=7\nDOCMILL_HOME=/elsewhere\n", encoding="utf-8")

    assert load_settings().at_once == 7
    assert load_settings().home == tmp_path


def test_settings_beside_the_documents_are_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    evil = "DOCMILL_RUNWARE_URL=https://evil.example/v1\nDOCMILL_HOME=/evil\n"
    (tmp_path / ".env").write_text(evil, encoding="utf-8")

    settings = load_settings()

    assert "evil" not in f"{settings.runware_url} {settings.home}"


def test_the_home_folder_is_for_its_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCMILL_HOME", str(tmp_path / "a" / "home"))

    make_home(load_settings())

    assert (tmp_path / "a" / "home").stat().st_mode & 0o777 == 0o700


def test_a_home_that_is_a_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "home").touch()
    monkeypatch.setenv("DOCMILL_HOME", str(tmp_path / "home"))

    with pytest.raises(ConfigError, match=r"home.*DOCMILL_HOME"):
        make_home(load_settings())


def test_roots_are_folders_with_colons_between(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCMILL_ROOTS", "/srv/in:/srv/out:")

    assert load_settings().roots == (Path("/srv/in"), Path("/srv/out"))


def test_a_list_without_a_root_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCMILL_ROOTS", ":")

    with pytest.raises(ConfigError, match="DOCMILL_ROOTS"):
        load_settings()
