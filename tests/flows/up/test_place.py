from pathlib import Path

import pytest

from flows.up.parts import server
from flows.up.place import Place, alone, choose_place
from flows.up.prefect_api import PrefectApi
from tasks.core.errors import ConfigError
from tasks.core.settings import Settings, load_settings


def place(settings: Settings, *, host: str = "127.0.0.1") -> Place:
    return choose_place(settings, host=host, port=4200, outputs_port=4280, runs_at_once=2)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "mill.example"])
def test_an_address_that_others_reach_needs_a_secret(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ConfigError, match="PREFECT_SERVER_API_AUTH_STRING"):
        place(load_settings(), host=host)

    monkeypatch.setenv("PREFECT_SERVER_API_AUTH_STRING", "mill:secret")
    load_settings.cache_clear()
    guarded = place(load_settings(), host=host)

    assert guarded.environment()["PREFECT_API_AUTH_STRING"] == "mill:secret"
    assert "secret" not in repr(guarded)


def test_the_server_asks_for_the_secret_wherever_it_was_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("PREFECT_API_AUTH_STRING=mill:secret\n", encoding="utf-8")
    monkeypatch.setenv("DOCMILL_HOME", str(tmp_path))
    load_settings.cache_clear()
    guarded = place(load_settings(), host="0.0.0.0")

    started = server(guarded, PrefectApi(guarded.api_url, guarded.auth))

    assert started.env["PREFECT_SERVER_API_AUTH_STRING"] == "mill:secret"


def test_a_running_server_is_used_and_its_home_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://prefect.example/api")

    used = place(load_settings())

    assert not used.own_server
    assert used.environment()["PREFECT_API_URL"] == "http://prefect.example/api"
    assert "PREFECT_HOME" not in used.environment()


def test_a_second_one_is_told_where_the_first_is(tmp_path: Path) -> None:
    here = place(Settings(home=tmp_path))

    with (
        alone(here),
        pytest.raises(ConfigError, match=r"up already.*http://127.0.0.1:4200"),
        alone(here),
    ):
        pass

    with alone(here):
        pass
