"""The outbox in a database: each notice a row, from the intent to the receipt."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)

from jsm_sla_bot.journal.rows import BATCH, Rows
from jsm_sla_bot.journal.tables import Instant, notices
from jsm_sla_bot.ports.journal.outbox import Outgoing

MOST = 500
"""So many notices are handed out at once."""
_UNSENT = notices.c.sent.is_(None)


class SqlOutbox(Rows):
    """The port `Outbox`."""

    def put(self, found: Sequence[Outgoing]) -> None:
        """Take notices in; one that was ever taken in for its channel is not taken again."""
        if not found:
            return
        rows = [asdict(each) for each in found]
        for row in rows:
            del row["number"]
            row["is_over"] = False
        statement = self._insert(notices).on_conflict_do_nothing(
            index_elements=["channel", "id"]
        )
        with self._database.writing() as connection:
            connection.execute(statement, rows)

    def due(self, channel: str, now: datetime) -> Sequence[Outgoing]:
        """Return what may be sent now, of each story the first that is not sent; what can't wait comes first."""
        may_be_sent = and_(
            notices.c.channel == channel, _UNSENT, notices.c.after <= now
        )
        query = select(notices).where(may_be_sent, ~_is_behind())
        ordered = query.order_by(
            notices.c.is_held, notices.c.after, notices.c.number
        )
        return self._read(ordered.limit(MOST))

    def next_after(self, channel: str) -> datetime | None:
        """Return when the next notice of a channel may be sent; None where none waits."""
        waits = and_(notices.c.channel == channel, _UNSENT, ~_is_behind())
        found: datetime | None = self._first(
            select(func.min(notices.c.after)).where(waits)
        )
        return found

    def trying(
        self, found: Sequence[Outgoing], now: datetime, digest: str | None
    ) -> None:
        """Note that these are about to be sent. On disk on return."""
        at = literal(now, Instant())
        first = func.coalesce(notices.c.first_tried, at)
        self._change(
            found,
            digest=digest,
            tried=notices.c.tried + 1,
            first_tried=first,
            in_doubt=True,
        )

    def sent(
        self, found: Sequence[Outgoing], now: datetime, remote: str | None
    ) -> None:
        """Note that a service has taken these."""
        self._change(found, sent=now, remote=remote, in_doubt=False, why=None)

    def failed(
        self,
        found: Sequence[Outgoing],
        after: datetime,
        why: str,
        *,
        in_doubt: bool,
    ) -> None:
        """Note that an attempt failed, and when the next one may be made."""
        self._change(found, after=after, why=why, in_doubt=in_doubt)

    def given_up(
        self, found: Sequence[Outgoing], now: datetime, why: str
    ) -> None:
        """Note that these are not sent any more."""
        self._change(found, sent=now, why=why)

    def remote_of(self, channel: str, thread: str) -> str | None:
        """Return a service's id of a story; None where none of it was sent, or it was sent with others."""
        of_story = and_(
            notices.c.channel == channel,
            notices.c.thread == thread,
            notices.c.remote.is_not(None),
            notices.c.digest.is_(None),
        )
        query = select(notices.c.remote).where(of_story)
        found = self._first(query.order_by(notices.c.number).limit(1))
        return None if found is None else str(found)

    def open_stories(self) -> Sequence[Outgoing]:
        """Return the notices of all stories that are not ended."""
        is_open = notices.c.is_over.is_(False)
        return self._read(
            select(notices).where(is_open).order_by(notices.c.number)
        )

    def ended(self, threads: Sequence[str]) -> None:
        """Note that stories are over: what waits of them for later, or to be sent with others, is dropped."""
        with self._database.writing() as connection:
            for batch in _batches(threads):
                of_stories = notices.c.thread.in_(batch)
                waits = and_(
                    of_stories,
                    _UNSENT,
                    notices.c.tried == 0,
                    notices.c.is_end.is_(False),
                    notices.c.is_held,
                )
                connection.execute(delete(notices).where(waits))
                over = update(notices).where(of_stories)
                connection.execute(over.values(is_over=True))

    def in_digest(self, channel: str, digest: str) -> Sequence[Outgoing]:
        """Return what was sent together, of stories that are not ended."""
        together = and_(
            notices.c.channel == channel,
            notices.c.digest == digest,
            notices.c.is_over.is_(False),
        )
        return self._read(select(notices).where(together))

    def oldest_unsent(self, now: datetime) -> Mapping[str, datetime]:
        """Return since when the oldest notice that may be sent has waited, by channel."""
        waits = and_(_UNSENT, or_(notices.c.after <= now, notices.c.tried > 0))
        oldest = func.min(notices.c.made).label("oldest")
        query = select(notices.c.channel, oldest)
        found = self._rows(query.where(waits).group_by(notices.c.channel))
        return {row.channel: row.oldest for row in found}

    def forget(self, before: datetime) -> None:
        """Drop what was sent, and is ended, before an instant."""
        over = and_(notices.c.is_over, notices.c.sent < before)
        with self._database.writing() as connection:
            connection.execute(delete(notices).where(over))

    def _change(self, found: Iterable[Outgoing], **values: object) -> None:
        numbers = [each.number for each in found]
        with self._database.writing() as connection:
            for start in range(0, len(numbers), BATCH):
                batch = numbers[start : start + BATCH]
                meant = update(notices).where(notices.c.number.in_(batch))
                connection.execute(meant.values(**values))

    def _read(self, query: Select[Any]) -> Sequence[Outgoing]:
        return [_outgoing(row) for row in self._rows(query)]


def _is_behind() -> ColumnElement[bool]:
    """Tell whether an earlier notice of the same story still waits for the same channel."""
    earlier = notices.alias()
    return exists().where(
        earlier.c.channel == notices.c.channel,
        earlier.c.thread == notices.c.thread,
        earlier.c.sent.is_(None),
        earlier.c.number < notices.c.number,
    )


def _outgoing(row: Row[Any]) -> Outgoing:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
    del values["is_over"]
    return Outgoing(**values)


def _batches(texts: Sequence[str]) -> Iterable[Sequence[str]]:
    return (
        texts[start : start + BATCH] for start in range(0, len(texts), BATCH)
    )
