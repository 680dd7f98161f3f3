"""What others hear of documents."""

import json
from dataclasses import replace
from typing import Any

import httpx
import pytest

from flows import events
from flows.announcing import Announcement, Happening
from tasks.core.reports import DocumentReport, Report, Status


class FakeClient:
    """Stands for Prefect's client: keeps what is sent, or fails as a server that is away."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.sent: list[dict[str, Any]] = []
        self.failure = failure

    def __enter__(self) -> "FakeClient":
        if self.failure:
            raise self.failure
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def request(self, method: str, path: str, *, json: list[dict[str, Any]]) -> None:
        assert (method, path) == ("POST", "/events")
        self.sent.extend(json)


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> FakeClient:
    client = FakeClient()
    monkeypatch.setattr(events, "get_client", lambda **_: client)
    return client


def entry(status: Status, source: str) -> DocumentReport:
    return DocumentReport(source=source, recipe="summarize", status=status, reason="why")


async def test_each_document_that_has_ended_is_told_of_with_its_run(client: FakeClient) -> None:
    entries = (
        entry(Status.DONE, "/in/a.md"),
        entry(Status.PARTIAL, "/in/b.md"),
        entry(Status.FAILED, "/in/c.md"),
        entry(Status.SKIPPED, "/in/d.md"),
    )
    report = Report(run="r", started="s", provider="p", model="m", documents=entries)

    await events.announce_report(report, "run-1")

    told = [
        (event["event"].rpartition(".")[2], event["payload"]["source"]) for event in client.sent
    ]
    assert told == [("finished", "/in/a.md"), ("failed", "/in/b.md"), ("failed", "/in/c.md")]
    assert client.sent[0]["related"][0]["prefect.resource.id"] == "prefect.flow-run.run-1"


def test_a_document_is_the_same_resource_in_all_that_is_told_of_it(client: FakeClient) -> None:
    events.announce([Announcement(kind, "/in/a.md") for kind in Happening])

    assert len({event["resource"]["prefect.resource.id"] for event in client.sent}) == 1


async def test_a_name_that_is_not_utf_8_is_told_as_far_as_it_is_text(client: FakeClient) -> None:
    odd = replace(entry(Status.DONE, "/in/\udcff.md"), outputs=("/out/\udcff.md",))
    report = Report(run="r", started="s", provider="p", model="m", documents=(odd,))

    await events.announce_report(report, "run-1")

    assert json.dumps(client.sent, ensure_ascii=False).encode()
    assert client.sent[0]["payload"]["source"] == "/in/\ufffd.md"


def test_many_are_told_of_in_several_goes(client: FakeClient) -> None:
    events.announce([Announcement(Happening.ARRIVED, f"/in/{n}.md") for n in range(250)])

    assert len(client.sent) == 250


def test_a_server_that_is_away_holds_up_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    away = FakeClient(httpx.ConnectError("refused"))
    monkeypatch.setattr(events, "get_client", lambda **_: away)

    events.announce([Announcement(Happening.ARRIVED, "/in/a.md")])

    assert "1 event not sent: refused" in caplog.text
