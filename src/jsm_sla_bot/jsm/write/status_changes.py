"""Transitions of a request, each made once: after a lost answer the history tells whether it was made.

Accepted race: a person moves the request between our look and our transition; where that is not offered from there any
more the site refuses it.
"""

from collections.abc import Callable, Sequence

from jsm_sla_bot.jsm.decode.changelog import Change, changes
from jsm_sla_bot.jsm.decode.fields import STATUS_ID
from jsm_sla_bot.jsm.decode.roles import Cast
from jsm_sla_bot.jsm.errors import (
    ConflictError,
    ForbiddenError,
    RefusedError,
    TransientError,
    UnknownOutcomeError,
    UnreadableError,
)
from jsm_sla_bot.jsm.http.rest import Rest
from jsm_sla_bot.jsm.instants import instant
from jsm_sla_bot.jsm.json_values import JsonObject, mapping, rows, text
from jsm_sla_bot.jsm.metadata import Directory
from jsm_sla_bot.jsm.write.outcome import Outcome
from jsm_sla_bot.plan.change import Move
from jsm_sla_bot.sla.request import Role

_NO = (RefusedError, ForbiddenError)
_UPDATED_ID = "updated"


class Transitions:
    """Makes transitions. Safe to use from several threads, for different requests."""

    def __init__(self, rest: Rest, directory: Directory) -> None:
        self._rest = rest
        self._directory = directory

    def make(
        self,
        issue: str,
        wanted: str,
        outcome: Outcome,
        before: Callable[[JsonObject], None],
        at: str | None = None,
    ) -> None:
        """Bring a request to a status, deciding once more where somebody else was quicker.

        `before` is called with the transition that is about to be made. With `at` it is made only from that status.
        Raises TransientError.
        """
        for last in (False, True):
            seen = self._seen(issue)
            if _is_at(seen, wanted) or (at and not _is_at(seen, at)):
                return
            offered = self.offered(issue, wanted)
            if offered is None:
                outcome.refused.append(not_offered(wanted))
                return
            before(offered)
            try:
                self._rest.transition(issue, text(offered.get("id")) or "")
            except _NO as error:
                if last and not _is_at(self._seen(issue), wanted):
                    outcome.refused.append(f"transition: {error}")
            except (ConflictError, UnknownOutcomeError) as error:
                if self._was_made(issue, wanted, seen, error):
                    return
                if last and not _is_at(self._seen(issue), wanted):
                    raise
            else:
                outcome.writes += 1
                return

    def offered(self, issue: str, wanted: str) -> JsonObject | None:
        """Return the transition to a status that a request offers to us now. Raises TransientError."""
        offered = self._rest.transitions(issue)
        return next(
            (each for each in offered if _leads_to(each, wanted)), None
        )

    def is_as_decided(self, issue: str, move: Move) -> bool:
        """Tell whether nobody has touched a request since a transition of R11 was decided. Raises TransientError."""
        seen = self._seen(issue)
        try:
            updated = instant(seen.get(_UPDATED_ID), _UPDATED_ID)
        except UnreadableError as error:
            raise TransientError(str(error)) from error
        return _is_at(seen, move.at) and updated <= move.decided_on

    def was_made_elsewhere(
        self, issue: str, wanted: str, before: int | None
    ) -> bool:
        """Tell whether another daemon has made a transition since the request was read, undone since or not.

        `before` counts how often we had made it then; None where that is not known. Raises TransientError.
        """
        if before is None:
            return False
        try:
            ours = self._moves_of_ours(issue)
        except UnreadableError as error:
            raise TransientError(
                f"the history can't be read: {error}"
            ) from error
        there = [each for each in ours if _is(_after(each.item), wanted)]
        return len(there) > before

    def _seen(self, issue: str) -> JsonObject:
        return mapping(
            self._rest.issue(issue, [STATUS_ID, _UPDATED_ID]).get("fields")
        )

    def _was_made(
        self, issue: str, wanted: str, seen: JsonObject, error: TransientError
    ) -> bool:
        """Tell whether a transition whose answer was lost was made, though somebody may have gone back since.

        What we did after the request was `seen` can be this transition only: an earlier one is no younger than its
        `updated` then. Raises TransientError where the history can't be read.
        """
        if not isinstance(error, UnknownOutcomeError):
            return False
        try:
            since = instant(seen.get(_UPDATED_ID), _UPDATED_ID)
            return any(
                each.at >= since and _is(_after(each.item), wanted)
                for each in self._moves_of_ours(issue)
            )
        except UnreadableError as unreadable:
            raise TransientError(
                f"{error}; nor does the history tell: {unreadable}"
            ) from error

    def _moves_of_ours(self, issue: str) -> Sequence[Change]:
        """Read our own changes of a request's status. Raises UnreadableError for one without its instant."""
        site = self._directory.site()
        logs = [
            log
            for log in self._rest.bulk_changes([issue], [STATUS_ID])
            if text(log.get("issueId")) == issue
        ]
        histories = [
            each for log in logs for each in rows(log.get("changeHistories"))
        ]
        found = changes(histories, site.fields, Cast(site.own))
        return [
            each
            for each in found
            if each.field == STATUS_ID and each.role is Role.BOT
        ]


def not_offered(wanted: str) -> str:
    """Say that a workflow does not offer a transition."""
    return f"transition: none to {wanted!r} is offered"


def _leads_to(transition: JsonObject, wanted: str) -> bool:
    return transition.get("isAvailable") is not False and _is(
        mapping(transition.get("to")), wanted
    )


def _is_at(seen: JsonObject, wanted: str) -> bool:
    return _is(mapping(seen.get(STATUS_ID)), wanted)


def _after(change: JsonObject) -> JsonObject:
    """Return the status that a change in the history led to, as a request shows one."""
    return {"id": change.get("to"), "name": change.get("toString")}


def _is(status: JsonObject, wanted: str) -> bool:
    names = (text(status.get("id")), text(status.get("name")))
    return wanted.strip().casefold() in {
        each.casefold() for each in names if each
    }
