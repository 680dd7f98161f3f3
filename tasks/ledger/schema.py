"""The tables of the ledger.

`answers` holds what was paid for, `attempts` each inference task that was ever sent, so that a
crash between asking and being answered is seen, and `reservations` the money that is promised to
tasks in flight. `token_ratios` holds how the provider's counts of prompts compare with ours, and
`plans` the margin that each document was planned with. `intake` holds the files that came by a
watched or a scheduled folder, and `heartbeats` when each run was last heard of. API keys, prompts
and document texts are in none of them. `schema` holds the version of this layout.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    text,
)

VERSION = 4
"""Version 2 has the tables of the intake and of the heartbeats besides, 3 that of deliveries, 4
those of the margins."""

TABLES_LACKING = frozenset({1, 2, 3})
"""Older versions that differ by tables alone, which are made where they are not there."""

metadata = MetaData()

schema = Table("schema", metadata, Column("version", Integer, primary_key=True))

answers = Table(
    "answers",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("task_uuid", String(36), nullable=False),
    Column("document", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("thoughts", Text, nullable=False),
    Column("finish_reason", String(32), nullable=False),
    Column("prompt_tokens", Integer),
    Column("completion_tokens", Integer),
    Column("total_tokens", Integer),
    Column("thinking_tokens", Integer),
    Column("cost_usd", Float),
    Column("answered_at", Float, nullable=False),
)

# Equal chunks of two documents share one answer; it is to be found by either.
sharing = Table(
    "sharing",
    metadata,
    Column("document", String(64), primary_key=True),
    Column("key", String(80), primary_key=True),
)

attempts = Table(
    "attempts",
    metadata,
    Column("task_uuid", String(36), primary_key=True),
    Column("key", String(64), nullable=False),
    Column("document", String(64), nullable=False),
    Column("provider", String(32), nullable=False),
    Column("endpoint", String(512), nullable=False),
    Column("model", String(128), nullable=False),
    Column("results", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("owner", String(64), nullable=False),
    Column("lease_until", Float, nullable=False),
    Column("sent_at", Float, nullable=False),
    Column("closed_at", Float),
    Column("worst_usd", Float, nullable=False),
    Column("cost_usd", Float),
    Column("tokens", BigInteger),
    Column("replaced_by", String(36), nullable=False),
    Column("reason", Text, nullable=False),
    Index("attempts_by_key", "key"),
)

LIVE = text("state IN ('sent', 'accepted')")
Index(
    "attempts_one_live",
    attempts.c.key,
    unique=True,
    sqlite_where=LIVE,
    postgresql_where=LIVE,
)

# What webhooks brought for tasks in flight, each sibling once.
deliveries = Table(
    "deliveries",
    metadata,
    Column("task_uuid", String(36), primary_key=True),
    Column("identity", String(64), primary_key=True),
    Column("body", Text, nullable=False),
    Column("came_at", Float, nullable=False),
)

# Money is counted in whole nanodollars, so that sums are exact.

spending = Table(
    "spending",
    metadata,
    Column("job", String(128), primary_key=True),
    Column("nano_usd", BigInteger, nullable=False),
    Column("tokens", BigInteger, nullable=False),
    Column("touched_at", Float, nullable=False),
)

reservations = Table(
    "reservations",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("job", String(128), nullable=False),
    Column("task_uuid", String(36), nullable=False),
    Column("nano_usd", BigInteger, nullable=False),
    Column("tokens", BigInteger, nullable=False),
    Column("made_at", Float, nullable=False),
    Index("reservations_by_job", "job"),
)

# The throttle: what all processes together may have in flight at an endpoint, and who holds what.

throttle_limits = Table(
    "throttle_limits",
    metadata,
    Column("endpoint", String(512), primary_key=True),
    Column("total", Integer, nullable=False),
    Column("paused_until", Float, nullable=False),
    Column("told_at", Float, nullable=False),
)

throttle_owners = Table(
    "throttle_owners",
    metadata,
    Column("endpoint", String(512), primary_key=True),
    Column("owner", String(64), primary_key=True),
    Column("held", Integer, nullable=False),
    Column("wanted", Integer, nullable=False),
    Column("lease_until", Float, nullable=False),
)

# How a model's provider counts prompts: sums over the ratios of its counts to ours.

token_ratios = Table(
    "token_ratios",
    metadata,
    Column("provider", String(32), primary_key=True),
    Column("endpoint", String(512), primary_key=True),
    Column("model", String(128), primary_key=True),
    Column("answers", BigInteger, nullable=False),
    Column("total", Float, nullable=False),
    Column("squares", Float, nullable=False),
    Column("largest", Float, nullable=False),
)

# The margin of each plan, and from how many answers it was learned. A plan's key names all that
# shapes its chunks but the margin; where it is the document's digest, it stands for all plans.

plans = Table(
    "plans",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("document", String(64), nullable=False),
    Column("margin", Float, nullable=False),
    Column("answers", BigInteger, nullable=False),
    Column("made_at", Float, nullable=False),
)

# Files that came by a folder, and what became of them. Paths are relative to the folder of `inbox`.

intake = Table(
    "intake",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("inbox", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("request", Text, nullable=False),
    Column("version", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("batch", String(64), nullable=False),
    Column("run", String(36), nullable=False),
    Column("due_at", Float, nullable=False),
    Column("reason", Text, nullable=False),
    Column("may_pass", Boolean, nullable=False),
    Column("outputs", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("seen_at", Float, nullable=False),
    Column("changed_at", Float, nullable=False),
    Column("closed_at", Float),
)
Index("intake_open", intake.c.inbox, intake.c.closed_at)
Index("intake_by_batch", intake.c.batch)

# Runs and watchers at work, each with when it was last heard of.

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("who", String(80), primary_key=True),
    Column("beat_at", Float, nullable=False),
)
