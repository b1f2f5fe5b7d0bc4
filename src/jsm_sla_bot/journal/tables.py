"""The journal's tables, and how their database is reached.

Instants are kept as whole milliseconds since the epoch, UTC. Every table's name begins with `sla_bot_`: whatever
else lives in that database is somebody else's.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import partial
from pathlib import Path
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
    create_engine,
    event,
    inspect,
    make_url,
)
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.types import TypeDecorator

from jsm_sla_bot.ports.site import TerminalError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
CONNECTING = 10
"""So many seconds a server has to answer."""

SPOILT = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
SETTING = "JSM_SLA_BOT_JOURNAL_URL"
SUCH_AS = "sqlite:///jsm-sla-bot.db, or postgresql+psycopg://user:password@host/name with the extra `postgres`"

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
    fits = all(
        columns.get(table.name) == set(table.columns.keys())
        for table in metadata.sorted_tables
    )
    return State.OURS if fits else State.ANOTHER


def make_tables(engine: Engine) -> None:
    """Make the tables; those of another version are dropped, since the next sweep rebuilds them from Jira."""
    if state(engine) is State.ANOTHER:
        log.warning("journal_rebuilt")
        metadata.drop_all(engine)
    metadata.create_all(engine)


def engine_for(url: str, *pragmas: str) -> Engine:
    """Prepare the connection to a journal; `pragmas` are for SQLite only."""
    parts = make_url(url)
    hurried = (
        parts.get_driver_name().startswith("psycopg")
        and "connect_timeout" not in parts.query
    )
    engine = create_engine(
        parts, connect_args={"connect_timeout": CONNECTING} if hurried else {}
    )
    if engine.dialect.name == "sqlite":
        # An intent is on disk before the note is posted.
        for pragma in (*pragmas, "synchronous=FULL", "busy_timeout=10000"):
            event.listen(engine, "connect", partial(_set, f"PRAGMA {pragma}"))
    return engine


def _set(pragma: str, connection: Any, _record: object) -> None:  # noqa: ANN401 - whatever the driver connects with
    connection.execute(pragma)


def is_damaged(error: SQLAlchemyError) -> bool:
    """Tell whether SQLite takes the file for none of its own."""
    found = getattr(error, "orig", None)
    return getattr(found, "sqlite_errorname", "") in SPOILT


def put_aside(file: Path) -> None:
    """Move a spoilt file out of the way, for somebody to look at."""
    for ending in ("-wal", "-shm"):
        file.with_name(file.name + ending).unlink(missing_ok=True)
    file.replace(file.with_name(file.name + ".damaged"))


def identity_of(file: Path | None) -> tuple[int, int] | None:
    """Return what tells a file from another one of the same name; None where there is none."""
    try:
        found = file.stat() if file else None
    except FileNotFoundError:
        return None
    return (found.st_dev, found.st_ino) if found else None


def file_of(url: str) -> Path | None:
    """Return the file that an SQLite journal is kept in; None for a server."""
    parts = make_url(url)
    return (
        Path((parts.database or "").removeprefix("file:"))
        if parts.get_backend_name() == "sqlite"
        else None
    )


def place_of(url: str) -> str:
    """Return the address without what nobody is to read: the password, and options that may hold one."""
    return make_url(url).set(query={}).render_as_string(hide_password=True)


@contextmanager
def in_one_sentence(url: str) -> Iterator[None]:
    """Turn what the database says into one sentence without a password."""
    try:
        place = place_of(url)
    except (SQLAlchemyError, ValueError):
        raise TerminalError(
            f"{SETTING} is no address of a database: expected {SUCH_AS}"
        ) from None
    try:
        yield
    except ImportError as error:
        raise TerminalError(
            f"{SETTING}: the driver {error.name} is not installed: expected {SUCH_AS}"
        ) from error
    except SQLAlchemyError as error:
        raise TerminalError(
            f"the journal at {place} can't be used: {_why(error)}; check {SETTING}"
        ) from error


def _why(error: SQLAlchemyError) -> str:
    """Return what SQLite says; of a server only that it is silent, since its words may quote the address."""
    said = str(getattr(error, "orig", ""))
    if "sqlite" in type(getattr(error, "orig", None)).__module__:
        return (
            f"{said} (without the daemon it may be deleted, a sweep makes it anew)"
            if "malformed" in said
            else said
        )
    return (
        "the database does not answer, or not to us"
        if isinstance(error, OperationalError)
        else type(error).__name__
    )
