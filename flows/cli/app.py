"""The way in: calls the command, and turns whatever it raises into one line and an exit code.

Nothing heavy is imported here, so that Ctrl-C and closed pipes find their handling in place.
"""

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress

USAGE_ERROR = 2
INTERRUPTED = 1
TYPER_INTERRUPTED = 130


def main() -> None:
    """Run the command; an error of ours is one message and exit code 2."""
    code = exit_code(_docmill)
    if code == USAGE_ERROR:
        with suppress(OSError):  # it may be what was told just now
            _flush()
    else:
        code = exit_code(_flush) or code
    sys.exit(code)


def exit_code(command: Callable[[], object]) -> int:
    """Call a command and turn the errors that it may raise into messages."""
    try:
        command()
    except (KeyboardInterrupt, SystemExit) as ended:
        return _ended(ended)
    except Exception as error:  # noqa: BLE001 - the edge: a person reads a line, not a traceback
        _tell(error)
        return USAGE_ERROR
    return 0


def _ended(ended: KeyboardInterrupt | SystemExit) -> int:
    """Give the exit code of a command that was ended, by typer or by a signal."""
    code = getattr(ended, "code", TYPER_INTERRUPTED)
    if code == TYPER_INTERRUPTED:
        sys.stderr.write("Interrupted before anything was read.\n")
        return INTERRUPTED
    return code if isinstance(code, int) else 0


def _docmill() -> None:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    _check_streams()
    from flows.cli.commands import app

    app()


def _check_streams() -> None:
    """Have somewhere to print to, whatever the shell closed and whichever letters it knows."""
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - for good
    if sys.stdout is None:
        raise OSError("stdout is closed: direct it somewhere, as in >/dev/null")
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr] # both are text


def _flush() -> None:
    """Print what is left; where that fails, keep Python from trying again at its end."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise


def _tell(error: Exception) -> None:
    """Say in one line what went wrong."""
    from tasks.core.errors import DocmillError

    cause = _innermost(error)
    if isinstance(cause, DocmillError):
        _say(str(cause))
    elif isinstance(cause, OSError):
        where = f"{cause.filename}: " if cause.filename else ""
        _say(f"{where}{cause.strerror or cause}")
    else:
        _say(f"unexpected {type(cause).__name__}: {cause}: please report this fault")
    if _debugging():
        import traceback

        traceback.print_exception(error)


def _innermost(error: BaseException) -> BaseException:
    """Give the first error of a group, and of a group in it."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _debugging() -> bool:
    from tasks.core.errors import ConfigError
    from tasks.core.settings import load_settings

    try:
        return load_settings().debug
    except ConfigError:
        return False


def _say(message: str) -> None:
    sys.stderr.write(f"docmill: {' '.join(message.split())}\n")
