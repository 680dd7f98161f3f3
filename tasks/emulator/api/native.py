"""`POST /v1`: an array of tasks."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from tasks.emulator.admin.log import RequestLog
from tasks.emulator.api import replies
from tasks.emulator.refusal import RefusedError
from tasks.emulator.wire import auth, contract
from tasks.emulator.wire.bodies import read_json
from tasks.emulator.wire.responses import DroppedResponse, refusal_response
from tasks.emulator.work import streams
from tasks.emulator.work.desk import Desk, DroppedError, Outcome, status_of
from tasks.emulator.work.jobs import Job
from tasks.emulator.work.service import Service


class NativeEndpoint:
    """Serve the native API."""

    def __init__(self, service: Service, log: RequestLog) -> None:
        self._service = service
        self._options = service.options
        self._desk = Desk(service)
        self._log = log

    async def serve(self, request: Request) -> Response:
        """Answer a POST."""
        with self._service.till.request():
            try:
                tasks, rows = await self._let_in(request)
            except RefusedError as refusal:
                return self._refuse_all(refusal)
            try:
                outcomes = await self._desk.serve(tasks)
            except DroppedError:
                self._log.add("/v1", tasks, status=None, codes=[])
                return DroppedResponse()
            except RefusedError as refusal:
                return self._refuse_tasks(refusal, tasks)
            response = self._reply(outcomes, rows)
            codes = [entry["code"] for outcome in outcomes for entry in outcome.errors]
            self._log.add("/v1", tasks, status=response.status_code, codes=codes)
            return response

    async def _let_in(self, request: Request) -> tuple[list[Any], list[dict[str, Any]]]:
        """Read the tasks and check the key; give the tasks, and what the key's own task gives."""
        header_key = auth.bearer_key(request)
        body = await read_json(request, max_bytes=self._options.max_body_bytes)
        if not isinstance(body, list):
            raise RefusedError("invalidRequest", "The body must be an array of task objects.")
        task, rest = auth.split_authentication(body)
        rows = auth.authenticate(header_key, task, secret=self._options.secret)
        if not body:
            raise RefusedError("arrayTooSmall", "The body must hold at least 1 task.")
        return rest, rows

    def _refuse_all(self, refusal: RefusedError) -> Response:
        self._log.add("/v1", [], status=refusal.status, codes=[refusal.code])
        about = {"taskType": "authentication"} if refusal.status == 401 else None
        return refusal_response(refusal, {"errors": [refusal.to_entry(about)]})

    def _refuse_tasks(self, refusal: RefusedError, tasks: list[Any]) -> Response:
        for task in tasks:
            if not contract.is_poll(task):
                self._service.till.refuse(refusal.code)
        self._log.add("/v1", tasks, status=refusal.status, codes=[refusal.code])
        entries = [refusal.to_entry(task) for task in tasks]
        return refusal_response(refusal, {"data": [], "errors": entries})

    def _reply(self, outcomes: list[Outcome], rows: list[dict[str, Any]]) -> Response:
        jobs = [outcome.job for outcome in outcomes if outcome.job is not None]
        if jobs and all(job.task.delivery == "stream" for job in jobs):
            return self._stream(jobs)
        status = status_of(outcomes, self._options.partial_status)
        refusal = next((one.refusal for one in outcomes if one.refusal is not None), None)
        if refusal is not None and all(outcome.refusal for outcome in outcomes):
            return refusal_response(refusal, _refused_body(refusal, outcomes, rows))
        body: dict[str, Any] = {"data": [*rows, *(i for one in outcomes for i in one.data)]}
        errors = [entry for outcome in outcomes for entry in outcome.errors]
        if errors:  # on success the key is absent
            body["errors"] = errors
        plan = replies.draw(
            self._service,
            answered=any(outcome.answered for outcome in outcomes),
            text=outcomes[0].text if outcomes else "",
            key=_key_of(outcomes),
        )
        return replies.reply(self._service, body, status, plan)

    def _stream(self, jobs: list[Job]) -> Response:
        request = jobs[0].request
        plan = replies.draw(self._service, answered=True, text=request.text, key=request.digest)

        def frames(job: Job) -> list[bytes]:
            return streams.native(job, self._options)

        return replies.stream(self._service, jobs, frames, plan)


def _refused_body(
    refusal: RefusedError, outcomes: list[Outcome], rows: list[dict[str, Any]]
) -> dict[str, Any]:
    errors = [entry for outcome in outcomes for entry in outcome.errors]
    if refusal.shape == "errors":
        return {"data": rows, "errors": errors}
    named = {"taskUUID", "taskType"}
    error = {name: value for name, value in errors[0].items() if name not in named}
    return {"error": error} | {name: errors[0][name] for name in named & errors[0].keys()}


def _key_of(outcomes: list[Outcome]) -> str:
    """Give what a reply is known by, whenever it comes: the UUID of its first task."""
    first = outcomes[0].raw if outcomes else None
    return str(first.get("taskUUID")) if isinstance(first, dict) else ""
