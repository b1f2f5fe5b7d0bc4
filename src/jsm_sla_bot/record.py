"""The journal on disk: what was last seen and written, the agenda, the intents. SQLite, or PostgreSQL by URL.

A cache and a history, never the truth: without it the next sweep rebuilds it from Jira.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Table, create_engine, delete, event, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from jsm_sla_bot.ports import Entry, Failure, Mark, PassReport, TerminalError
from jsm_sla_bot.tables import aside, intents, make_tables, marks, past_passes, requests

BATCH = 500
KEPT_PASSES = 1000


class SqlJournal:
    """The journal in a database. Safe to use from several threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        dialect: Callable[[Table], Any]
        dialect = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert
        self._insert = dialect

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
        """Remember the policy of a completed sweep."""
        self._set_mark("policy", policy)

    def recall(self, mark: Mark) -> str | None:
        """Return what was remembered under that mark, None when nothing was."""
        return self._mark(mark) or None

    def remember(self, mark: Mark, text: str) -> None:
        """Remember a text under that mark."""
        self._set_mark(mark, text)

    def updated_of(self, ids: Sequence[str]) -> Mapping[str, datetime]:
        """Return the `updated` with which these requests were last worked through."""
        found: dict[str, datetime] = {}
        with self._engine.connect() as connection:
            for some in _batches(ids):
                query = select(requests.c.id, requests.c.updated).where(requests.c.id.in_(some))
                found.update({row.id: row.updated for row in connection.execute(query)})
        return found

    def remarked(self) -> Sequence[Entry]:
        """Return the requests of which something is left as it is, by key."""
        query = select(requests).where(requests.c.remark.is_not(None)).order_by(requests.c.key)
        with self._engine.connect() as connection:
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
        with self._engine.connect() as connection:
            rows = connection.execute(select(aside).order_by(aside.c.retry_at)).mappings()
            return [Failure(**row) for row in rows]

    def failures_of(self, ids: Sequence[str]) -> Mapping[str, Failure]:
        """Return those of these requests that are set aside, by id."""
        found: dict[str, Failure] = {}
        with self._engine.connect() as connection:
            for some in _batches(ids):
                rows = connection.execute(select(aside).where(aside.c.id.in_(some))).mappings()
                found.update({row["id"]: Failure(**row) for row in rows})
        return found

    def agenda(self, now: datetime) -> Sequence[str]:
        """Return the ids whose status changes by `now`, and those set aside whose time has come."""
        waiting = select(aside.c.id)
        due = select(requests.c.id).where(requests.c.next_change_at <= now, requests.c.id.not_in(waiting))
        retry = select(aside.c.id).where(aside.c.retry_at <= now)
        with self._engine.connect() as connection:
            return [row.id for query in (due, retry) for row in connection.execute(query)]

    def next_change_at(self) -> datetime | None:
        """Return the next instant at which the agenda has something to do."""
        waiting = select(aside.c.id)
        due = select(func.min(requests.c.next_change_at)).where(requests.c.id.not_in(waiting))
        retry = select(func.min(aside.c.retry_at))
        with self._engine.connect() as connection:
            instants = [connection.execute(query).scalar() for query in (due, retry)]
        return min((instant for instant in instants if instant is not None), default=None)

    def open_ids(self) -> Sequence[str]:
        """Return the ids of the requests that were open when last seen."""
        with self._engine.connect() as connection:
            return [row.id for row in connection.execute(select(requests.c.id).where(requests.c.is_open))]

    def forget(self, ids: Sequence[str]) -> None:
        """Drop requests that Jira says are gone."""
        for table in (requests, aside):
            self._delete(table, ids)

    def completed(self, report: PassReport) -> None:
        """Keep the report of a pass; only the last thousand are kept."""
        with self._engine.begin() as connection:
            number = connection.execute(insert(past_passes).values(**asdict(report))).inserted_primary_key
            if number is not None:
                connection.execute(delete(past_passes).where(past_passes.c.number <= number[0] - KEPT_PASSES))

    def passes(self, limit: int) -> Sequence[PassReport]:
        """Return the last passes, newest first."""
        query = select(past_passes).order_by(past_passes.c.number.desc()).limit(limit)
        with self._engine.connect() as connection:
            rows = connection.execute(query).mappings()
            return [PassReport(**{name: row[name] for name in row if name != "number"}) for row in rows]

    def unresolved(self, request_id: str) -> bool:
        """Tell whether a note to that request has an unknown outcome."""
        query = select(intents.c.marker).where(intents.c.request_id == request_id, intents.c.comment_id.is_(None))
        with self._engine.connect() as connection:
            return connection.execute(query.limit(1)).first() is not None

    def intend(self, request_id: str, marker: str) -> None:
        """Journal that a note is about to be posted. On disk when this returns."""
        self._upsert(intents, [{"request_id": request_id, "marker": marker, "comment_id": None}])

    def resolve(self, request_id: str, marker: str, comment_id: str) -> None:
        """Journal that the note stands."""
        same = (intents.c.request_id == request_id) & (intents.c.marker == marker)
        with self._engine.begin() as connection:
            connection.execute(update(intents).where(same).values(comment_id=comment_id))

    def drop_unresolved(self, request_id: str) -> None:
        """Forget what was never posted: the request's comments have been looked through."""
        never = (intents.c.request_id == request_id) & intents.c.comment_id.is_(None)
        with self._engine.begin() as connection:
            connection.execute(delete(intents).where(never))

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def _mark(self, name: str) -> str | None:
        with self._engine.connect() as connection:
            return connection.execute(select(marks.c.value).where(marks.c.name == name)).scalar()

    def _set_mark(self, name: str, value: str) -> None:
        self._upsert(marks, [{"name": name, "value": value}])

    def _upsert(self, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
        if not rows:
            return
        statement = self._insert(table)
        keys = [column.name for column in table.primary_key]
        others = {name: statement.excluded[name] for name in rows[0] if name not in keys}
        with self._engine.begin() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=others), rows)

    def _delete(self, table: Table, ids: Sequence[str]) -> None:
        if not ids:
            return
        with self._engine.begin() as connection:
            for some in _batches(ids):
                connection.execute(delete(table).where(table.c.id.in_(some)))


def open_journal(url: str) -> SqlJournal:
    """Open the journal at that URL, making its tables; raises TerminalError when it can't be opened."""
    try:
        engine = create_engine(url)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _durable)
        make_tables(engine)
    except (SQLAlchemyError, ImportError) as error:
        message = f"the journal can't be opened: {type(error).__name__}; check JSM_SLA_BOT_JOURNAL_URL"
        raise TerminalError(message) from error
    return SqlJournal(engine)


def _durable(connection: Any, _record: object) -> None:  # noqa: ANN401 - whatever the driver connects with
    """Write-ahead log, and an intent is on disk before the note is posted."""
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")


def _batches(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
