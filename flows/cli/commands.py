"""The command `docmill`: parses, calls, prints. A module here for each command."""

import typer

from flows.cli import (
    emulate,
    extract,
    intake,
    ledger,
    outputs,
    plan,
    recipes,
    report,
    run,
    schema,
    up,
    watch,
    webhooks,
)

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
app.command(name="webhooks")(webhooks.webhooks)
app.command(name="report")(report.report)
app.command(name="outputs")(outputs.outputs)
app.command(name="schema")(schema.schema)
app.command(name="up")(up.up)
app.command(name="watch")(watch.watch)
app.command(name="intake")(intake.intake)
app.add_typer(recipes.app, name="recipes")
app.add_typer(ledger.app, name="ledger")
