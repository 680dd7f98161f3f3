"""`docmill webhooks`: take the answers that the provider brings, for all runs of one ledger."""

import asyncio
from typing import Annotated

import typer

from flows.addresses import check_free
from flows.webhooks import receive, webhook_secret
from tasks.core.settings import load_settings, make_home


def webhooks(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8586,
    host: Annotated[str, typer.Option(help="Address to bind to.")] = "127.0.0.1",
) -> None:
    """Receive what runs with `--delivery webhook` wait for; Ctrl-C ends it.

    Let a web server with HTTPS pass https://<your name>/webhook on to it, and set
    DOCMILL_WEBHOOK_URL to that address where the runs are.
    """
    settings = load_settings()
    make_home(settings)
    secret = webhook_secret(settings)
    check_free(host, port)
    from tasks.infer.delivery.receiver import PATH

    typer.echo(f"Deliveries are taken at http://{host}:{port}{PATH} with the secret.", err=True)
    if settings.webhook_url is None:
        typer.echo("Runs need DOCMILL_WEBHOOK_URL: the public address that leads here.", err=True)
    asyncio.run(receive(settings.ledger_url(), secret, host=host, port=port))
