"""The journal's tables. Instants are kept as whole milliseconds since the epoch, UTC."""

from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import BigInteger, Boolean, Column, Engine, Integer, MetaData, String, Table, inspect
from sqlalchemy.types import TypeDecorator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)

log = structlog.get_logger()


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime as milliseconds since the epoch."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: object) -> int | None:  # noqa: ARG002 - signature
        """Return the milliseconds to store."""
        return None if value is None else (value - EPOCH) // MILLISECOND

    def process_result_value(self, value: Any | None, dialect: object) -> datetime | None:  # noqa: ARG002, ANN401
        """Return the stored instant."""
        return None if value is None else EPOCH + value * MILLISECOND


metadata = MetaData()
marks = Table("marks", metadata, Column("name", String, primary_key=True), Column("value", String))
requests = Table(
    "requests",
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
)
aside = Table(
    "set_aside",
    metadata,
    Column("id", String, primary_key=True),
    Column("key", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("retry_at", Instant, nullable=False, index=True),
)
intents = Table(
    "intents",
    metadata,
    Column("request_id", String, primary_key=True),
    Column("marker", String, primary_key=True),
    Column("comment_id", String),
)
past_passes = Table(
    "passes",
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
)


def make_tables(engine: Engine) -> None:
    """Make the tables; those of another version are dropped, since the next sweep rebuilds them from Jira."""
    known = inspect(engine)
    for table in metadata.sorted_tables:
        columns = {column["name"] for column in known.get_columns(table.name)} if known.has_table(table.name) else None
        if columns not in {None, frozenset(table.columns.keys())}:
            log.warning("journal_rebuilt", table=table.name)
            metadata.drop_all(engine)
            break
    metadata.create_all(engine)
