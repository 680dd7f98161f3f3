import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tasks.core.settings import load_settings
from tests.corpora import ABSENT, CORPORA

settings.register_profile(
    "docmill", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("docmill")


KEYS = {"RUNWARE_API_KEY", "OPENAI_API_KEY"}


@pytest.fixture(scope="session")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder for all tests, so that the token table is unpacked once."""
    return tmp_path_factory.mktemp("docmill-home")


@pytest.fixture(autouse=True)
def clean_settings(shared_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test sees the settings, keys or `.env` of the person who runs it."""
    for name in list(os.environ):
        if name.startswith(("DOCMILL_", "PREFECT_")) or name in KEYS:
            monkeypatch.delenv(name)
    monkeypatch.setenv("DOCMILL_HOME", str(shared_home))
    load_settings.cache_clear()
    yield
    load_settings.cache_clear()


@pytest.fixture
def corpus() -> Path:
    if not CORPORA.is_dir():
        pytest.skip(ABSENT)
    return CORPORA
