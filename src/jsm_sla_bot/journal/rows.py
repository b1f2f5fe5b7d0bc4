"""What each part of the journal stands on: rows are kept, looked up and dropped in batches."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Select, Table, delete, update
from sqlalchemy.dialects import sqlite

from jsm_sla_bot.journal.database import Database

BATCH = 500
"""So many ids fit into one query."""


class Rows:
    """Rows in a database. Safe to use from several threads; every method raises JournalError."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._insert: Callable[[Table], Any] = sqlite.insert
        if database.engine.dialect.name == "postgresql":
            from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - `status` on SQLite starts faster without it

            self._insert = postgresql.insert

    def _first(self, query: Select[Any]) -> Any:  # noqa: ANN401 - whatever stands there
        """Return the first column of the first row; None where there is no row."""
        with self._database.reading() as connection:
            return connection.execute(query).scalar()

    def _rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        with self._database.reading() as connection:
            return connection.execute(query).all()

    def _rows_of(
        self, ids: Sequence[str], table: Table, query: Select[Any]
    ) -> Iterable[Row[Any]]:
        """Yield what the query finds for these ids."""
        with self._database.reading() as connection:
            for batch in _batches(ids):
                yield from connection.execute(
                    query.where(table.c.id.in_(batch))
                )

    def _upsert(
        self, table: Table, rows: Sequence[Mapping[str, object]]
    ) -> None:
        if not rows:
            return
        statement = self._insert(table)
        keys = [column.name for column in table.primary_key]
        others = [name for name in rows[0] if name not in keys]
        replaced = {name: statement.excluded[name] for name in others}
        upsert = statement.on_conflict_do_update(
            index_elements=keys, set_=replaced
        )
        with self._database.writing() as connection:
            connection.execute(upsert, rows)

    def _update(
        self, table: Table, ids: Sequence[str], **values: object
    ) -> None:
        with self._database.writing() as connection:
            for batch in _batches(ids):
                meant = table.c.id.in_(batch)
                connection.execute(update(table).where(meant).values(values))

    def _delete(self, table: Table, ids: Sequence[str]) -> None:
        if not ids:
            return
        with self._database.writing() as connection:
            for batch in _batches(ids):
                connection.execute(delete(table).where(table.c.id.in_(batch)))


def _batches(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
