"""`POST /v1/chat/completions`: the same engine in the shape of OpenAI."""

from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from tasks.emulator.admin.log import RequestLog
from tasks.emulator.api import replies
from tasks.emulator.refusal import RefusedError
from tasks.emulator.wire import auth, chat
from tasks.emulator.wire.bodies import read_json
from tasks.emulator.wire.chat import ChatRequest
from tasks.emulator.wire.responses import DroppedResponse, refusal_response
from tasks.emulator.work import chats
from tasks.emulator.work.desk import DroppedError
from tasks.emulator.work.jobs import Job
from tasks.emulator.work.service import Service

PATH = "/v1/chat/completions"


class ChatEndpoint:
    """Serve the OpenAI-compatible API."""

    def __init__(self, service: Service, log: RequestLog) -> None:
        self._service = service
        self._options = service.options
        self._log = log

    async def serve(self, request: Request) -> Response:
        """Answer a POST."""
        with self._service.till.request():
            try:
                auth.check_key(auth.bearer_key(request), self._options.secret)
                body = await read_json(request, max_bytes=self._options.max_body_bytes)
            except RefusedError as refusal:
                return self._refuse(refusal)
            try:
                asked = chat.read_request(body)
                job = await self._take(asked)
                response = await self._reply(asked, job)
            except RefusedError as refusal:
                self._service.till.refuse(refusal.code)
                return self._refuse(refusal)
            except DroppedError:
                self._log.add(PATH, [], status=None, codes=[])
                return DroppedResponse()
            self._log.add(PATH, [], status=response.status_code, codes=[])
            return response

    async def _take(self, asked: ChatRequest) -> Job:
        prepared = self._service.at_gate(asked.task, "max_tokens")
        if "reset_before" in prepared.gate:
            raise DroppedError
        job = await self._service.take(prepared)
        if "reset_after" in job.plan:
            raise DroppedError
        return job

    async def _reply(self, asked: ChatRequest, job: Job) -> Response:
        text, key = job.request.text, job.request.digest
        plan = replies.draw(self._service, answered=True, text=text, key=key)
        created_s = int(self._service.clock.date_s())
        if asked.streamed:
            frames = partial(chats.frames, created_s=created_s, with_usage=asked.with_usage)
            return replies.stream(self._service, [job], frames, plan)
        await job.done()
        if job.failure is not None:
            raise job.failure
        return replies.reply(self._service, chats.reply(job, created_s=created_s), 200, plan)

    def _refuse(self, refusal: RefusedError) -> Response:
        self._log.add(PATH, [], status=refusal.status, codes=[refusal.code])
        return refusal_response(refusal, chats.error(refusal))
