"""Last step towards Jira: one plan, written in an order in which no crash loses or doubles anything.

The internal note, the public one, the transition, then one PUT that sets fields, priority and ledger together: the
ledger confirms what has happened. What the site refuses is tried again at each look; where nothing else is left,
nothing is written.
"""

from collections.abc import Mapping, Sequence

import structlog

from jsm_sla_bot.jsm.decode.changelog import Change, changes
from jsm_sla_bot.jsm.decode.fields import STATUS_ID
from jsm_sla_bot.jsm.decode.roles import Cast
from jsm_sla_bot.jsm.errors import (
    ConflictError,
    ForbiddenError,
    NotesStoppedError,
    RefusedError,
    TransientError,
    UnknownOutcomeError,
    UnreadableError,
)
from jsm_sla_bot.jsm.http.rest import Rest
from jsm_sla_bot.jsm.http.urgency import urgency
from jsm_sla_bot.jsm.instants import instant
from jsm_sla_bot.jsm.json_values import JsonObject, mapping, rows, text
from jsm_sla_bot.jsm.metadata import Directory
from jsm_sla_bot.jsm.write.edit import Edit
from jsm_sla_bot.jsm.write.exposure import Exposure
from jsm_sla_bot.jsm.write.notes import Notes
from jsm_sla_bot.jsm.write.outcome import Outcome
from jsm_sla_bot.plan.change import Note, Plan
from jsm_sla_bot.plan.markers import Audience
from jsm_sla_bot.ports.journal import Intents, JournalError
from jsm_sla_bot.ports.site import Receipt
from jsm_sla_bot.sla.request import Role

_log = structlog.get_logger(__name__)
_NO = (RefusedError, ForbiddenError)
_UPDATED_ID = "updated"
_NAMES = {Audience.INTERNAL: "note", Audience.PUBLIC: "public note"}
"""What a note is called where the site refuses it."""


class Apply:
    """A `ChangeSink` over Jira. Safe to use from several threads, for different requests."""

    def __init__(
        self,
        rest: Rest,
        directory: Directory,
        intents: Intents,
        exposure: Exposure,
    ) -> None:
        self._rest = rest
        self._directory = directory
        self._notes = Notes(
            rest, intents, exposure, lambda: directory.site().own
        )
        self._edits = Edit(rest, directory)

    def apply(self, plan: Plan) -> Receipt:
        """Write one plan; safe to repeat after any outcome.

        Raises TransientError, TerminalError, IdentityError.

        What the site refuses is left out and listed in the receipt. A note that may not be written any
        more or can't be journalled, or a note or transition that fails for now, does not keep the fields and the
        ledger from telling the truth: the error follows after them, and a TransientError says how much it `wrote`.
        """
        outcome = Outcome()
        with urgency(plan.urgency):
            if plan.notes:
                self._say(plan.id, plan.notes, outcome)
            if isinstance(outcome.failure, JournalError):
                plan = _without_escalation(plan, outcome)
            if plan.transition_to:
                self._escalate(plan, plan.transition_to, outcome)
            self._edit(plan, outcome)
        outcome.check()
        return Receipt(
            plan.key,
            outcome.writes,
            outcome.notes,
            tuple(outcome.refused),
            is_frozen=outcome.is_frozen,
        )

    def standing(
        self, request_id: str, claimed: Mapping[str, str]
    ) -> Mapping[str, str]:
        """Return which markers comments of ours carry, with the comment's id. Raises as `apply` does."""
        return self._notes.standing(request_id, claimed)

    def tidy(self, request_id: str) -> int:
        """Delete notes that are public, and the younger of those that stand twice; return how many.

        Raises as `apply` does, TransientError where a public one still stands.
        """
        return self._notes.tidy(request_id)

    def _say(
        self, issue: str, notes: Sequence[Note], outcome: Outcome
    ) -> None:
        """Write notes, each for itself, after one look at what stands already."""
        try:
            outcome.notes = self._notes.said(issue, notes)
        except (NotesStoppedError, TransientError) as error:
            outcome.fail(error)
            return
        except _NO as error:
            outcome.refused.append(f"note: {error}")
            return
        for note in notes:
            self._note(issue, note, outcome)

    def _note(self, issue: str, note: Note, outcome: Outcome) -> None:
        unsaid = note.unsaid(outcome.notes)
        if unsaid is None:
            return
        try:
            written = self._notes.write(issue, unsaid)
        except (NotesStoppedError, TransientError) as error:
            outcome.fail(error)
        except _NO as error:
            outcome.refused.append(f"{_NAMES[note.audience]}: {error}")
        else:
            outcome.notes = {**outcome.notes, **written}
            outcome.writes += 1

    def _escalate(self, plan: Plan, wanted: str, outcome: Outcome) -> None:
        try:
            if not self._was_moved_elsewhere(plan, wanted):
                self._transition(plan, wanted, outcome)
        except TransientError as error:
            outcome.escalated = False
            outcome.fail(error)

    def _transition(self, plan: Plan, wanted: str, outcome: Outcome) -> None:
        """Bring the request to a status, deciding once more where somebody else was quicker."""
        for last in (False, True):
            seen = self._seen(plan.id)
            if _is_at(seen, wanted):
                return
            offered = self._offered(plan.id, wanted)
            if offered is None:
                outcome.refused.append(
                    f"transition: none to {wanted!r} is offered"
                )
                return
            self._edit_before(plan, offered, outcome)
            try:
                self._rest.transition(plan.id, text(offered.get("id")) or "")
            except _NO as error:
                if last and not _is_at(self._seen(plan.id), wanted):
                    outcome.refused.append(f"transition: {error}")
            except (ConflictError, UnknownOutcomeError) as error:
                if self._was_made(plan.id, wanted, seen, error):
                    return
                if last and not _is_at(self._seen(plan.id), wanted):
                    raise
            else:
                outcome.writes += 1
                return

    def _was_moved_elsewhere(self, plan: Plan, wanted: str) -> bool:
        """Tell whether another daemon has made the transition since the request was read, undone since or not."""
        if plan.moves_seen is None:
            return False
        try:
            ours = self._moves_of_ours(plan.id)
        except UnreadableError as error:
            raise TransientError(
                f"the history can't be read: {error}"
            ) from error
        there = [each for each in ours if _is(_after(each.item), wanted)]
        return len(there) > plan.moves_seen

    def _offered(self, issue: str, wanted: str) -> JsonObject | None:
        """Return the transition to a status that a request offers to us now."""
        offered = self._rest.transitions(issue)
        return next(
            (each for each in offered if _leads_to(each, wanted)), None
        )

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

    def _edit(self, plan: Plan, outcome: Outcome) -> None:
        """Write fields, priority and ledger; the ledger alone where the fields were written before."""
        ledger = plan.confirmed_ledger(
            outcome.notes, is_escalated=outcome.escalated
        )
        labels = plan.clearing.now(outcome.notes) if plan.clearing else ()
        write = self._edits.confirm if outcome.is_edited else self._edits.write
        edited = write(plan, ledger, labels)
        outcome.writes += edited.writes
        outcome.refused += edited.refused
        outcome.is_frozen |= edited.is_frozen

    def _edit_before(
        self, plan: Plan, offered: JsonObject, outcome: Outcome
    ) -> None:
        """Write, before a transition to a done status, what may not be written there any more."""
        if outcome.is_edited or not _is_done(offered):
            return
        outcome.escalated = False
        self._edit(plan, outcome)
        outcome.escalated = True
        outcome.is_edited = True


def _without_escalation(plan: Plan, outcome: Outcome) -> Plan:
    """Return what needs no intent: while the journal keeps none, an escalation waits for the note that says why."""
    outcome.escalated = False
    return plan.without_escalation()


def _leads_to(transition: JsonObject, wanted: str) -> bool:
    return transition.get("isAvailable") is not False and _is(
        mapping(transition.get("to")), wanted
    )


def _is_done(transition: JsonObject) -> bool:
    """Tell whether a transition leads to a done status, where nothing may be editable any more."""
    category = mapping(mapping(transition.get("to")).get("statusCategory"))
    return text(category.get("key")) == "done"


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
