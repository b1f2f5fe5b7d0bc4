"""The journal's tables.

Instants are kept as whole milliseconds since the epoch, UTC. Every table's name begins with `sla_bot_`: whatever
else lives in that database is somebody else's.
"""

from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

import structlog
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    inspect,
)
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


class State(Enum):
    """What a database holds of a journal."""

    NOTHING = "no journal"
    ANOTHER = "a journal of another version"
    EARLIER = "a journal of an earlier version, which lacks columns that may be empty"
    OURS = "a journal of this version"


def state(engine: Engine) -> State:
    """Tell what there is, without changing it."""
    known = inspect(engine)
    standing = [
        table for table in metadata.sorted_tables if known.has_table(table.name)
    ]
    if not standing:
        return State.NOTHING
    columns = {
        table.name: {column["name"] for column in known.get_columns(table.name)}
        for table in standing
    }
    if columns.keys() != metadata.tables.keys():
        return State.ANOTHER
    lacking = [
        column
        for table in metadata.sorted_tables
        for column in table.columns
        if column.name not in columns[table.name]
    ]
    strange = any(
        found - set(metadata.tables[name].columns.keys())
        for name, found in columns.items()
    )
    if strange or not all(column.nullable for column in lacking):
        return State.ANOTHER
    return State.EARLIER if lacking else State.OURS


def make_tables(engine: Engine) -> None:
    """Make the tables; those of an earlier version gain what they lack and lose nothing.

    Those of another version are dropped, since the next sweep rebuilds them from Jira.
    """
    found = state(engine)
    if found is State.EARLIER:
        _complete(engine)
    if found is State.ANOTHER:
        log.warning("journal_rebuilt")
        metadata.drop_all(engine)
    metadata.create_all(engine)


def _complete(engine: Engine) -> None:
    """Add the columns that a later version has; they may be empty."""
    known = inspect(engine)
    quote = engine.dialect.identifier_preparer.quote
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            standing = {column["name"] for column in known.get_columns(table.name)}
            for column in table.columns:
                if column.name in standing:
                    continue
                kind = column.type.compile(engine.dialect)
                added = f"ADD COLUMN {quote(column.name)} {kind}"
                connection.exec_driver_sql(f"ALTER TABLE {quote(table.name)} {added}")
    log.info("journal_completed", why="it is of an earlier version")
