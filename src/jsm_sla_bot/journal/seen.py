"""What was last seen of each request, in a database."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select

from jsm_sla_bot.journal.rows import Rows
from jsm_sla_bot.journal.tables import aside, requests
from jsm_sla_bot.ports.journal import Entry


class SqlSeenRequests(Rows):
    """The port `SeenRequests`."""

    def record(self, entries: Sequence[Entry]) -> None:
        """Keep the outcome for these requests; a request recorded is no longer set aside."""
        self._upsert(requests, [asdict(entry) for entry in entries])
        self._delete(aside, [entry.id for entry in entries])

    def updated_of(self, ids: Sequence[str]) -> Mapping[str, datetime]:
        """Return the `updated` with which these requests were last worked through."""
        query = select(requests.c.id, requests.c.updated)
        return {
            row.id: row.updated for row in self._rows_of(ids, requests, query)
        }

    def changes_of(
        self, ids: Sequence[str], after: datetime
    ) -> Mapping[str, datetime]:
        """Return when the status of these requests changes by itself, of those where that is `after` an instant."""
        upcoming = requests.c.next_change_at
        query = select(requests.c.id, upcoming).where(upcoming > after)
        found = self._rows_of(ids, requests, query)
        return {row.id: row.next_change_at for row in found}

    def frozen_in(self, ids: Sequence[str]) -> Mapping[str, str]:
        """Return the status in which the site took no edit, of those of these requests that were given up."""
        frozen = requests.c.frozen_in
        query = select(requests.c.id, frozen).where(frozen.is_not(None))
        return {
            row.id: row.frozen_in
            for row in self._rows_of(ids, requests, query)
        }

    def remarked(self) -> Sequence[Entry]:
        """Return the requests of which something is left as it is, by key."""
        is_remarked = requests.c.remark.is_not(None)
        query = select(requests).where(is_remarked).order_by(requests.c.key)
        return [Entry(**row._mapping) for row in self._rows(query)]  # noqa: SLF001 - SQLAlchemy's public name

    def open_ids(self) -> Sequence[str]:
        """Return the ids of the requests that were open when last seen."""
        query = select(requests.c.id).where(requests.c.is_open)
        return [row.id for row in self._rows(query)]

    def forget(self, ids: Sequence[str]) -> None:
        """Drop requests that Jira says are gone, or that are no longer ours."""
        self._delete(requests, ids)
        self._delete(aside, ids)
