import pytest

from tasks.core.errors import ConfigError
from tasks.emulator.options import EmulatorOptions
from tasks.emulator.server import check_binding, serve


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "localhost", "::1"])
def test_binds_to_loopback_without_a_secret(host: str) -> None:
    check_binding(EmulatorOptions(), host)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "example.org", ""])
def test_refuses_to_bind_beyond_loopback_without_a_secret(host: str) -> None:
    with pytest.raises(ConfigError, match="secret"):
        serve(EmulatorOptions(), host=host)


def test_binds_beyond_loopback_with_a_secret() -> None:
    check_binding(EmulatorOptions(secret="long-and-random"), "0.0.0.0")
