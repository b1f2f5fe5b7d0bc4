"""The journal on disk: SQLite, or PostgreSQL by URL.

Needs: a `Database`; nothing here knows where it is, nor what a pass is.
Promises: what the five ports of `ports.journal` promise. It is a cache and a history, never the truth: without it the
next sweep rebuilds it from Jira. Nothing but JournalError and ForeignJournalError leaves this room.
Threads: any of them may call any method; only `ensure` holds a lock of its own.
Restart: everything is on disk. An intent without an outcome makes the writer look for its note before it posts again.
Races: two threads may advance the watermark at once; it may then stay at the earlier of their two instants, from which
the next pass reads a little too much. Two processes on one database are safe in the same way.
"""

from enum import Enum
from threading import Lock

import structlog
from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError

from jsm_sla_bot.journal.agenda import SqlAgenda
from jsm_sla_bot.journal.database import Database
from jsm_sla_bot.journal.faults import is_damaged, is_lost
from jsm_sla_bot.journal.files import identity_of, keep_private, put_aside
from jsm_sla_bot.journal.intents import SqlIntents
from jsm_sla_bot.journal.outbox import SqlOutbox
from jsm_sla_bot.journal.pass_log import SqlPassLog
from jsm_sla_bot.journal.schema import State, check_fit, make_ready, state
from jsm_sla_bot.journal.seen import SqlSeenRequests
from jsm_sla_bot.journal.site import (
    ADDRESS,
    IDENTITY,
    name_of,
    read_identity,
    same_site,
    written_identity,
)
from jsm_sla_bot.journal.tables import metadata
from jsm_sla_bot.ports.journal import ForeignJournalError
from jsm_sla_bot.ports.site_identity import SiteIdentity


class _Condition(Enum):
    """How the database is found at a poll."""

    WELL = "it is as it was"
    REPLACED = "it is gone, or another file"
    LOST = "a table is gone"
    SPOILT = "it is spoilt"


_A_ROW_OF_EACH = tuple(
    select(table).limit(1) for table in metadata.sorted_tables
)
"""Made once, since they are asked at every poll."""

log = structlog.get_logger()


class SqlJournal(SqlAgenda, SqlSeenRequests, SqlPassLog, SqlIntents):
    """The journal in a database. Safe to use from several threads; every method raises JournalError."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._identity = identity_of(database.file)
        self._care = Lock()
        self._site: SiteIdentity | None = None

    @property
    def outbox(self) -> SqlOutbox:
        """The notices on their way to people; its methods raise JournalError."""
        return SqlOutbox(self._database)

    def ensure(self) -> None:
        """Make sure that the journal is there; one that was lost or spoilt is made again, since it is a cache.

        It keeps the site that it is bound to. Raises JournalError, also where a later version of the bot has changed
        the tables so that this one can't use them.
        """
        with self._care, self._database.guarded(writing=False):
            condition = self._condition()
            if condition is _Condition.WELL:
                return
            self._make_again(condition)
        if self._site:
            self._remember_site(self._site)

    def _make_again(self, condition: "_Condition") -> None:
        log.error("journal_made_again", why=condition.value)
        self._database.engine.dispose()
        file = self._database.file
        if condition is _Condition.SPOILT and file:
            put_aside(file)
        keep_private(file)
        make_ready(self._database.engine)
        self._identity = identity_of(file)

    def _condition(self) -> "_Condition":
        try:
            condition = self._look_into()
        except SQLAlchemyError as error:
            if is_damaged(error):
                return _Condition.SPOILT
            if is_lost(error):
                return _Condition.LOST
            raise
        if identity_of(self._database.file) != self._identity:
            return _Condition.REPLACED
        return condition

    def _look_into(self) -> "_Condition":
        """Read a row of each table: the file may be spoilt anywhere."""
        with self._database.engine.connect() as connection:
            match state(connection):
                case State.NOTHING | State.EARLIER:
                    return _Condition.LOST
                case State.LATER:
                    check_fit(connection)
                case State.OURS:
                    pass
            for row in _A_ROW_OF_EACH:
                connection.execute(row).first()
        return _Condition.WELL

    def trouble(self) -> str | None:
        """Return why the journal can't be read or written at the moment; None while it can."""
        return self._database.trouble.now()

    @property
    def foreign(self) -> ForeignJournalError | None:
        """Why nothing may be written to it, where it is about another site."""
        return None

    def start_again(self) -> None:
        """Forget everything: a cache of something else is worse than none, and the next sweep rebuilds it."""
        with self._database.writing() as connection:
            for table in metadata.sorted_tables:
                connection.execute(delete(table))

    def bound_to(self) -> SiteIdentity | None:
        """Return which site the journal is about; None where that is not known yet."""
        texts = self._texts((ADDRESS, IDENTITY))
        address = texts.get(ADDRESS)
        return read_identity(address, texts.get(IDENTITY)) if address else None

    def bind(self, site: SiteIdentity) -> None:
        """Make sure that the journal is about that site, and remember it. Raises ForeignJournalError."""
        known = self.bound_to()
        if known is not None and not same_site(known, site):
            raise self._foreign_to(known, site)
        self._site = site
        if known != site:
            self._remember_site(site)

    def _foreign_to(
        self, known: SiteIdentity, site: SiteIdentity
    ) -> ForeignJournalError:
        return ForeignJournalError(
            f"the journal at {self._database.place} is about {name_of(known)}, but JSM_SLA_BOT_URL leads to "
            f"{name_of(site)}: check JSM_SLA_BOT_URL, or give this site a journal of its own "
            f"(JSM_SLA_BOT_JOURNAL_URL), or start this journal over with --new-journal"
        )

    def _remember_site(self, site: SiteIdentity) -> None:
        self._keep({ADDRESS: site.address, IDENTITY: written_identity(site)})

    def close(self) -> None:
        """Let go of the database."""
        self._database.engine.dispose()
