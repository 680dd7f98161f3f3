import subprocess
import sys

import pytest

from tasks.extract.limits import MIB

SETTING = """
import os, resource, socket, subprocess, sys, threading
from tasks.extract.sandbox import confine, seccomp
from tasks.extract.limits import ExtractionLimits

def attempt(name, call):
    try:
        call()
        print(name, 'done')
    except OSError as error:
        print(name, 'refused')
"""


def in_child(program: str) -> tuple[str, str]:
    ended = subprocess.run(
        (sys.executable, "-c", SETTING + program),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    return ended.stdout, ended.stderr


def test_memory_has_an_end() -> None:
    out, _ = in_child(f"""
confine.bound_resources(ExtractionLimits(max_memory_bytes={512 * MIB}))
try:
    bytearray(1 << 30)
except MemoryError:
    print('refused')
""")
    assert out == "refused\n"


def test_processor_time_has_an_end_and_no_core_is_left() -> None:
    out, _ = in_child("""
confine.bound_resources(ExtractionLimits(timeout_s=5))
print(resource.getrlimit(resource.RLIMIT_CPU)[0], resource.getrlimit(resource.RLIMIT_CORE)[0])
""")
    assert out == "7 0\n"


def test_no_file_can_be_written() -> None:
    out, _ = in_child("""
import tempfile
def write():
    with tempfile.TemporaryFile() as file:
        file.write(b'x')
confine.forbid_writing()
attempt('write', write)
""")
    assert out == "write refused\n"


def test_where_the_network_is_cut_nothing_can_be_reached() -> None:
    out, _ = in_child("""
cut = confine.cut_network()
names = [name for _, name in socket.if_nameindex()]
print(not cut or names == ['lo'])
""")
    assert out == "True\n"


def test_the_filter_refuses_what_no_reader_needs_and_nothing_else() -> None:
    out, err = in_child("""
if not seccomp.forbid_calls():
    print('no filter')
    sys.exit()
attempt('socket', socket.socket)
attempt('fork', os.fork)
attempt('program', lambda: subprocess.run(['true']))
attempt('exec', lambda: os.execv('/bin/true', ['true']))
attempt('signal', lambda: os.kill(os.getppid(), 0))
thread = threading.Thread(target=lambda: attempt('open', lambda: open(os.devnull).close()))
thread.start()
thread.join()
""")
    if out == "no filter\n":
        pytest.skip("this system has no seccomp for us")
    refused = ("socket", "fork", "program", "exec", "signal")
    assert (out.splitlines(), err) == ([*(f"{n} refused" for n in refused), "open done"], "")


def test_what_a_library_prints_does_not_reach_the_answer() -> None:
    out, err = in_child("""
answer = confine.own_output()
os.write(1, b'noise')
os.write(answer, b'answer')
""")
    assert (out, err) == ("answer", "noise")


def test_a_stricter_limit_of_the_system_stands() -> None:
    out, _ = in_child("""
resource.setrlimit(resource.RLIMIT_CPU, (3, 3))
confine.bound_resources(ExtractionLimits(timeout_s=100))
print(resource.getrlimit(resource.RLIMIT_CPU))
""")
    assert out == "(3, 3)\n"
