"""The receiver of webhooks: what the provider brings is in the ledger before it is answered 200.

It is asked again for anything but a 2xx within some seconds, so whatever is none of our business is
answered 200, too, and a ledger that is not quick enough is answered 503.
"""

import asyncio
import hashlib
import hmac
import json
import logging
from typing import Any

from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from tasks.ledger.deliveries import Delivery
from tasks.ledger.ledger import Ledger

logger = logging.getLogger("docmill.infer")

PATH = "/webhook"
HEALTH = "/health"
BODY_BYTES_AT_MOST = 16 * 2**20
ANSWERED_WITHIN_S = 0.9


def create_receiver(secret: SecretStr, ledger: Ledger) -> Starlette:
    """Make the app that takes deliveries at `/webhook?token=<secret>` and keeps them."""

    async def receive(request: Request) -> Response:
        token = request.query_params.get("token", "").encode()
        if not hmac.compare_digest(token, secret.get_secret_value().encode()):
            return Response(status_code=403)
        try:
            body = await _read(request)
        except (ClientDisconnect, ValueError, RecursionError):
            return Response(status_code=400)
        if body is None:
            return Response(status_code=413)
        return Response(status_code=await _kept(ledger, _deliveries(body)))

    async def healthy(_: Request) -> Response:
        return Response(status_code=200)

    return Starlette(
        routes=[
            Route(PATH, receive, methods=["POST"]),
            Route(HEALTH, healthy, methods=["GET"]),
        ]
    )


async def _kept(ledger: Ledger, deliveries: list[Delivery]) -> int:
    """Keep deliveries and give the HTTP status to answer with."""
    if not deliveries:
        return 200
    try:
        async with asyncio.timeout(ANSWERED_WITHIN_S):
            await ledger.bring(deliveries)
    except Exception as error:  # noqa: BLE001 # an edge: the provider is to bring it again
        logger.warning("a delivery could not be kept, it will come again: %r", error)
        return 503
    return 200


async def _read(request: Request) -> Any:
    """Read the JSON; None when it is larger than an answer can be."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > BODY_BYTES_AT_MOST:
            return None
    return json.loads(body)


def _deliveries(body: Any) -> list[Delivery]:
    """Give what a body brings: a flat task object as a rule, or several in an envelope."""
    flat = [body] if isinstance(body, dict) else body if isinstance(body, list) else []
    items = []
    for one in flat:
        if not isinstance(one, dict):
            continue
        envelope = [one.get("data"), one.get("errors")]
        held = [item for part in envelope if isinstance(part, list) for item in part]
        items += [item for item in held if isinstance(item, dict)] or [one]
    return [_delivery(item) for item in items if isinstance(item.get("taskUUID"), str)]


def _delivery(item: dict[str, Any]) -> Delivery:
    """Tell siblings apart, by seed, else by all that was said; they share their UUID."""
    body = json.dumps(item, sort_keys=True)
    if isinstance(item.get("seed"), int):
        return Delivery(item["taskUUID"], f"seed {item['seed']}", body)
    return Delivery(item["taskUUID"], hashlib.sha256(body.encode()).hexdigest(), body)
