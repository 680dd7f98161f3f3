import os
import subprocess
import sys
from pathlib import Path

from tasks.extract.conversation import Errand, Heard, Work
from tasks.extract.reader import Request

MADE_READY_ONCE = """
import os
from tasks.core import codec
from tasks.extract import child, forker

def serve(errand, lines, output):
    known = codec._adapter.cache_info().currsize
    serving(errand, lines, output)
    os.write(2, b"%d made by the child" % (codec._adapter.cache_info().currsize - known))

serving, child.serve = child.serve, serve
forker.main()
"""


def test_a_child_finds_all_made_ready_that_its_reader_hands_on(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("The fee is 9.")
    request = Request(name=path.name)
    payload = Errand(work=Work.DOCUMENT, path=str(path), request=request).payload()
    ended = subprocess.run(
        (sys.executable, "-c", MADE_READY_ONCE),
        input=b"%d\n%b" % (len(payload), payload),
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        timeout=60,
        check=True,
    )
    heard = Heard()
    assert any(heard.hear(line) for line in ended.stdout.splitlines())

    assert heard.answer is not None
    assert heard.answer.document is not None
    assert heard.answer.document.text == "The fee is 9."
    assert ended.stderr == b"0 made by the child"
