"""Last step towards Jira: one plan, written in an order in which no crash loses or doubles anything.

The internal note, the public one, the transition, then one PUT that sets fields, priority and ledger together: the
ledger confirms what has happened. A transition of R11 is looked for before the customer reads of it. What the site
refuses is tried again at each look; where nothing else is left, nothing is written.
"""

from collections.abc import Mapping

import structlog

from jsm_sla_bot.jsm.errors import (
    ForbiddenError,
    NotesStoppedError,
    RefusedError,
    TransientError,
)
from jsm_sla_bot.jsm.http.rest import Rest
from jsm_sla_bot.jsm.http.urgency import urgency
from jsm_sla_bot.jsm.json_values import JsonObject, mapping, text
from jsm_sla_bot.jsm.metadata import Directory
from jsm_sla_bot.jsm.write.edit import Edit
from jsm_sla_bot.jsm.write.exposure import Exposure
from jsm_sla_bot.jsm.write.notes import Notes
from jsm_sla_bot.jsm.write.outcome import Outcome
from jsm_sla_bot.jsm.write.status_changes import Transitions, not_offered
from jsm_sla_bot.plan.change import Move, Note, Plan
from jsm_sla_bot.plan.markers import Audience
from jsm_sla_bot.ports.journal import Intents, JournalError
from jsm_sla_bot.ports.site import Receipt

_log = structlog.get_logger(__name__)
_NO = (RefusedError, ForbiddenError)
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
        self._notes = Notes(
            rest, intents, exposure, lambda: directory.site().own
        )
        self._edits = Edit(rest, directory)
        self._transitions = Transitions(rest, directory)

    def apply(self, plan: Plan) -> Receipt:
        """Write one plan; safe to repeat after any outcome.

        Raises TransientError, TerminalError, IdentityError.

        What the site refuses is left out and listed in the receipt. A note that may not be written any
        more or can't be journalled, or a note or transition that fails for now, does not keep the fields and the
        ledger from telling the truth: the error follows after them, and a TransientError says how much it `wrote`.
        """
        outcome = Outcome()
        with urgency(plan.urgency):
            plan = self._prepared(plan, outcome)
            if plan.notes or plan.move:
                self._say(plan, outcome)
            if isinstance(outcome.failure, JournalError):
                plan = _without_escalation(plan, outcome)
            if plan.transition_to:
                self._escalate(plan, plan.transition_to, outcome)
            if plan.move:
                self._move(plan, plan.move, outcome)
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

    def _say(self, plan: Plan, outcome: Outcome) -> None:
        """Write notes, each for itself, after one look at what stands already, and at what may be written later."""
        later = plan.move.otherwise if plan.move else None
        looked_for = (*plan.notes, later) if later else plan.notes
        try:
            outcome.notes = self._notes.said(plan.id, looked_for)
        except (NotesStoppedError, TransientError) as error:
            outcome.fail(error)
            return
        except _NO as error:
            outcome.refused.append(f"note: {error}")
            return
        for note in plan.notes:
            self._note(plan.id, note, outcome)

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
        issue, seen = plan.id, plan.moves_seen
        try:
            if not self._transitions.was_made_elsewhere(issue, wanted, seen):
                self._transition(plan, wanted, outcome)
        except TransientError as error:
            outcome.escalated = False
            outcome.fail(error)

    def _transition(
        self, plan: Plan, wanted: str, outcome: Outcome, at: str | None = None
    ) -> None:
        def before(offered: JsonObject) -> None:
            self._edit_before(plan, offered, outcome)

        self._transitions.make(plan.id, wanted, outcome, before, at)

    def _prepared(self, plan: Plan, outcome: Outcome) -> Plan:
        """Return the plan with its transition of R11, if that is offered and nobody has acted since it was decided.

        Else without it, and without the note that the customer would read with it; agents read why (D26, D27).
        """
        move = plan.move
        if move is None:
            return plan
        try:
            if not self._transitions.is_as_decided(plan.id, move):
                return plan.without_closing()
            if self._transitions.offered(plan.id, move.to):
                return plan
        except TransientError as error:
            outcome.fail(error)
            return plan.without_closing()
        outcome.refused.append(not_offered(move.to))
        return plan.without_closing().with_note(move.otherwise)

    def _move(self, plan: Plan, move: Move, outcome: Outcome) -> None:
        """Make a transition of R11, once the note that it waits for stands; where it is refused, say so to agents."""
        if not move.may_be_made(outcome.notes):
            return
        refused = len(outcome.refused)
        issue = plan.id
        try:
            if not self._transitions.was_made_elsewhere(
                issue, move.to, move.seen
            ):
                self._transition(plan, move.to, outcome, move.at)
        except TransientError as error:
            outcome.fail(error)
        if len(outcome.refused) > refused and move.otherwise:
            self._note(issue, move.otherwise, outcome)

    def _edit(self, plan: Plan, outcome: Outcome) -> None:
        """Write fields, priority and ledger; the ledger alone where the fields were written before."""
        ledger = plan.confirmed_ledger(
            outcome.notes, is_escalated=outcome.escalated
        )
        labels = plan.clearing.now(outcome.notes) if plan.clearing else ()
        if outcome.is_edited and ledger == outcome.ledger:
            return
        write = self._edits.confirm if outcome.is_edited else self._edits.write
        edited = write(plan, ledger, labels)
        outcome.ledger = ledger
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


def _is_done(transition: JsonObject) -> bool:
    """Tell whether a transition leads to a done status, where nothing may be editable any more."""
    category = mapping(mapping(transition.get("to")).get("statusCategory"))
    return text(category.get("key")) == "done"
