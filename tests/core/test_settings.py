import pytest

from tasks.core.errors import ConfigError
from tasks.core.settings import Provider, load_settings


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

    with pytest.raises(ConfigError, match="at_once") as caught:
        load_settings()
    assert "sixty" not in str(caught.value)


def test_ledger_and_store_lie_in_the_home_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCMILL_HOME", "/srv/mill")

    settings = load_settings()

    assert settings.ledger_url() == "sqlite:////srv/mill/ledger.db"
    assert settings.store_url() == "/srv/mill/documents"
