"""What a deployed run may reach: every way out of the roots, refused."""

from pathlib import Path

import pytest
from prefect.runtime import deployment

from flows.request import Request
from flows.roots import lead_outside, within_roots
from tasks.core.errors import ConfigError
from tasks.core.settings import Settings
from tasks.extract.sources import Source


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the code believe that it runs in a deployed flow run."""
    monkeypatch.setenv("PREFECT__RUNTIME__DEPLOYMENT__ID", "some-deployment")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Give settings with two roots; docmill's home lies in the first of them, as it may."""
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first / "contracts", first / ".docmill", second):
        folder.mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (first / "contracts" / "lease.md").write_text("The rent is due.", encoding="utf-8")
    (first / "link.md").symlink_to(tmp_path / "secret.txt")
    (first / "way-out").symlink_to(tmp_path)
    return Settings(home=first / ".docmill", roots=(first, second))


def asked(*sources: str, to: str = "outputs") -> Request:
    return Request(sources=sources, to=Path(to))


def test_paths_begin_in_the_first_root(deployed: None, settings: Settings) -> None:
    first, second = settings.roots

    request = within_roots(asked("contracts", "*.pdf", str(second)), settings)

    assert request.sources == (str(first / "contracts"), str(first / "*.pdf"), str(second))
    assert request.to == first / "outputs"


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "../secret.txt",
        "contracts/../../secret.txt",
        "~/.ssh/id_rsa",
        "link.md",
        "way-out/secret.txt",
        "way-out/*.txt",
        "contracts/*/../../../secret.txt",
        "/*",
        "/",
        ".docmill/.env",
        ".docmill",
    ],
)
def test_every_way_out_is_refused(path: str, deployed: None, settings: Settings) -> None:
    with pytest.raises(ConfigError, match=r"outside the folders.*DOCMILL_ROOTS"):
        within_roots(asked(path), settings)
    with pytest.raises(ConfigError, match=r"outside the folders.*DOCMILL_ROOTS"):
        within_roots(asked("contracts", to=path), settings)
    with pytest.raises(ConfigError, match=r"outside the folders.*DOCMILL_ROOTS"):
        within_roots(asked("contracts").model_copy(update={"template": Path(path)}), settings)


def test_a_link_among_the_files_of_a_folder_fails_alone(deployed: None, settings: Settings) -> None:
    folder = settings.roots[0]
    sources = [Source(folder / name, name) for name in ("contracts/lease.md", "link.md")]

    (refused,) = lead_outside(sources, settings)

    assert refused.source.name == "link.md"
    assert "link that leads outside" in refused.failure


def test_the_command_line_reaches_what_the_person_may(settings: Settings, tmp_path: Path) -> None:
    request = asked(str(tmp_path / "secret.txt"))

    assert deployment.id is None
    assert within_roots(request, settings) is request
    assert lead_outside([Source(settings.roots[0] / "link.md", "link.md")], settings) == ()
