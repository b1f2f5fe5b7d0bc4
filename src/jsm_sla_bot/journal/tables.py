"""The journal's tables.

Instants are kept as whole milliseconds since the epoch, UTC. Every table's name begins with `sla_bot_`: whatever
else lives in that database is somebody else's. A change here needs a migration (docs/decisions/0016).
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime as milliseconds since the epoch."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(
        self,
        value: datetime | None,
        dialect: object,  # noqa: ARG002 - SQLAlchemy's own signature
    ) -> int | None:
        """Return the milliseconds to store."""
        return None if value is None else (value - EPOCH) // MILLISECOND

    def process_result_value(
        self,
        value: Any | None,  # noqa: ANN401 - whatever the driver returns
        dialect: object,  # noqa: ARG002 - the library's signature
    ) -> datetime | None:
        """Return the stored instant."""
        return None if value is None else EPOCH + value * MILLISECOND


metadata = MetaData()
marks = Table(
    "sla_bot_marks",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", String),
)
requests = Table(
    "sla_bot_requests",
    metadata,
    Column("id", String, primary_key=True),
    Column("key", String, nullable=False),
    Column("updated", Instant),
    Column("status", String),
    Column("due", Instant),
    Column("next_change_at", Instant, index=True),
    Column("is_open", Boolean, nullable=False),
    Column("policy", String),
    Column("remark", String, index=True),
    Column("frozen_in", String),
)
aside = Table(
    "sla_bot_set_aside",
    metadata,
    Column("id", String, primary_key=True),
    Column("key", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("retry_at", Instant, nullable=False, index=True),
    Column("updated", Instant),
)
intents = Table(
    "sla_bot_intents",
    metadata,
    Column("request_id", String, primary_key=True),
    Column("marker", String, primary_key=True),
    Column("comment_id", String),
)
past_passes = Table(
    "sla_bot_passes",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("kind", String, nullable=False),
    Column("started", Instant, nullable=False),
    Column("ended", Instant, nullable=False),
    Column("seen", Integer, nullable=False),
    Column("read", Integer, nullable=False),
    Column("differing", Integer, nullable=False),
    Column("writes", Integer, nullable=False),
    Column("set_aside", Integer, nullable=False),
    Column("refused", String),
    Column("failed", String),
    Column("policy", String, nullable=False),
)
notices = Table(
    "sla_bot_notices",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("channel", String, nullable=False),
    Column("id", String, nullable=False),
    Column("thread", String, nullable=False, index=True),
    Column("request", String, nullable=False),
    Column("rung", String, nullable=False),
    Column("is_end", Boolean, nullable=False),
    Column("body", String, nullable=False),
    Column("made", Instant, nullable=False),
    Column("after", Instant, nullable=False, index=True),
    Column("is_held", Boolean, nullable=False),
    Column("digest", String),
    Column("tried", Integer, nullable=False),
    Column("first_tried", Instant),
    Column("in_doubt", Boolean, nullable=False),
    Column("sent", Instant),
    Column("remote", String),
    Column("why", String),
    Column("is_over", Boolean, nullable=False),
    UniqueConstraint("channel", "id", name="sla_bot_notices_once"),
)
silences = Table(
    "sla_bot_silences",
    metadata,
    Column("subject", String, primary_key=True),
    Column("until", Instant, nullable=False),
    Column("why", String, nullable=False),
    Column("made", Instant, nullable=False),
)
