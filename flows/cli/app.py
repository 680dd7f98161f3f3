"""The command `docmill`: parses, calls, prints. A module here for each command."""

import sys
from collections.abc import Callable

import typer

from flows.cli import emulate, extract, ledger, plan, recipes, report, run
from tasks.core.errors import DocmillError

USAGE_ERROR = 2

app = typer.Typer(
    help="Turn piles of long documents into finished documents.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command(name="run")(run.run)
app.command(name="plan")(plan.plan)
app.command(name="extract")(extract.extract)
app.command(name="emulate")(emulate.emulate)
app.command(name="report")(report.report)
app.add_typer(recipes.app, name="recipes")
app.add_typer(ledger.app, name="ledger")


def main() -> None:
    """Run the command; an error of ours is one message and exit code 2."""
    sys.exit(exit_code(app))


def exit_code(command: Callable[[], object]) -> int:
    """Call a command and turn the errors that it may raise into messages."""
    try:
        command()
    except DocmillError as error:
        typer.echo(f"docmill: {error}", err=True)
        return USAGE_ERROR
    except KeyboardInterrupt:
        return 1
    return 0
