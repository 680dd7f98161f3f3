"""What goes into the ledger and comes out of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answerer:
    """Who answers: a model of a provider, at an endpoint."""

    provider: str
    endpoint: str
    model: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What an attempt is for; it goes into the ledger beside its UUID.

    `results` is how many answers are asked for, `worst_usd` what they may cost at most, and
    `document` the digest of the document that they are about, where it is a single one.
    """

    key: str
    provider: str
    endpoint: str
    model: str
    results: int = 1
    worst_usd: float = 0.0
    document: str = ""

    @property
    def by(self) -> Answerer:
        """Say who is to answer."""
        return Answerer(self.provider, self.endpoint, self.model)


@dataclass(frozen=True, slots=True)
class Counted:
    """The tokens of one prompt, by our count and by that of who answers."""

    by: Answerer
    ours: int
    theirs: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be planned: a key of all that shapes its chunks, and the document's digest."""

    key: str
    document: str


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to ask for an answer, under this UUID and no other.

    `begun`: it is taken over, so the UUID may have been sent before. `accepted`: the provider
    is known to have taken it. `replaces`: the UUID of the lost attempt that is bought again.
    """

    key: str
    task_uuid: str
    begun: bool = False
    accepted: bool = False
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class Reservation:
    """Money and tokens promised to one inference task of a job, at their worst case."""

    id: str
    job: str
    usd: float
    tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What a job has spent, and what is promised to its tasks in flight."""

    usd: float
    tokens: int
    open_usd: float
    open_tokens: int
