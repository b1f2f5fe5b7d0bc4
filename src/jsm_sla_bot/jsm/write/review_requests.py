"""Raises requests for reviews, and closes the younger of two (D29).

A request is raised in one call, with its label and organization, by which it is found again. One that stands twice
loses its label first, so that its closing is not taken for a review that was done; then it is closed. Each step can be
repeated. Known race: two bots that raise the same request in the same second; the next look of either closes the
younger.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

import structlog

from jsm_sla_bot.jsm.decode import adf
from jsm_sla_bot.jsm.decode.fields import ASSIGNEE_ID, LABELS_ID
from jsm_sla_bot.jsm.errors import RefusedError, UnknownOutcomeError
from jsm_sla_bot.jsm.http.rest import Rest
from jsm_sla_bot.jsm.json_values import Json, JsonObject, mapping, text
from jsm_sla_bot.jsm.metadata import Directory
from jsm_sla_bot.ports.review_desk import Draft
from jsm_sla_bot.ports.review_names import DUPLICATE
from jsm_sla_bot.ports.site import Fetched, HistorySource, Seen
from jsm_sla_bot.sla.request import Phase

_log = structlog.get_logger(__name__)
BEHIND = 39
AHEAD = 60
"""So many keys before and after the youngest that the index knows are looked at: it may be late."""


class ReviewRequests:
    """A `ReviewDesk` over Jira."""

    def __init__(
        self, rest: Rest, directory: Directory, source: HistorySource
    ) -> None:
        self._rest = rest
        self._directory = directory
        self._source = source

    def labelled(self, labels: Collection[str]) -> Iterable[Seen]:
        """Find every request that carries one of these labels, in whatever state."""
        return self._source.labelled(labels)

    def fetch(self, ids: Sequence[str]) -> Fetched:
        """Read these requests, by id or key, from the database."""
        return self._source.fetch(ids)

    def youngest_keys(self, project: str) -> Sequence[str]:
        """Return the keys that the youngest requests of a project have or may have, known to the index or not."""
        jql = f'project = "{project}" ORDER BY created DESC, key DESC'
        row = next(iter(self._rest.search(jql, [LABELS_ID], 1)), {})
        _, _, number = (text(row.get("key")) or "").rpartition("-")
        last = int(number) if number.isdigit() else 0
        first = max(1, last - BEHIND)
        return [f"{project}-{each}" for each in range(first, last + AHEAD + 1)]

    def raise_request(self, draft: Draft) -> str | None:
        """Raise a request and return its id; None where the answer was lost.

        Where the site does not take the assignee it is raised without. Raises as `rest.Rest` does.
        """
        fields = self._fields(draft)
        try:
            return self._raised(fields)
        except RefusedError as error:
            if not draft.assignee:
                raise
            _log.warning("review_unassigned", why=str(error))
        del fields[ASSIGNEE_ID]
        return self._raised(fields)

    def _raised(self, fields: Mapping[str, Json]) -> str | None:
        try:
            made = self._rest.create_issue({"fields": dict(fields)})
        except UnknownOutcomeError as error:
            _log.warning("review_answer_lost", why=str(error))
            return None
        return text(made.get("id"))

    def _fields(self, draft: Draft) -> dict[str, Json]:
        organizations = self._directory.site().fields.organizations.id
        fields: dict[str, Json] = {
            "project": {"key": draft.project},
            "issuetype": {"name": draft.issue_type},
            "summary": draft.summary,
            "description": adf.document([draft.description]),
            LABELS_ID: [draft.label],
            organizations: [int(draft.organization)],
        }
        if draft.assignee:
            fields[ASSIGNEE_ID] = {"accountId": draft.assignee}
        return fields

    def retire(self, request_id: str, label: str, of: str) -> bool:
        """Close a request of ours as a duplicate; tell whether it was one of ours. Raises as `rest.Rest` does."""
        seen = mapping(
            self._rest.issue(
                request_id, [LABELS_ID, "creator", "summary"]
            ).get("fields")
        )
        creator = text(mapping(seen.get("creator")).get("accountId"))
        if creator != self._directory.site().own:
            return False
        if of:
            self._rest.edit(request_id, _as_duplicate(seen, label, of))
        offered = self._rest.transitions(request_id)
        closing = next(filter(self._closes, offered), None)
        if closing is None:
            _log.warning(
                "review_duplicate_left_open",
                issue=request_id,
                why="its workflow offers us no transition to a closed status",
            )
            return True
        self._rest.transition(request_id, text(closing.get("id")) or "")
        return True

    def _closes(self, transition: JsonObject) -> bool:
        """Tell whether a transition closes a request without declining it."""
        if transition.get("isAvailable") is False:
            return False
        to = mapping(transition.get("to"))
        known = {
            name.casefold(): phase
            for name, phase in self._directory.site().desk.statuses.items()
        }
        names = (text(to.get("id")), text(to.get("name")))
        phases = [
            known[each.casefold()]
            for each in names
            if each and each.casefold() in known
        ]
        return Phase.CLOSED in phases


def _as_duplicate(seen: JsonObject, label: str, of: str) -> JsonObject:
    """Return the edit that takes the label off, and says of which request it is a duplicate."""
    summary = text(seen.get("summary")) or ""
    labels = seen.get(LABELS_ID)
    kept = (
        [each for each in labels if isinstance(each, str)]
        if isinstance(labels, list)
        else []
    )
    worn = [each for each in kept if each.casefold() == label.casefold()]
    operations: list[Json] = [{"remove": each} for each in worn]
    operations.append({"add": label + DUPLICATE})
    return {
        "fields": {"summary": f"Duplicate of {of}: {summary}"[:255]},
        "update": {LABELS_ID: operations},
    }
