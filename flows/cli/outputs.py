"""`docmill outputs`: finished outputs for a browser, read-only."""

from typing import Annotated

import typer

from tasks.core.settings import load_settings


def outputs(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 4280,
    host: Annotated[str, typer.Option(help="Address to bind to.")] = "127.0.0.1",
) -> None:
    """Serve what docmill wrote below DOCMILL_ROOTS, and nothing else; Ctrl-C ends it."""
    import uvicorn

    from flows.addresses import check_free, check_guarded, is_loopback
    from flows.outputs import create_app

    settings = load_settings()
    check_guarded(host, settings.prefect_auth)
    check_free(host, port)
    names = ("127.0.0.1", "localhost", "[::1]") if is_loopback(host) else ("*",)
    app = create_app(settings.roots, auth=settings.prefect_auth, hosts=names)
    typer.echo(f"Outputs are served at http://{host}:{port}/files/…", err=True)
    uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False)
