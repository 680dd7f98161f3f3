"""LibreOffice, where it is there: it makes a Word file of formats that we do not read.

It runs with the limits of the child that starts it, in a folder of its own, with a fresh profile
that forbids macros and links, without network where the system allows that, and dies with the
child.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from tasks.core.errors import DamagedError, LimitError, UnsupportedFormatError
from tasks.extract.limits import ExtractionLimits
from tasks.extract.sandbox import confine

_NAMES = ("soffice", "libreoffice")
_BINARY = "soffice.bin"  # what these start, with a process in between that would outlive us
_START_AGAIN = 81  # its exit code when it has laid out a new profile
_FILTER = "docx:MS Word 2007 XML"
_SHARE_OF_TIME = 0.8  # of the child's; the rest is for reading what comes of it
_SETTINGS = {
    "org.openoffice.Office.Common/Security/Scripting": {
        "DisableMacrosExecution": "true",
        "DisableActiveContent": "true",
        "BlockUntrustedRefererLinks": "true",
        "MacroSecurityLevel": "3",
    },
    "org.openoffice.Office.Writer/Content/Update": {"Link": "0"},
}


def to_docx(data: bytes, suffix: str, limits: ExtractionLimits) -> bytes:
    """Give a file as a Word file.

    Raises `UnsupportedFormatError` where LibreOffice is not installed, `LimitError` where it takes
    too long, and `DamagedError` where it makes nothing of the file.
    """
    program = _program()
    with tempfile.TemporaryDirectory(prefix="docmill-") as folder:
        home = Path(folder)
        source = home / f"source{suffix}"
        source.write_bytes(data)
        _write_profile(home / "profile")
        said = _run(program, home, source, limits.timeout_s * _SHARE_OF_TIME)
        made = home / "out" / "source.docx"
        if not made.is_file():
            raise DamagedError(
                f"LibreOffice makes nothing of it ({said or 'it does not say why'}): it may be "
                "locked. Open it in the program it is from and save it as .docx."
            )
        if made.stat().st_size > limits.max_source_bytes:
            raise LimitError("what LibreOffice makes of it is too large. Split it.")
        return made.read_bytes()


def _program() -> Path:
    for name in _NAMES:
        found = shutil.which(name)
        binary = Path(found).resolve().with_name(_BINARY) if found else None
        if binary is not None and binary.is_file():
            return binary
    raise UnsupportedFormatError(
        "it is of a format that is read by LibreOffice, which is not installed (on Debian: "
        "apt-get install libreoffice-writer-nogui). Install it, or save the file as .docx or PDF."
    )


def _run(program: Path, home: Path, source: Path, timeout_s: float) -> str:
    """Run it, once more if it asks for that, and give what it said on its errors."""
    command = [
        str(program), "--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck",
        f"-env:UserInstallation=file://{home}/profile", "--convert-to", _FILTER,
        "--outdir", str(home / "out"), str(source),
    ]  # fmt: skip
    try:
        for _ in range(2):
            ended = subprocess.run(  # noqa: S603 our own words, and a path of our own making
                command,
                env={"PATH": os.defpath, "HOME": str(home)},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=timeout_s,
                check=False,
                preexec_fn=_shut_in,  # the child has one thread
            )
            if ended.returncode != _START_AGAIN:
                break
    except subprocess.TimeoutExpired:
        raise LimitError(
            f"LibreOffice took longer than {timeout_s:g} s with it. Split it, or save it as .docx."
        ) from None
    except OSError as error:
        raise UnsupportedFormatError(f"LibreOffice cannot be started ({error.strerror}).") from None
    return " ".join(ended.stderr.decode(errors="replace").split())[:200]


def _shut_in() -> None:
    confine.die_with_parent()
    confine.cut_network()


def _write_profile(profile: Path) -> None:
    items = "".join(
        f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value>'
        "</prop></item>"
        for path, props in _SETTINGS.items()
        for name, value in props.items()
    )
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items '
        f'xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>',
        encoding="utf-8",
    )
