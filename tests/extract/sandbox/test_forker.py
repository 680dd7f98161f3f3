import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tasks.extract.pdf.page import PageText
from tasks.extract.pdf.reader import READER
from tasks.extract.reader import Request
from tasks.extract.sandbox.conversation import Ended, Errand, Heard, Work
from tests.benchmarks.long_file import long_pdf

MADE_READY_ONCE = """
import os
from tasks.core import codec
from tasks.extract.sandbox import child, forker

def serve(*errand):
    known = codec._adapter.cache_info().currsize
    serving(*errand)
    os.write(2, b"%d made by the child" % (codec._adapter.cache_info().currsize - known))

serving, child.serve = child.serve, serve
forker.main()
"""

CRASHES = """
import os, sys
from tasks.extract.sandbox import child, forker
from tasks.extract.pdf import reader
from tasks.extract.pdf.layout import sheets

at_work = sys.argv[1]

def help_out(errand, helper):
    global role
    role = "helper"
    helping(errand, helper)

def page(pdf, number, **how):
    if role == at_work and number > 20:
        os.abort()
    return reading(pdf, number, **how)

def laid_out(self):
    if role == at_work.removesuffix(" that lays out"):
        os.abort()
    return laying_out(self)

role = "leader"
helping, child.help_out = child.help_out, help_out
reading, reader._page = reader._page, page
laying_out, sheets.Sheets.laid_out = sheets.Sheets.laid_out, laid_out
forker.main()
"""

FILTERS = (
    "import sys; from tasks.extract.sandbox import seccomp; sys.exit(not seccomp.forbid_calls())"
)

CONNECTS = """
import os, socket
from tasks.extract.sandbox import forker
from tasks.extract.pdf import reader

def page(pdf, number, **how):
    try:
        socket.socket().close()
        os.write(2, b"open ")
    except PermissionError:
        os.write(2, b"closed ")
    return reading(pdf, number, **how)

reading, reader._page = reader._page, page
forker.main()
"""


def test_a_child_finds_all_made_ready_that_its_reader_hands_on(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("The fee is 9.")
    heard, said = ask(path, MADE_READY_ONCE)

    assert heard.answer is not None
    assert heard.answer.document is not None
    assert heard.answer.document.text == "The fee is 9."
    assert said == b"0 made by the child"


def test_a_document_has_what_others_read_when_a_helper_crashes(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(long_pdf(70))
    heard, _ = ask(path, CRASHES, "helper", helpers=1)

    assert heard.answer is not None
    document = heard.answer.document
    assert document is not None
    (unread,) = document.unread
    assert (at := re.search(r"at page (\d+) \(the process that read it crashed\)", unread))
    assert [page.number for page in document.pages if page.problem] == [int(at[1])]


def test_a_document_is_whole_when_a_helper_crashes_that_only_lays_out(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(long_pdf(70))
    heard, _ = ask(path, CRASHES, "helper that lays out", helpers=1)
    alone, _ = ask(path, CRASHES, "nobody")

    assert heard.answer is not None
    assert heard.answer == alone.answer


def test_the_pages_that_a_helper_read_outlive_the_leader(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(long_pdf(70))
    heard, _ = ask(path, CRASHES, "leader", helpers=1)
    parts = READER.parts_in(heard.parts)
    read = {part.number for part in parts if isinstance(part, PageText)}

    assert (heard.answer, heard.ended) == (None, Ended(-signal.SIGABRT))
    assert heard.page is not None
    assert heard.page not in read
    assert heard.page > 20


def test_neither_leader_nor_helper_has_a_way_out(tmp_path: Path) -> None:
    if subprocess.run((sys.executable, "-c", FILTERS), check=False).returncode:
        pytest.skip("this system has no seccomp for us")
    path = tmp_path / "a.pdf"
    path.write_bytes(long_pdf(70))
    heard, said = ask(path, CONNECTS, helpers=1)

    assert heard.answer is not None
    assert said.split() == [b"closed"] * 70


def ask(path: Path, program: str, *arguments: str, helpers: int = 0) -> tuple[Heard, bytes]:
    """Have a forker that is changed by a program read a file."""
    request = Request(name=path.name)
    errand = Errand(work=Work.DOCUMENT, path=str(path), request=request, helpers=helpers)
    payload = errand.payload()
    ended = subprocess.run(
        (sys.executable, "-c", program, *arguments),
        input=b"%d\n%b" % (len(payload), payload),
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        timeout=60,
        check=True,
    )
    heard = Heard()
    assert any(heard.hear(line) for line in ended.stdout.splitlines())
    return heard, ended.stderr
