"""A process that asks for so many answers: `python -m tests.infer.asking_apart URL LEDGER COUNT`.

Reads a line from its standard input before it begins, so that several can begin together, and
prints how many answers it paid for and how many it reused.
"""

import asyncio
import sys

from httpx_aiohttp import AiohttpTransport
from pydantic import SecretStr

from tasks.core.requests import InferenceRequest, Message, request_tokens
from tasks.infer.connection import Connection
from tasks.infer.delivery.poller import Poller, PollTimes
from tasks.infer.delivery.polling import AsyncDelivery
from tasks.infer.delivery.submit import Submitter
from tasks.infer.inference import Inference
from tasks.infer.throttle.gate import fixed
from tasks.ledger.ledger import open_ledger

AT_ONCE = 8
TIMES = PollTimes(first_s=0.05, shortest_s=0.05)


def asked(number: int) -> InferenceRequest:
    """Give one of the requests that all processes ask for."""
    return InferenceRequest(
        model="minimax:m2.7@0",
        system_prompt="Answer.",
        messages=(Message("user", f"Question {number}."),),
        max_tokens=500,
    )


async def main(url: str, ledger_url: str, count: int) -> None:
    """Ask, and tell what it cost."""
    request_tokens(asked(0))  # reads the token table
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    async with (
        open_ledger(ledger_url) as ledger,
        AiohttpTransport() as transport,
    ):
        connection = Connection(transport, url, SecretStr("of-the-test"))
        delivery = AsyncDelivery(
            connection, Submitter(connection, tasks_per_post=4), Poller(connection, times=TIMES)
        )
        inference = Inference(delivery=delivery, ledger=ledger, throttle=fixed(AT_ONCE))
        await asyncio.gather(*(inference.ask(asked(number)) for number in range(count)))
        traffic = inference.traffic()
    sys.stdout.write(f"{traffic.calls} {traffic.reused}\n")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
