"""The agenda in a database: what time alone changes, and what is to be tried again."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import func, select

from jsm_sla_bot.journal.rows import Rows
from jsm_sla_bot.journal.tables import aside, requests
from jsm_sla_bot.ports.journal import Failure


class SqlAgenda(Rows):
    """The port `Agenda`."""

    def agenda(self, now: datetime) -> Sequence[str]:
        """Return the ids whose status changes by `now`, and those set aside whose time has come."""
        due = select(requests.c.id).where(
            requests.c.next_change_at <= now,
            requests.c.id.not_in(select(aside.c.id)),
        )
        retry = select(aside.c.id).where(aside.c.retry_at <= now)
        return [row.id for row in (*self._rows(due), *self._rows(retry))]

    def next_change_at(self) -> datetime | None:
        """Return the next instant at which the agenda has something to do."""
        due = select(func.min(requests.c.next_change_at)).where(
            requests.c.id.not_in(select(aside.c.id))
        )
        retry = select(func.min(aside.c.retry_at))
        instants = [self._first(due), self._first(retry)]
        return min(
            (each for each in instants if each is not None), default=None
        )

    def set_aside(self, failures: Sequence[Failure]) -> None:
        """Keep these failures."""
        self._upsert(aside, [asdict(failure) for failure in failures])

    def set_aside_requests(self) -> Sequence[Failure]:
        """Return every request that is set aside, the next to be retried first."""
        found = self._rows(select(aside).order_by(aside.c.retry_at))
        return [Failure(**row._mapping) for row in found]  # noqa: SLF001 - SQLAlchemy's public name

    def failures_of(self, ids: Sequence[str]) -> Mapping[str, Failure]:
        """Return those of these requests that are set aside, by id."""
        found = self._rows_of(ids, aside, select(aside))
        return {row.id: Failure(**row._mapping) for row in found}  # noqa: SLF001 - SQLAlchemy's public name

    def pardon(self, ids: Sequence[str]) -> None:
        """No longer keep these requests as set aside, and await nothing of them until somebody touches them."""
        if not ids:
            return
        self._delete(aside, ids)
        self._update(requests, ids, next_change_at=None)
