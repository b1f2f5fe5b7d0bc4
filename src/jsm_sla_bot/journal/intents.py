"""The intents in a database: a note that is about to be posted is on disk before it is sent."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, delete, select

from jsm_sla_bot.journal.rows import Rows
from jsm_sla_bot.journal.tables import intents


class SqlIntents(Rows):
    """The port `Intents`."""

    def unresolved(self, request_id: str) -> bool:
        """Tell whether a note to that request has an unknown outcome."""
        is_open = intents.c.comment_id.is_(None)
        query = select(intents.c.marker).where(_is_of(request_id), is_open)
        return self._first(query.limit(1)) is not None

    def intend(self, request_id: str, marker: str) -> None:
        """Journal that a note is about to be posted. On disk when this returns."""
        self._note(request_id, marker, None)

    def resolve(self, request_id: str, marker: str, comment_id: str) -> None:
        """Journal that the note stands."""
        self._note(request_id, marker, comment_id)

    def resolved(self, request_id: str) -> Mapping[str, str]:
        """Return the comment by marker of the notes to that request that are known to stand, or to have stood."""
        stands = intents.c.comment_id.is_not(None)
        columns = select(intents.c.marker, intents.c.comment_id)
        found = self._rows(columns.where(_is_of(request_id), stands))
        return {row.marker: row.comment_id for row in found}

    def drop_unresolved(self, request_id: str) -> None:
        """Forget what was never posted: the request's comments have been looked through."""
        is_open = intents.c.comment_id.is_(None)
        never = delete(intents).where(_is_of(request_id), is_open)
        with self._database.writing() as connection:
            connection.execute(never)

    def _note(
        self, request_id: str, marker: str, comment_id: str | None
    ) -> None:
        row = {
            "request_id": request_id,
            "marker": marker,
            "comment_id": comment_id,
        }
        self._upsert(intents, [row])


def _is_of(request_id: str) -> ColumnElement[bool]:
    return intents.c.request_id == request_id
