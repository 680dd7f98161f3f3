"""Inference out of the ledger alone: to see what a run would still have to ask, nobody is asked."""

from dataclasses import dataclass, fields, replace

from tasks.core.answers import Result
from tasks.core.requests import InferenceRequest
from tasks.infer.inference import Inference
from tasks.infer.prices import NOTHING, cost_usd


class NotKeptError(Exception):
    """An answer would have to be asked for; no failure, so that none is made of it on the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalling(Inference):
    """Gives the answers that are kept; NotKeptError where one is not."""

    async def _answer(
        self,
        request: InferenceRequest,
        tokens: int,  # noqa: ARG002 # what is kept costs nothing
        document: str,
    ) -> tuple[Result, ...]:
        request = replace(request, model=self.model) if self.model else request
        asked = self._asked(request, NOTHING, document)
        kept = await self.ledger.kept(asked, not_before=self.not_before)
        if kept is None:
            raise NotKeptError
        return tuple(replace(result, cost_usd=cost_usd(result, self.prices)) for result in kept)


def recalling(inference: Inference) -> Recalling:
    """Make an inference that knows what another one keeps."""
    return Recalling(**{each.name: getattr(inference, each.name) for each in fields(inference)})
