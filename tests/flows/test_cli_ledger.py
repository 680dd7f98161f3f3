import hashlib
import json
import stat
from collections.abc import Mapping
from email.message import EmailMessage
from pathlib import Path

import pytest

from tasks.ledger.ledger import Asked, Claim, open_ledger
from tests.flows.running import docmill
from tests.ledger.building import answers

DOCUMENT = b"A contract."
DIGEST = hashlib.sha256(DOCUMENT).hexdigest()


@pytest.fixture
async def env(tmp_path: Path) -> Mapping[str, str]:
    """Give the environment of a ledger with one answer and one that was lost."""
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    async with open_ledger(url) as ledger:
        for key in ("a", "b"):
            claim = await ledger.claim(
                Asked(key, "runware", "https://api", "m", worst_usd=0.5, document=DIGEST)
            )
            assert isinstance(claim, Claim)
            if key == "a":
                await ledger.settle(claim, answers(key))
            else:
                await ledger.lose(claim, "expired | gone")
    return {"DOCMILL_LEDGER": url}


def test_shows_what_was_spent(env: Mapping[str, str]) -> None:
    shown = docmill("ledger", "show", env=env).stdout
    told = json.loads(docmill("ledger", "show", "--json", env=env).stdout)

    assert "| runware | m | answered | 1 | 0 | $0.0100 |" in shown
    assert "$0.5100 were spent, of it $0.5000 for lost answers" in shown
    assert (told["answers"], told["lost_usd"]) == (1, 0.5)
    assert {"totals", "usd", "reservations", "reserved_usd", "size_bytes"} <= told.keys()


def test_exports_json_lines_to_a_new_file_of_its_owners(
    env: Mapping[str, str], tmp_path: Path
) -> None:
    to = tmp_path / "out.jsonl"
    ended = docmill("ledger", "export", "--to", to, "--texts", env=env)

    rows = [json.loads(line) for line in to.read_text().splitlines()]
    assert ended.returncode == 0
    assert [row["kind"] for row in rows] == ["attempt", "attempt", "answer"]
    assert rows[2]["text"] == "Lisbon.0"
    assert stat.S_IMODE(to.stat().st_mode) == 0o600
    assert docmill("ledger", "export", "--to", to, env=env).returncode == 2
    assert "Lisbon" not in docmill("ledger", "export", env=env).stdout


def test_forgets_a_document_by_its_file(env: Mapping[str, str], tmp_path: Path) -> None:
    file = tmp_path / "contract.txt"
    file.write_bytes(DOCUMENT)

    assert docmill("ledger", "forget", file, env=env).stdout == (
        "1 answers, 2 attempts and what was known of 0 files that came by a folder were taken out\n"
    )
    assert docmill("ledger", "forget", DIGEST, env=env).stdout.startswith("0 answers")


def test_forgets_what_is_attached_to_an_e_mail_with_it(
    env: Mapping[str, str], tmp_path: Path
) -> None:
    inner, outer = EmailMessage(), EmailMessage()
    inner.set_content("See attached.")
    inner.add_attachment(DOCUMENT, "text", "plain", filename="contract.txt")
    outer.set_content("See attached.")
    outer.add_attachment(inner)
    file = tmp_path / "mail.eml"
    file.write_bytes(b"Subject: x\n" + outer.as_bytes())

    assert docmill("ledger", "forget", file, env=env).stdout.startswith("1 answers, 2 attempts")


def test_prunes_by_age(env: Mapping[str, str]) -> None:
    assert docmill("ledger", "prune", "--older-than", "1", env=env).stdout.startswith("0 answers")
    assert docmill("ledger", "prune", "--older-than", "0", env=env).stdout.startswith("1 answers")


def test_lists_what_was_lost(env: Mapping[str, str]) -> None:
    shown = docmill("ledger", "lost", env=env).stdout
    told = json.loads(docmill("ledger", "lost", "--json", env=env).stdout)

    assert "$0.5000 | expired \\| gone | no |" in shown
    assert [(lost["key"], lost["worst_usd"]) for lost in told] == [("b", 0.5)]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["show"], "docmill run"),
        (["forget", "absent.pdf"], "absent.pdf"),
        (["prune", "--older-than", "-1"], "older-than"),
    ],
)
def test_usage_errors_say_what_to_do(arguments: list[str], said: str, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'none.db'}"

    ended = docmill("ledger", *arguments, env={"DOCMILL_LEDGER": url}, cwd=tmp_path)

    assert ended.returncode == 2
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / "none.db").exists()
