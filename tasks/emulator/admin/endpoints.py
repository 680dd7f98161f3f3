"""Steer a running emulator: its own side, apart from the API that it emulates.

    GET  /_emulator/stats    what was asked, refused, billed, and which faults fired
    GET  /_emulator/log      the last requests, without keys and texts
    POST /_emulator/reset    forget counts, log and results; rules and running tasks stay
    POST /_emulator/script   an array of rules for answers (`tasks.emulator.work.script`)
    POST /_emulator/faults   an array of rules for faults (`tasks.emulator.faults.catalogue`)

The arrays take the place of the rules before them, so that an empty one ends them all.
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tasks.emulator.admin.log import RequestLog
from tasks.emulator.refusal import RefusedError
from tasks.emulator.wire import auth
from tasks.emulator.wire.bodies import read_json
from tasks.emulator.wire.responses import json_response
from tasks.emulator.work.service import Service


class Admin:
    """The endpoints; where there is a secret, they ask for it, too."""

    def __init__(self, service: Service, log: RequestLog) -> None:
        self._service = service
        self._log = log

    def routes(self) -> list[Route]:
        """Give what Starlette serves."""
        return [
            Route("/_emulator/stats", self._stats, methods=["GET"]),
            Route("/_emulator/log", self._entries, methods=["GET"]),
            Route("/_emulator/reset", self._reset, methods=["POST"]),
            Route("/_emulator/script", self._script, methods=["POST"]),
            Route("/_emulator/faults", self._faults, methods=["POST"]),
        ]

    async def _stats(self, request: Request) -> Response:
        return self._stranger(request) or json_response(self._service.stats())

    async def _entries(self, request: Request) -> Response:
        return self._stranger(request) or json_response(self._log.entries())

    async def _reset(self, request: Request) -> Response:
        refused = self._stranger(request)
        if refused is None:
            self._service.reset()
            self._log.clear()
        return refused or json_response({})

    async def _script(self, request: Request) -> Response:
        refused = self._stranger(request)
        if refused is not None:
            return refused
        try:
            self._service.answering.script.set(await read_json(request))
        except RefusedError as refusal:
            return _refused(refusal)
        return json_response({})

    async def _faults(self, request: Request) -> Response:
        refused = self._stranger(request)
        if refused is not None:
            return refused
        try:
            rules = await read_json(request)
            self._service.faults.set(rules, self._service.clock.now_s())
        except RefusedError as refusal:
            return _refused(refusal)
        return json_response({})

    def _stranger(self, request: Request) -> Response | None:
        """Refuse those who do not know the secret, where there is one."""
        secret = self._service.options.secret
        if secret is None:
            return None
        try:
            auth.check_key(auth.bearer_key(request), secret)
        except RefusedError as refusal:
            return _refused(refusal)
        return None


def _refused(refusal: RefusedError) -> Response:
    return json_response({"errors": [refusal.to_entry()]}, refusal.status)
