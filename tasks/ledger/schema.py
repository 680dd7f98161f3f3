"""The tables of the ledger.

`answers` holds what was paid for, `attempts` each inference task that was ever sent, so that a
crash between asking and being answered is seen, and `reservations` the money that is promised to
tasks in flight. API keys, prompts and document texts are in none of them. `schema` holds the
version of this layout.
"""

from sqlalchemy import (
    BigInteger,
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

VERSION = 1

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
