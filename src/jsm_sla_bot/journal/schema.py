"""Which schema a database has, and whether this version of the bot can work with it.

Needs: a connection. The revision stands in a table of the bot's own name, since other applications may use Alembic in
the same database; one plain query reads it, so that who only looks never loads Alembic.
Promises: nothing is dropped because it has another version. Tables of an earlier version are brought up to date and
keep their rows, also those of before the revision was kept. Tables of a later version are used as they are where they
have all that this version needs, and left alone with one sentence where they do not.
Threads and processes: who brings a database up to date holds a lock on it, looks again behind the lock, and finishes
in one transaction. A restart in the middle finds the schema as it was before.
Race accepted: a bot of an earlier version that is running while a later one migrates notices at its next poll.
"""

from collections.abc import Iterable, Iterator
from enum import Enum

import structlog
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Inspector,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    insert,
    inspect,
    select,
)

from jsm_sla_bot.journal.database import locked
from jsm_sla_bot.journal.faults import UnfitSchemaError
from jsm_sla_bot.journal.tables import metadata, notices, silences

REVISIONS = ("0001", "0002", "0003")
"""The revisions that this version knows, the oldest first; each is a file in `migrations/versions`."""

HEAD = REVISIONS[-1]
OF_THE_DAEMON = (notices, silences)
"""Tables that nobody else reads."""
VERSION_TABLE = "sla_bot_schema"

versions = Table(
    VERSION_TABLE,
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name=f"{VERSION_TABLE}_pkc"),
)
"""The table as Alembic makes it: apart from the others, so that it stays when a journal is started again."""

log = structlog.get_logger()


class State(Enum):
    """What a database holds of a journal."""

    NOTHING = "no journal"
    EARLIER = "a journal of an earlier version"
    OURS = "a journal of this version"
    LATER = "a journal of a later version"


def state(connection: Connection) -> State:
    """Tell what there is, without changing it."""
    found = revision(connection)
    if found == HEAD:
        return State.OURS
    if found is not None:
        return State.EARLIER if found in REVISIONS else State.LATER
    known = inspect(connection)
    has_tables = any(known.has_table(name) for name in metadata.tables)
    return State.EARLIER if has_tables else State.NOTHING


def revision(connection: Connection) -> str | None:
    """Return the revision of the schema; None where there is none, or one of before revisions were kept."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found = connection.execute(select(versions.c.version_num)).scalars().all()
    return " and ".join(sorted(found)) or None


def make_ready(engine: Engine) -> None:
    """Make the tables, or bring them up to date without losing a row.

    Raises UnfitSchemaError where this version can't work with what is there, and changes nothing then.
    """
    with engine.connect() as connection:
        if state(connection) is State.OURS and not _complaints(connection):
            return
    with locked(engine) as connection:
        _bring_up_to_date(connection)
        check_fit(connection)


def check_fit(connection: Connection) -> None:
    """Raise UnfitSchemaError where this version can't read and write these tables."""
    if found := _complaints(connection):
        raise UnfitSchemaError(_unfit(connection, found[0]))


def check_readable(connection: Connection) -> None:
    """Raise UnfitSchemaError where this version can't read these tables; what else they have does not matter.

    Who only looks does without those that are for the daemon alone.
    """
    needed = [
        each for each in metadata.sorted_tables if each not in OF_THE_DAEMON
    ]
    found = list(_lacking(connection, needed))
    if found:
        raise UnfitSchemaError(_unfit(connection, found[0]))


def _bring_up_to_date(connection: Connection) -> None:
    match state(connection):
        case State.NOTHING | State.OURS:
            _create(connection)
        case State.EARLIER:
            _migrate(connection)
        case State.LATER:
            pass


def _create(connection: Connection) -> None:
    """Make the tables that are not there as the migrations would leave them: a new journal needs no Alembic."""
    metadata.create_all(connection)
    versions.create(connection, checkfirst=True)
    if revision(connection) is None:
        connection.execute(insert(versions).values(version_num=HEAD))


def _migrate(connection: Connection) -> None:
    from jsm_sla_bot.journal.migrating import upgrade  # noqa: PLC0415 - Alembic is slow to load

    before = revision(connection)
    upgrade(connection, HEAD)
    metadata.create_all(connection)  # a table may have been lost
    log.info("journal_migrated", before=before or "none", now=HEAD)


def _complaints(connection: Connection) -> list[str]:
    return [
        *_lacking(connection, metadata.sorted_tables),
        *_misfits(connection),
    ]


def _lacking(connection: Connection, needed: Iterable[Table]) -> Iterator[str]:
    """Yield what is needed and not found."""
    known = inspect(connection)
    for table in needed:
        if not known.has_table(table.name):
            yield f"it has no table {table.name}"
            continue
        standing = {column["name"] for column in known.get_columns(table.name)}
        for column in table.columns:
            if column.name not in standing:
                yield f"its table {table.name} has no column {column.name}"


def _misfits(connection: Connection) -> Iterator[str]:
    """Yield what a row that this version writes would lack."""
    known = inspect(connection)
    for table in metadata.sorted_tables:
        if known.has_table(table.name):
            yield from _demanded(known, table)


def _demanded(known: Inspector, table: Table) -> Iterator[str]:
    for column in known.get_columns(table.name):
        name = column["name"]
        is_required = not column["nullable"] and column["default"] is None
        if is_required and name not in table.columns:
            yield f"its table {table.name} wants a column {name} that this version does not know"


def _unfit(connection: Connection, why: str) -> str:
    """Return one sentence: what does not fit, whose schema it is, and what to do."""
    match state(connection):
        case State.LATER:
            whose = f"a later version of the bot has changed it (schema {revision(connection)})"
            then = "run that version, or give this one a journal of its own"
        case State.EARLIER:
            whose = "an earlier version of the bot has made it"
            then = "start the daemon of this version, which brings it up to date, or ask with the earlier version"
        case _:
            whose = "its tables were changed by hand"
            then = "restore them, or give the bot another journal"
    return f"{whose}: {why}; {then}"
