"""What an edit whose answer was lost did to the priority: told by our own changes in the history.

Raising the priority is a one-time act: an agent may have lowered it since, so it is never repeated blindly. Fields and
ledger are written in the same edit; written again they only say the same again.
"""

from collections.abc import Iterator

from jsm_sla_bot.jsm.decode.roles import account_id
from jsm_sla_bot.jsm.decode.values import PRIORITY
from jsm_sla_bot.jsm.http.rest import Rest
from jsm_sla_bot.jsm.json_values import JsonObject, rows, text
from jsm_sla_bot.jsm.metadata import Directory


class OwnRaises:
    """Our own changes of a request's priority. Each method raises as `rest.Rest` does."""

    def __init__(self, rest: Rest, directory: Directory) -> None:
        self._rest = rest
        self._directory = directory

    def of(self, issue: str, priority: str) -> frozenset[str]:
        """Return the ids of the changes with which we set that priority (an id) on a request, read at this moment."""
        own = self._directory.site().own
        return frozenset(
            text(each.get("id")) or ""
            for each in self._histories(issue)
            if account_id(each.get("author")) == own and _sets(each, priority)
        )

    def _histories(self, issue: str) -> Iterator[JsonObject]:
        for log in self._rest.bulk_changes([issue], [PRIORITY]):
            if text(log.get("issueId")) == issue:
                yield from rows(log.get("changeHistories"))


def _sets(history: JsonObject, priority: str) -> bool:
    """Tell whether a change set that priority; a history does not always name a field's id."""
    return any(
        (text(item.get("fieldId")) or text(item.get("field")) or "").casefold()
        == PRIORITY
        and text(item.get("to")) == priority
        for item in rows(history.get("items"))
    )
