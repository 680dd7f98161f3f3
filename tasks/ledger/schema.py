"""The tables of the ledger.

`answers` holds what was paid for; `attempts` holds each inference task that was ever sent, so that
a crash between asking and being answered is seen. `schema` holds the version of this layout.
"""

from sqlalchemy import Column, Float, Index, Integer, MetaData, String, Table, Text

VERSION = 1

metadata = MetaData()

schema = Table("schema", metadata, Column("version", Integer, primary_key=True))

answers = Table(
    "answers",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("task_uuid", String(36), nullable=False),
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

attempts = Table(
    "attempts",
    metadata,
    Column("task_uuid", String(36), primary_key=True),
    Column("key", String(64), nullable=False),
    Column("provider", String(32), nullable=False),
    Column("endpoint", String(512), nullable=False),
    Column("model", String(128), nullable=False),
    Column("state", String(16), nullable=False),
    Column("owner", String(64), nullable=False),
    Column("lease_until", Float, nullable=False),
    Column("sent_at", Float, nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Index("attempts_by_key", "key", "state"),
    Index("attempts_by_owner", "owner", "state"),
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
