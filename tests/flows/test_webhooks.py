import errno
import stat
from pathlib import Path

import pytest
from pydantic import SecretStr

from flows.job import prepare
from flows.request import Request
from flows.webhooks import SECRET_FILE, webhook_address, webhook_secret
from tasks.core.errors import ConfigError
from tasks.core.settings import DeliveryMethod, Provider, Settings

URL = "https://docs.example.com/webhook"


def settings(tmp_path: Path, **changes: object) -> Settings:
    return Settings(home=tmp_path).model_copy(update=changes)


def test_a_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    first, again = webhook_secret(settings(tmp_path)), webhook_secret(settings(tmp_path))

    assert first == again
    assert len(first.get_secret_value()) >= 32
    assert stat.S_IMODE((tmp_path / SECRET_FILE).stat().st_mode) == 0o600


def test_a_secret_that_could_not_be_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        webhook_secret(settings(tmp_path))

    assert list(tmp_path.iterdir()) == []


def test_of_two_processes_that_make_a_secret_the_first_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def quicker(_: int) -> None:
        (tmp_path / SECRET_FILE).write_text("the first")

    monkeypatch.setattr("os.fsync", quicker)

    assert webhook_secret(settings(tmp_path)).get_secret_value() == "the first"
    assert [path.name for path in tmp_path.iterdir()] == [SECRET_FILE]


def test_a_secret_that_is_set_wins(tmp_path: Path) -> None:
    own = settings(tmp_path, webhook_secret=SecretStr("my own & only"), webhook_url=URL)

    assert webhook_secret(own).get_secret_value() == "my own & only"
    assert webhook_address(own).get_secret_value() == f"{URL}?token=my+own+%26+only"
    assert not (tmp_path / SECRET_FILE).exists()


def test_an_empty_secret_is_none(tmp_path: Path) -> None:
    (tmp_path / SECRET_FILE).touch()

    with pytest.raises(ConfigError, match=SECRET_FILE):
        webhook_secret(settings(tmp_path))


def test_an_address_may_have_a_query_of_its_own(tmp_path: Path) -> None:
    own = settings(tmp_path, webhook_secret=SecretStr("s"), webhook_url=f"{URL}?tenant=7")

    assert webhook_address(own).get_secret_value() == f"{URL}?tenant=7&token=s"


def test_a_run_by_webhook_without_an_address_is_refused_before_it_begins(tmp_path: Path) -> None:
    request = Request(
        sources=(__file__,), to=tmp_path / "out", provider=Provider.RUNWARE,
        delivery=DeliveryMethod.WEBHOOK,
    )  # fmt: skip

    with pytest.raises(ConfigError, match="DOCMILL_WEBHOOK_URL"):
        prepare(request, settings(tmp_path, runware_api_key=SecretStr("k")))
