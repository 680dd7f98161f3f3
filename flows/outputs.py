"""Finished outputs over HTTP, read-only: what docmill wrote, and nothing that lies beside it.

An address is the file's own path, as in `/files/srv/out/lease.summarize.docx`. Asked for anything
but a name that docmill gave away in an output folder below the roots, the answer is 404.
"""

import asyncio
import hmac
import html
import os
import stat
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from urllib.parse import quote

from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from tasks.core.errors import OutputError
from tasks.write.atomic import HOUSEKEEPING
from tasks.write.ownership import written_names, wrote
from tasks.write.report import REPORT_FILE

KINDS = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
AS_TEXT = "text/plain; charset=utf-8"

GUARDED = {
    # An output may quote a hostile document: its page has no origin, and reaches nothing.
    "Content-Security-Policy": "sandbox allow-scripts; default-src 'none'; img-src data:; "
    "style-src 'unsafe-inline'; script-src 'unsafe-inline'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
LISTING = {**GUARDED, "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
NOT_FOUND = "There is no such output.\n"

Answer = Callable[[Request], Awaitable[Response]]


def create_app(
    roots: tuple[Path, ...], *, auth: SecretStr | None = None, hosts: tuple[str, ...] = ("*",)
) -> Starlette:
    """Make the application over output folders below `roots`, asking for `auth` where it is given.

    `hosts` are the names it answers to, so that a page from elsewhere cannot reach it by a name
    of its own that leads here.
    """
    resolved = tuple(root.resolve() for root in roots)

    async def files(request: Request) -> Response:
        path = Path("/", request.path_params["path"])
        return await asyncio.to_thread(answer_for, path, resolved)

    async def healthy(_: Request) -> Response:
        return PlainTextResponse("ok\n")

    routes = [
        Route("/health", healthy),
        Route("/files/{path:path}", _asking(auth, files)),
    ]
    guard = Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)
    return Starlette(routes=routes, middleware=[guard])


def link_to(path: Path, outputs_url: str) -> str:
    """Give the address under which an output is served."""
    return f"{outputs_url.rstrip('/')}/files{quote(str(path.resolve()))}"


def answer_for(path: Path, roots: tuple[Path, ...]) -> Response:
    """Give an output, or the list of an output folder; 404 for all else."""
    try:
        if _is_output_folder(path, roots):
            return HTMLResponse(_listed(path), headers=LISTING)
        if _is_output_folder(path.parent, roots) and _is_ours(path):
            return _served(path)
    except (OSError, ValueError, OutputError):  # gone, refused by the system, or no path at all
        pass
    return PlainTextResponse(NOT_FOUND, status_code=404)


def _is_output_folder(folder: Path, roots: tuple[Path, ...]) -> bool:
    """Tell whether a folder is below a root, by no link, and one that docmill wrote into."""
    return (
        any(folder.is_relative_to(root) for root in roots)
        and folder.resolve() == folder
        and (folder / HOUSEKEEPING).is_dir()
        and not (folder / HOUSEKEEPING).is_symlink()
    )


def _is_ours(path: Path) -> bool:
    return path.name == REPORT_FILE or wrote(path.parent, path.name)


def _served(path: Path) -> Response:
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError("it is no plain file")
        data = file.read()
    kind = KINDS.get(path.suffix.removeprefix("."), AS_TEXT)
    return Response(data, media_type=kind, headers=GUARDED)


def _listed(folder: Path) -> str:
    """Give a page with the outputs of a folder and the output folders in it."""
    links = "\n".join(
        f'<li><a href="/files{quote(str(path))}">{html.escape(path.name)}</a></li>'
        for path in _to_show(folder)
    )
    title = html.escape(str(folder))
    return (
        f"<!doctype html><meta charset=utf-8><title>{title}</title>"
        f"<body style='font-family:sans-serif;margin:2rem'><h1>{title}</h1><ul>{links}</ul>"
    )


def _to_show(folder: Path) -> Iterator[Path]:
    yield from sorted(child for child in folder.iterdir() if _is_output_folder(child, (folder,)))
    names = written_names(folder) | {REPORT_FILE}
    for name in sorted(names):
        path = folder / name
        if path.is_file() and not path.is_symlink():
            yield path


def _asking(auth: SecretStr | None, answer: Answer) -> Answer:
    """Ask who comes for the secret, if there is one."""
    if auth is None:
        return answer
    wanted = b"Basic " + b64encode(auth.get_secret_value().encode())

    async def asked(request: Request) -> Response:
        shown = request.headers.get("authorization", "").encode()
        if hmac.compare_digest(shown, wanted):
            return await answer(request)
        realm = {"WWW-Authenticate": 'Basic realm="docmill"'}
        return PlainTextResponse("Who are you?\n", status_code=401, headers=realm)

    return asked
