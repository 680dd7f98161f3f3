import sys

from tasks.extract.limits import MIB
from tasks.extract.sandbox import Outcome, run

SETTING = """
import os, resource, socket, sys
from tasks.extract import confine
from tasks.extract.limits import ExtractionLimits
"""


async def in_child(program: str) -> Outcome:
    return await run(
        (sys.executable, "-c", SETTING + program), b"", timeout_s=30, max_answer_bytes=10_000
    )


async def test_memory_has_an_end() -> None:
    outcome = await in_child(f"""
confine.bound_resources(ExtractionLimits(max_memory_bytes={512 * MIB}))
try:
    bytearray(1 << 30)
except MemoryError:
    print('refused')
""")
    assert outcome.stdout == b"refused\n"


async def test_processor_time_has_an_end_and_no_core_is_left() -> None:
    outcome = await in_child("""
confine.bound_resources(ExtractionLimits(timeout_s=5))
print(resource.getrlimit(resource.RLIMIT_CPU)[0], resource.getrlimit(resource.RLIMIT_CORE)[0])
""")
    assert outcome.stdout == b"7 0\n"


async def test_no_file_can_be_written() -> None:
    outcome = await in_child("""
import tempfile
confine.forbid_writing()
try:
    with tempfile.TemporaryFile() as file:
        file.write(b'x')
except OSError as error:
    print('refused')
""")
    assert outcome.stdout == b"refused\n"


async def test_where_the_network_is_cut_nothing_can_be_reached() -> None:
    outcome = await in_child("""
cut = confine.cut_network()
names = [name for _, name in socket.if_nameindex()]
print(not cut or names == ['lo'])
""")
    assert outcome.stdout == b"True\n"


async def test_what_a_library_prints_does_not_reach_the_answer() -> None:
    outcome = await in_child("""
answer = confine.own_output()
os.write(1, b'noise')
os.write(answer, b'answer')
""")
    assert (outcome.stdout, outcome.stderr) == (b"answer", "noise")


async def test_a_stricter_limit_of_the_system_stands() -> None:
    outcome = await in_child("""
resource.setrlimit(resource.RLIMIT_CPU, (3, 3))
confine.bound_resources(ExtractionLimits(timeout_s=100))
print(resource.getrlimit(resource.RLIMIT_CPU))
""")
    assert outcome.stdout == b"(3, 3)\n"
