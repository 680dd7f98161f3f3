"""The Runware API offline: the HTTP side of the emulator.

    POST /v1                    an array of tasks, each answered or refused by itself
    POST /v1/chat/completions   the same engine in the shape of OpenAI
    GET  /_emulator/stats       what would have been billed
    POST /_emulator/reset       forget it

Of the delivery methods only `sync` is served; the others are refused by name.
"""

import json
import time
from collections.abc import Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tasks.emulator.options import EmulatorOptions
from tasks.emulator.refusal import RefusedError
from tasks.emulator.wire import auth, chat
from tasks.emulator.work.service import Service


def create_app(options: EmulatorOptions = EmulatorOptions()) -> Starlette:  # noqa: B008 # frozen
    """Make an emulator with its own till; it keeps nothing outside the app."""
    endpoints = _Endpoints(options)
    return Starlette(
        routes=[
            Route("/v1", endpoints.tasks, methods=["POST"]),
            Route("/v1/chat/completions", endpoints.chat, methods=["POST"]),
            Route("/_emulator/stats", endpoints.stats, methods=["GET"]),
            Route("/_emulator/reset", endpoints.reset, methods=["POST"]),
        ]
    )


class _Endpoints:
    def __init__(self, options: EmulatorOptions) -> None:
        self._options = options
        self._service = Service(options)

    async def tasks(self, request: Request) -> Response:
        self._service.till.requests += 1
        try:
            header_key = auth.bearer_key(request)
            body = await _read_json(request)
            if not isinstance(body, list):
                raise RefusedError("invalidRequest", "The body must be an array of task objects.")
            task, rest = auth.split_authentication(body)
            rows = auth.authenticate(header_key, task, secret=self._options.secret)
            if not body:
                raise RefusedError("arrayTooSmall", "The body must hold at least 1 task.")
        except RefusedError as refusal:
            about = {"taskType": "authentication"} if refusal.status == 401 else None
            return _json({"errors": [refusal.to_entry(about)]}, refusal.status)
        return _reply(rest, await self._service.run_all(rest), rows)

    async def chat(self, request: Request) -> Response:
        self._service.till.requests += 1
        try:
            auth.check_key(auth.bearer_key(request), self._options.secret)
            asked = chat.read_request(await _read_json(request))
            answers = await self._service.answer(asked, parameter="max_tokens")
        except RefusedError as refusal:
            return _json(chat.error(refusal), refusal.status)
        return _json(chat.reply(asked, answers[0], created_s=int(time.time())))

    async def stats(self, request: Request) -> Response:
        return self._own(request) or _json(self._service.till.stats())

    async def reset(self, request: Request) -> Response:
        refused = self._own(request)
        if refused is None:
            self._service.reset()
        return refused or _json({})

    def _own(self, request: Request) -> Response | None:
        """Refuse the emulator's own pages to strangers, where there is a secret."""
        if self._options.secret is None:
            return None
        try:
            auth.check_key(auth.bearer_key(request), self._options.secret)
        except RefusedError as refusal:
            return _json({"errors": [refusal.to_entry()]}, refusal.status)
        return None


def _reply(
    tasks: list[Any],
    outcomes: list[list[dict[str, Any]] | RefusedError],
    rows: list[dict[str, Any]],
) -> Response:
    """Join the outcomes in the order of the request; `errors` is absent when there is none."""
    refused = [
        (outcome, task)
        for outcome, task in zip(outcomes, tasks, strict=True)
        if isinstance(outcome, RefusedError)
    ]
    items = [item for outcome in outcomes if isinstance(outcome, list) for item in outcome]
    body: dict[str, Any] = {"data": [*rows, *items]}
    if refused:
        body["errors"] = [refusal.to_entry(task) for refusal, task in refused]
    all_refused = refused and not items
    return _json(body, refused[0][0].status if all_refused else 200)


async def _read_json(request: Request) -> Any:
    content_type = request.headers.get("content-type", "").split(";", maxsplit=1)[0]
    if content_type.strip().lower() != "application/json":
        raise RefusedError("invalidContentType", "Send the body as 'application/json'.")
    try:
        return json.loads((await request.body()).decode(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise RefusedError("invalidRequest", f"The body is not JSON: {error}.") from error


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _json(content: Mapping[str, Any], status: int = 200) -> Response:
    # A lone surrogate can come in as a JSON escape; it must go out as one, not break UTF-8.
    body = json.dumps(content, ensure_ascii=False).encode("utf-8", "backslashreplace")
    return Response(body, status, media_type="application/json")
