"""Which names in an inbox are left alone, and why."""

DONE, FAILED = "done", "failed"
OPTIONS_FILE = "options.yaml"
REASON_ENDING = ".reason.txt"

_PARTIAL = (
    ".part",
    ".partial",
    ".filepart",
    ".crdownload",
    ".download",
    ".opdownload",
    ".tmp",
    ".temp",
    ".swp",
    ".!sync",
    ".!ut",
)
_OF_PROGRAMS = frozenset(
    {
        "@eadir",
        "#recycle",
        "#snapshot",
        "$recycle.bin",
        "system volume information",
        "lost+found",
        "thumbs.db",
        "desktop.ini",
    }
)


def left_alone(name: str) -> str:
    """Say why a file or folder of this name is left alone; "" for one that counts.

    Programs that copy, download or synchronise give a file its real name once it is whole.
    """
    folded = name.casefold()
    if folded.startswith("~$"):
        return "it marks a document that is open in Office"
    if folded.startswith((".", "~")):
        return "it is hidden, as what programs keep for themselves"
    if folded.endswith("~") or folded.endswith(_PARTIAL):
        return "it is not whole yet by its name, and counts once it is renamed"
    if folded in _OF_PROGRAMS:
        return "it belongs to the system or to a program that synchronises"
    return ""


def counts(name: str, *, is_top: bool) -> bool:
    """Tell whether a name in the inbox may be of a document or of a folder of documents."""
    if is_top and name in {DONE, FAILED}:
        return False
    return name != OPTIONS_FILE and not left_alone(name)
