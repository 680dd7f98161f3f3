"""`docmill watch`: finished documents of whatever is dropped into a folder."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli import arguments
from flows.cli.prefect_server import set_up
from flows.cli.terminal import log_told
from tasks.core.errors import ConfigError
from tasks.core.settings import Provider, Settings, load_settings, make_home


def watch(
    inbox: Annotated[Path, typer.Argument(metavar="INBOX", help="The folder to watch.")],
    to: Annotated[Path, typer.Option(help="Folder for the outputs, outside of INBOX.")],
    recipe: arguments.RecipeName = "summarize",
    formats: Annotated[
        str,
        typer.Option("--format", "-f", help="Any of docx, html, md, json, jsonl, csv, xlsx, pdf."),
    ] = "docx",
    provider: Annotated[Provider | None, typer.Option(help="Who answers.")] = None,
    quiet: Annotated[
        float,
        typer.Option(min=0.1, metavar="SECONDS", help="How long a file must stand still."),
    ] = 5.0,
    poll: Annotated[
        float | None,
        typer.Option(
            min=0.5,
            metavar="SECONDS",
            help="Look this often: for network shares, which tell nothing.",
        ),
    ] = None,
) -> None:
    """Watch a folder; each complete file becomes a flow run, and is then moved away.

    INBOX/<recipe>/… chooses the recipe, an options.yaml beside sets variables and formats.
    Originals go to INBOX/done or, with the reason beside them, to INBOX/failed. Ctrl-C stops it.
    """
    settings = load_settings()
    make_home(settings)
    folder, out = _apart(inbox, to)
    names = tuple(name.strip() for name in formats.split(","))
    set_up()
    with log_told(_say):
        try:
            _watch(
                settings, folder, out, recipe, names, provider=provider, quiet_s=quiet, poll_s=poll
            )
        except KeyboardInterrupt:
            _say("Stopped. What arrives now is made up for at the next start.")


def _apart(inbox: Path, to: Path) -> tuple[Path, Path]:
    """Make both folders; refuse the one in the other, where outputs would come in again."""
    folder, out = inbox.expanduser().resolve(), to.expanduser().resolve()
    if folder.is_relative_to(out) or out.is_relative_to(folder):
        raise ConfigError(f"{to} and {inbox} must not lie in each other: choose another --to")
    for made in (folder, out):
        try:
            made.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(f"{made} cannot be made ({error.strerror}): choose another") from None
    return folder, out


def _watch(
    settings: Settings,
    folder: Path,
    out: Path,
    recipe: str,
    formats: tuple[str, ...],
    *,
    provider: Provider | None,
    quiet_s: float,
    poll_s: float | None,
) -> None:
    from flows.watch.desk import Rules
    from flows.watch.loop import keep_watching, told_by_nobody, told_by_the_system
    from flows.watch.opening import open_inbox
    from flows.watch.stillness import Patience
    from flows.watch.wishes import Wishes

    others = {} if provider is None else {"provider": provider}
    wishes = Wishes(to=out, recipe=recipe, formats=formats, prompts=settings.prompts, others=others)
    rules = Rules(patience=Patience(quiet_s=quiet_s), rescan_s=poll_s or Rules().rescan_s)
    with open_inbox(folder, wishes, rules, settings) as (inbox, besides):
        _say(f"Watching {folder}; outputs go to {out}.")
        changes = told_by_nobody() if poll_s else told_by_the_system(folder)
        keep_watching(inbox, changes, besides=besides)


def _say(line: str) -> None:
    typer.echo(line, err=True)
