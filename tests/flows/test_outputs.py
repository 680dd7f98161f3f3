"""What the server of outputs gives away: outputs, and nothing that lies beside or beyond them."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from pydantic import SecretStr

from flows.outputs import create_app, link_to
from tasks.write.destination import Destination
from tasks.write.write import write_output
from tests.write.made import a_source, an_output

FORMATS = ["md", "docx", "html"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A root with an output folder, in which a person's own files lie too."""
    out = tmp_path / "root" / "out"
    write_output(an_output("Body."), a_source(), to=Destination(folder=out), formats=FORMATS)
    (out / "report.json").write_text("{}", encoding="utf-8")
    (out / "salaries.md").write_text("not an output", encoding="utf-8")
    (tmp_path / "root" / "source.md").write_text("a source", encoding="utf-8")
    (tmp_path / "secret.md").write_text("secret", encoding="utf-8")
    return tmp_path / "root"


@pytest.fixture
async def http(root: Path) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=create_app((root,), hosts=("127.0.0.1",)))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        yield client


def output(root: Path, extension: str) -> Path:
    (found,) = (root / "out").glob(f"*.*.{extension}")
    return found


@pytest.mark.parametrize(
    ("extension", "kind"),
    [("md", "text/plain"), ("html", "text/html"), ("docx", "application/vnd.openxml")],
)
async def test_an_output_opens_by_its_link(
    extension: str, kind: str, root: Path, http: httpx.AsyncClient
) -> None:
    path = output(root, extension)

    answer = await http.get(urlsplit(link_to(path, "http://127.0.0.1")).path)

    assert answer.content == path.read_bytes()
    assert answer.headers["content-type"].startswith(kind)
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_folder_lists_its_outputs_alone(root: Path, http: httpx.AsyncClient) -> None:
    listed = (await http.get(f"/files{root}/out")).text

    assert output(root, "md").name in listed
    assert "report.json" in listed
    assert "salaries" not in listed


@pytest.mark.parametrize(
    "path",
    [
        "/files{root}",  # a folder that docmill wrote nothing into
        "/files{root}/",
        "/files/",
        "/files/etc/passwd",
        "/files{root}/source.md",
        "/files{root}/out/salaries.md",
        "/files{root}/out/.docmill",
        "/files{root}/out/.docmill/lock",
        "/files{root}/out/absent.summarize.md",
        "/files{root}/out/../source.md",
        "/files{root}/out/%2e%2e/source.md",
        "/files{root}/out/..%2f..%2fsecret.md",
        "/files{root}/../secret.md",
        "/files{root}/out//../../secret.md",
        "/files{root}/out/report.json%00.md",
        "/files{root}/out/\\..\\..\\secret.md",
        "/{root}/out/report.json",
        "/",
        "/files{root}/out/" + "a" * 5000,
    ],
)
async def test_all_else_is_not_found(path: str, root: Path, http: httpx.AsyncClient) -> None:
    # httpx would tidy the path; an attacker would not.
    url = httpx.URL("http://127.0.0.1").copy_with(raw_path=path.format(root=root).encode())

    answer = await http.get(url)

    assert answer.status_code == 404, answer.text
    assert "secret" not in answer.text


async def test_a_link_in_an_outputs_place_is_not_followed(
    root: Path, http: httpx.AsyncClient
) -> None:
    path = output(root, "md")
    path.unlink()
    path.symlink_to(root.parent / "secret.md")

    assert (await http.get(f"/files{path}")).status_code == 404
    assert path.name not in (await http.get(f"/files{root}/out")).text


async def test_a_folder_reached_by_a_link_is_not_served(
    root: Path, http: httpx.AsyncClient, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    (root / "out").rename(elsewhere)
    (root / "out").symlink_to(elsewhere)

    assert (await http.get(f"/files{root}/out/report.json")).status_code == 404


async def test_a_pipe_in_an_outputs_place_holds_nobody_up(
    root: Path, http: httpx.AsyncClient
) -> None:
    path = output(root, "md")
    path.unlink()
    os.mkfifo(path)

    assert (await http.get(f"/files{path}")).status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
async def test_nothing_can_be_changed(method: str, root: Path, http: httpx.AsyncClient) -> None:
    assert (await http.request(method, f"/files{root}/out/report.json")).status_code == 405


async def test_a_page_from_elsewhere_cannot_come_by_a_name_of_its_own(
    root: Path, http: httpx.AsyncClient
) -> None:
    answer = await http.get(f"/files{root}/out/report.json", headers={"Host": "evil.example"})

    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("shown", "status"), [(None, 401), (("a", "wrong"), 401), (("mill", "secret"), 200)]
)
async def test_a_secret_is_asked_for_where_there_is_one(
    shown: tuple[str, str] | None, status: int, root: Path
) -> None:
    app = create_app((root,), auth=SecretStr("mill:secret"))

    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1"
    ) as client:
        answer = await client.get(f"/files{root}/out/report.json", auth=shown)

    assert answer.status_code == status
    assert "{}" not in answer.text or status == 200
