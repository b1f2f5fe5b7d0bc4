"""The one way to the journal's database: whatever goes wrong with it leaves this room as one sentence of ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import StaticPool

from jsm_sla_bot.journal.faults import FAULTS, cause, is_locked, of_the_volume
from jsm_sla_bot.journal.trouble import Trouble
from jsm_sla_bot.ports.errors import TerminalError
from jsm_sla_bot.ports.journal import JournalError

SETTING = "JSM_SLA_BOT_JOURNAL_URL"
SUCH_AS = "sqlite:///jsm-sla-bot.db, or postgresql+psycopg://user:password@host/name with the extra `postgres`"
LOCK_MILLISECONDS = 5000
"""So long a locked file is waited for; once it was found locked, the next writes only try."""

TRY_MILLISECONDS = 100
POOL_SECONDS = 10
SCHEMA_LOCK = 0x51A_B07
"""The number of the lock that PostgreSQL keeps for who moves the schema."""

NOWHERE = "sqlite://"
"""A database in memory: for who looks at a site of which no journal is kept yet."""


class Database:
    """An engine and its file. Raises JournalError whatever goes wrong, and remembers how it stands. Thread-safe."""

    def __init__(self, url: str, engine: Engine) -> None:
        self.engine = engine
        self.file = file_of(url)
        self.place = place_of(url)
        self.trouble = Trouble()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Connect to read."""
        with self.guarded(writing=False), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Connect to write: what is written is on disk at the end, or nothing of it."""
        with self.guarded(writing=True), self.engine.begin() as connection:
            if self.file:
                wait = (
                    TRY_MILLISECONDS
                    if self.trouble.locked
                    else LOCK_MILLISECONDS
                )
                connection.exec_driver_sql(f"PRAGMA busy_timeout={wait}")
            yield connection

    def try_to_write(self) -> None:
        """Take the lock of a writer of the file and write nothing. Raises JournalError, on a full disk too."""
        with self.writing() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        if self.file and (full := of_the_volume(self.file.absolute().parent)):
            raise JournalError(
                f"the journal at {self.place} can't be written: {full}"
            )

    @contextmanager
    def guarded(self, *, writing: bool) -> Iterator[None]:
        """Turn what the database raises into a JournalError of one sentence."""
        try:
            yield
        except FAULTS as error:
            doing = "written" if writing else "read"
            why = cause(error, self.file)
            failure = JournalError(
                f"the journal at {self.place} can't be {doing}: {why}"
            )
            self.trouble.failed(
                failure, writing=writing, locked=is_locked(error)
            )
            raise failure from error
        self.trouble.succeeded(writing=writing)


@contextmanager
def locked(engine: Engine) -> Iterator[Connection]:
    """Connect in one transaction that no other process of ours runs at the same time; waits for one that does.

    Raises what the database raises, when the wait is too long too; nothing is changed then.
    """
    if engine.dialect.name == "sqlite":
        with _locked_file(engine) as connection:
            yield connection
        return
    with engine.begin() as connection:
        connection.exec_driver_sql(
            f"SELECT pg_advisory_xact_lock({SCHEMA_LOCK})"
        )
        yield connection


@contextmanager
def _locked_file(engine: Engine) -> Iterator[Connection]:
    """Take the lock of a writer first: SQLite's driver would begin a transaction only at the first change of a row."""
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.exec_driver_sql("ROLLBACK")
            raise
        connection.exec_driver_sql("COMMIT")


def engine_for(url: str, *pragmas: str, changing: bool = True) -> Engine:
    """Prepare the connection to a journal; `pragmas` are for SQLite only.

    Where nothing is to be `changing`, the database itself refuses every write.
    """
    parts = make_url(url)
    if parts.get_backend_name() == "sqlite":
        return _sqlite(url, *pragmas, changing=changing)
    engine = create_engine(
        parts, pool_pre_ping=True, pool_timeout=POOL_SECONDS
    )
    if parts.get_driver_name().startswith("psycopg"):
        import_module("jsm_sla_bot.journal.postgres").be_impatient(engine)
    return (
        engine
        if changing
        else engine.execution_options(postgresql_readonly=True)
    )


def _sqlite(url: str, *pragmas: str, changing: bool) -> Engine:
    engine = (
        create_engine(url)
        if file_of(url)
        else create_engine(
            url,
            poolclass=StaticPool,
            connect_args={"check_same_thread": False},
        )
    )
    # An intent is on disk before the note is posted.
    wanted = [
        f"busy_timeout={LOCK_MILLISECONDS}",
        *pragmas,
        "synchronous=FULL",
    ]
    if not changing:
        wanted.append("query_only=ON")
    for pragma in wanted:
        event.listen(engine, "connect", partial(_set, f"PRAGMA {pragma}"))
    return engine


def _set(pragma: str, connection: Any, _record: object) -> None:  # noqa: ANN401 - whatever the driver connects with
    connection.execute(pragma)


def file_of(url: str) -> Path | None:
    """Return the file that an SQLite journal is kept in; None for a server, and for one in memory."""
    parts = make_url(url)
    if parts.get_backend_name() != "sqlite":
        return None
    name = (parts.database or "").removeprefix("file:")
    return None if name in {"", ":memory:"} else Path(name)


def place_of(url: str) -> str:
    """Return the address without what nobody is to read: the password, and options that may hold one."""
    return make_url(url).set(query={}).render_as_string(hide_password=True)


@contextmanager
def in_one_sentence(url: str) -> Iterator[None]:
    """Say in one sentence without a password why a journal can't be opened. Raises TerminalError."""
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
    except JournalError as error:
        raise TerminalError(str(error)) from error
    except FAULTS as error:
        why = cause(error, file_of(url))
        raise TerminalError(
            f"the journal at {place} can't be used: {why}; check {SETTING}"
        ) from error
