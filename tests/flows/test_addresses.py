import socket

import pytest

from flows.addresses import check_free, reached_at
from tasks.core.errors import ConfigError


def test_a_port_that_is_taken_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match=f"127.0.0.1:{port} is not free"):
            check_free("127.0.0.1", port)


@pytest.mark.parametrize(
    ("host", "reached"),
    [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::", "[::1]"), ("::1", "[::1]")],
)
def test_what_listens_everywhere_is_reached_at_home(host: str, reached: str) -> None:
    assert reached_at(host) == reached
