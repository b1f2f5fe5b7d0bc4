"""The journal on disk: what was last seen and written, the agenda, the intents. SQLite, or PostgreSQL by URL.

A cache and a history, never the truth: without it the next sweep rebuilds it from Jira.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from threading import Lock
from typing import Any

import structlog
from sqlalchemy import RowMapping, Table, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from jsm_sla_bot.journal.database import Database
from jsm_sla_bot.journal.faults import is_damaged
from jsm_sla_bot.journal.files import identity_of, keep_private, put_aside
from jsm_sla_bot.journal.site import (
    name_of,
    read_identity,
    same_site,
    written_identity,
)
from jsm_sla_bot.journal.tables import (
    State,
    aside,
    intents,
    make_tables,
    marks,
    metadata,
    past_passes,
    requests,
    state,
)
from jsm_sla_bot.ports.journal import (
    Entry,
    Failure,
    ForeignJournalError,
    Mark,
    PassKind,
    PassReport,
)
from jsm_sla_bot.ports.site import SiteIdentity

BATCH = 500
KEPT_PASSES = 1000

log = structlog.get_logger()


class SqlJournal:
    """The journal in a database. Safe to use from several threads; every method raises JournalError."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._identity, self._care = identity_of(database.file), Lock()
        self._site: SiteIdentity | None = None
        self._insert: Callable[[Table], Any] = (
            postgresql.insert
            if database.engine.dialect.name == "postgresql"
            else sqlite.insert
        )

    def ensure(self) -> None:
        """Make sure that the journal is there; one that was lost or spoilt is made anew, since it is a cache.

        It keeps the site that it is bound to. Raises JournalError.
        """
        with self._care, self._database.guarded(writing=False):
            found = self._found()
            if found is State.OURS and self._is_the_same_file():
                return
            self._make_anew(found)
        if self._site:
            self._remember_site(self._site)

    def _make_anew(self, found: State | None) -> None:
        lost = "it is gone, or another one, or not whole"
        log.error("journal_made_anew", why=lost if found else "it is spoilt")
        self._database.engine.dispose()
        file = self._database.file
        if found is None and file:
            put_aside(file)
        keep_private(file)
        make_tables(self._database.engine)
        self._identity = identity_of(file)

    def _is_the_same_file(self) -> bool:
        return identity_of(self._database.file) == self._identity

    def _found(self) -> State | None:
        """Tell what is there; None for what is no database any more."""
        try:
            found = state(self._database.engine)
            if found is State.OURS:
                self._touch()
        except SQLAlchemyError as error:
            if is_damaged(error):
                return None
            raise
        return found

    def _touch(self) -> None:
        """Read a row of each table: the file may be spoilt anywhere."""
        with self._database.engine.connect() as connection:
            for table in metadata.sorted_tables:
                connection.execute(select(table).limit(1)).first()

    def trouble(self) -> str | None:
        """Return why the journal can't be read or written at the moment; None while it can."""
        return self._database.trouble.now()

    @property
    def foreign(self) -> ForeignJournalError | None:
        """Why nothing may be written to it, where it is about another site."""
        return None

    def watermark(self) -> datetime | None:
        """Return the server time at which the last completely applied pass began."""
        text = self._mark("watermark")
        return datetime.fromisoformat(text) if text else None

    def advance(self, watermark: datetime) -> None:
        """Move the watermark; never back, since a pass that began earlier may end later."""
        known = self.watermark()
        if known is None or known < watermark:
            self._set_mark("watermark", watermark.isoformat())

    def policy(self) -> str | None:
        """Return the hash of the policy under which the last sweep was completed."""
        return self._mark("policy")

    def swept(self, policy: str) -> None:
        """Remember the policy of a completed sweep; whatever one before it did not believe is settled by it."""
        self._set_mark("policy", policy)
        for mark in (Mark.GONE, Mark.GONE_IDS, Mark.GONE_ALLOWED):
            self._set_mark(mark, "")

    def recall(self, mark: Mark) -> str | None:
        """Return what was remembered under that mark, None when nothing was."""
        return self._mark(mark) or None

    def remember(self, mark: Mark, text: str) -> None:
        """Remember a text under that mark."""
        self._set_mark(mark, text)

    def updated_of(self, ids: Sequence[str]) -> Mapping[str, datetime]:
        """Return the `updated` with which these requests were last worked through."""
        found: dict[str, datetime] = {}
        with self._database.reading() as connection:
            for some in _batches(ids):
                query = select(requests.c.id, requests.c.updated).where(
                    requests.c.id.in_(some)
                )
                found.update({row.id: row.updated for row in connection.execute(query)})
        return found

    def changes_of(self, ids: Sequence[str], after: datetime) -> Mapping[str, datetime]:
        """Return when the status of these requests changes by itself, of those where that is `after` an instant."""
        found: dict[str, datetime] = {}
        upcoming = requests.c.next_change_at
        with self._database.reading() as connection:
            for some in _batches(ids):
                query = select(requests.c.id, upcoming).where(
                    requests.c.id.in_(some), upcoming > after
                )
                found.update((row[0], row[1]) for row in connection.execute(query))
        return found

    def frozen_in(self, ids: Sequence[str]) -> Mapping[str, str]:
        """Return the status in which the site took no edit, of those of these requests that were given up."""
        found: dict[str, str] = {}
        columns = select(requests.c.id, requests.c.frozen_in)
        with self._database.reading() as connection:
            for some in _batches(ids):
                is_meant = requests.c.id.in_(some) & requests.c.frozen_in.is_not(None)
                rows = connection.execute(columns.where(is_meant))
                found.update({row.id: row.frozen_in for row in rows})
        return found

    def remarked(self) -> Sequence[Entry]:
        """Return the requests of which something is left as it is, by key."""
        query = (
            select(requests)
            .where(requests.c.remark.is_not(None))
            .order_by(requests.c.key)
        )
        with self._database.reading() as connection:
            return [Entry(**row) for row in connection.execute(query).mappings()]

    def record(self, entries: Sequence[Entry]) -> None:
        """Keep the outcome for these requests; a request recorded is no longer set aside."""
        self._upsert(requests, [asdict(entry) for entry in entries])
        self._delete(aside, [entry.id for entry in entries])

    def set_aside(self, failures: Sequence[Failure]) -> None:
        """Keep these failures."""
        self._upsert(aside, [asdict(failure) for failure in failures])

    def set_aside_requests(self) -> Sequence[Failure]:
        """Return every request that is set aside, the next to be retried first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(aside).order_by(aside.c.retry_at)
            ).mappings()
            return [Failure(**row) for row in rows]

    def failures_of(self, ids: Sequence[str]) -> Mapping[str, Failure]:
        """Return those of these requests that are set aside, by id."""
        found: dict[str, Failure] = {}
        with self._database.reading() as connection:
            for some in _batches(ids):
                rows = connection.execute(
                    select(aside).where(aside.c.id.in_(some))
                ).mappings()
                found.update({row["id"]: Failure(**row) for row in rows})
        return found

    def agenda(self, now: datetime) -> Sequence[str]:
        """Return the ids whose status changes by `now`, and those set aside whose time has come."""
        waiting = select(aside.c.id)
        due = select(requests.c.id).where(
            requests.c.next_change_at <= now, requests.c.id.not_in(waiting)
        )
        retry = select(aside.c.id).where(aside.c.retry_at <= now)
        with self._database.reading() as connection:
            return [
                row.id for query in (due, retry) for row in connection.execute(query)
            ]

    def next_change_at(self) -> datetime | None:
        """Return the next instant at which the agenda has something to do."""
        waiting = select(aside.c.id)
        due = select(func.min(requests.c.next_change_at)).where(
            requests.c.id.not_in(waiting)
        )
        retry = select(func.min(aside.c.retry_at))
        with self._database.reading() as connection:
            instants = [connection.execute(query).scalar() for query in (due, retry)]
        return min(
            (instant for instant in instants if instant is not None), default=None
        )

    def open_ids(self) -> Sequence[str]:
        """Return the ids of the requests that were open when last seen."""
        with self._database.reading() as connection:
            return [
                row.id
                for row in connection.execute(
                    select(requests.c.id).where(requests.c.is_open)
                )
            ]

    def forget(self, ids: Sequence[str]) -> None:
        """Drop requests that Jira says are gone, or that are no longer ours."""
        for table in (requests, aside):
            self._delete(table, ids)

    def pardon(self, ids: Sequence[str]) -> None:
        """No longer keep these requests as set aside, and await nothing of them until somebody touches them."""
        self._delete(aside, ids)
        with self._database.writing() as connection:
            for some in _batches(ids):
                connection.execute(
                    update(requests)
                    .where(requests.c.id.in_(some))
                    .values(next_change_at=None)
                )

    def start_anew(self) -> None:
        """Forget everything: a cache of something else is worse than none, and the next sweep rebuilds it."""
        with self._database.writing() as connection:
            for table in metadata.sorted_tables:
                connection.execute(delete(table))

    def bound_to(self) -> SiteIdentity | None:
        """Return which site the journal is about; None where that is not known yet."""
        address = self.recall(Mark.SITE)
        return read_identity(address, self.recall(Mark.IDENTITY)) if address else None

    def bind(self, site: SiteIdentity) -> None:
        """Make sure that the journal is about that site, and remember it. Raises ForeignJournalError."""
        known = self.bound_to()
        if known is not None and not same_site(known, site):
            place = self._database.place
            raise ForeignJournalError(
                f"the journal at {place} is about {name_of(known)}, but JSM_SLA_BOT_URL leads to {name_of(site)}: "
                f"check JSM_SLA_BOT_URL, or give this site a journal of its own (JSM_SLA_BOT_JOURNAL_URL), or start "
                f"this journal over with --new-journal"
            )
        self._site = site
        if known != site:
            self._remember_site(site)

    def _remember_site(self, site: SiteIdentity) -> None:
        self.remember(Mark.SITE, site.address)
        self.remember(Mark.IDENTITY, written_identity(site))

    def completed(self, report: PassReport) -> None:
        """Keep the report of a pass; only the last thousand are kept."""
        with self._database.writing() as connection:
            number = connection.execute(
                insert(past_passes).values(**asdict(report))
            ).inserted_primary_key
            if number is not None:
                connection.execute(
                    delete(past_passes).where(
                        past_passes.c.number <= number[0] - KEPT_PASSES
                    )
                )

    def passes(self, limit: int) -> Sequence[PassReport]:
        """Return the last passes, newest first."""
        query = select(past_passes).order_by(past_passes.c.number.desc()).limit(limit)
        with self._database.reading() as connection:
            rows = connection.execute(query).mappings()
            return [_report(row) for row in rows]

    def unresolved(self, request_id: str) -> bool:
        """Tell whether a note to that request has an unknown outcome."""
        query = select(intents.c.marker).where(
            intents.c.request_id == request_id, intents.c.comment_id.is_(None)
        )
        with self._database.reading() as connection:
            return connection.execute(query.limit(1)).first() is not None

    def intend(self, request_id: str, marker: str) -> None:
        """Journal that a note is about to be posted. On disk when this returns."""
        self._upsert(
            intents, [{"request_id": request_id, "marker": marker, "comment_id": None}]
        )

    def resolve(self, request_id: str, marker: str, comment_id: str) -> None:
        """Journal that the note stands."""
        row = {"request_id": request_id, "marker": marker, "comment_id": comment_id}
        self._upsert(intents, [row])

    def resolved(self, request_id: str) -> Mapping[str, str]:
        """Return the comment by marker of the notes to that request that are known to stand, or to have stood."""
        query = select(intents.c.marker, intents.c.comment_id).where(
            intents.c.request_id == request_id, intents.c.comment_id.is_not(None)
        )
        with self._database.reading() as connection:
            return {row.marker: row.comment_id for row in connection.execute(query)}

    def drop_unresolved(self, request_id: str) -> None:
        """Forget what was never posted: the request's comments have been looked through."""
        never = (intents.c.request_id == request_id) & intents.c.comment_id.is_(None)
        with self._database.writing() as connection:
            connection.execute(delete(intents).where(never))

    def close(self) -> None:
        """Let go of the database."""
        self._database.engine.dispose()

    def _mark(self, name: str) -> str | None:
        with self._database.reading() as connection:
            return connection.execute(
                select(marks.c.value).where(marks.c.name == name)
            ).scalar()

    def _set_mark(self, name: str, value: str) -> None:
        self._upsert(marks, [{"name": name, "value": value}])

    def _upsert(self, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
        if not rows:
            return
        statement = self._insert(table)
        keys = [column.name for column in table.primary_key]
        others = {
            name: statement.excluded[name] for name in rows[0] if name not in keys
        }
        with self._database.writing() as connection:
            connection.execute(
                statement.on_conflict_do_update(index_elements=keys, set_=others), rows
            )

    def _delete(self, table: Table, ids: Sequence[str]) -> None:
        if not ids:
            return
        with self._database.writing() as connection:
            for some in _batches(ids):
                connection.execute(delete(table).where(table.c.id.in_(some)))


def _report(row: RowMapping) -> PassReport:
    told = {str(name): value for name, value in row.items() if name != "number"}
    return PassReport(**{**told, "kind": PassKind(row["kind"])})


def _batches(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
