"""Last step towards Jira: one plan, written in an order in which no crash loses or doubles anything.

Note, transition, then one PUT that sets fields, priority and ledger together: the ledger confirms what has
happened.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import structlog

from jsm_sla_bot.jsm.comments import PROPERTY
from jsm_sla_bot.jsm.directory import Directory
from jsm_sla_bot.jsm.errors import (
    ConflictError,
    ForbiddenError,
    NotesStoppedError,
    RefusedError,
    TransientError,
    UnknownOutcomeError,
)
from jsm_sla_bot.jsm.fields import STATUS_ID
from jsm_sla_bot.jsm.notes import Notes
from jsm_sla_bot.jsm.rest import Rest
from jsm_sla_bot.jsm.shapes import Json, JsonObject, mapping, text
from jsm_sla_bot.jsm.values import body
from jsm_sla_bot.plan.change import Plan
from jsm_sla_bot.plan.ledger import Ledger
from jsm_sla_bot.ports import Intents, Receipt

_log = structlog.get_logger(__name__)
_NO = (RefusedError, ForbiddenError)


@dataclass(slots=True)
class _Outcome:
    """What has been written of a plan so far. `failure` is raised once everything else stands."""

    writes: int = 0
    notes: Mapping[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    escalated: bool = True
    confirms: bool = True
    failure: Exception | None = None


class Apply:
    """A `ChangeSink` over Jira. Safe to use from several threads, for different requests."""

    def __init__(self, rest: Rest, directory: Directory, intents: Intents) -> None:
        self._rest = rest
        self._directory = directory
        self._notes = Notes(rest, intents)

    def apply(self, plan: Plan) -> Receipt:
        """Write one plan; safe to repeat after any outcome.

        Raises TransientError, TerminalError, IdentityError.

        What the site refuses is left out and listed in the receipt. A note that may not be written any more,
        or a transition that fails for now, does not keep the fields from telling the truth: the error follows
        after them.
        """
        outcome = _Outcome()
        if plan.note:
            self._note(plan, outcome)
        if plan.transition_to:
            self._escalate(plan, plan.transition_to, outcome)
        self._edit(plan, outcome)
        if outcome.failure:
            raise outcome.failure
        return Receipt(plan.key, outcome.writes, outcome.notes, tuple(outcome.refused))

    def tidy(self, request_id: str) -> int:
        """Delete the younger of notes that stand twice; return how many. Raises as `apply` does."""
        return self._notes.tidy(request_id)

    def _note(self, plan: Plan, outcome: _Outcome) -> None:
        if plan.note is None:
            return
        try:
            outcome.notes, written = self._notes.write(plan.id, plan.note)
            outcome.writes += written
        except NotesStoppedError as error:
            outcome.failure, outcome.confirms = error, False
        except _NO as error:
            outcome.refused.append(f"note: {error}")

    def _escalate(self, plan: Plan, wanted: str, outcome: _Outcome) -> None:
        try:
            self._transition(plan, wanted, outcome)
        except TransientError as error:
            outcome.failure, outcome.escalated = outcome.failure or error, False

    def _transition(self, plan: Plan, wanted: str, outcome: _Outcome) -> None:
        """Bring the request to a status, deciding once more where somebody else was quicker."""
        for last in (False, True):
            if self._is_at(plan.id, wanted):
                return
            offered = next((each for each in self._rest.transitions(plan.id) if _leads_to(each, wanted)), None)
            if offered is None:
                outcome.refused.append(f"transition: none to {wanted!r} is offered")
                return
            try:
                self._rest.transition(plan.id, text(offered.get("id")) or "")
            except _NO as error:
                if last and not self._is_at(plan.id, wanted):
                    outcome.refused.append(f"transition: {error}")
            except (ConflictError, UnknownOutcomeError):
                if last and not self._is_at(plan.id, wanted):
                    raise
            else:
                outcome.writes += 1
                return

    def _is_at(self, issue: str, wanted: str) -> bool:
        status = mapping(mapping(self._rest.issue(issue, [STATUS_ID]).get("fields")).get(STATUS_ID))
        return _is(status, wanted)

    def _edit(self, plan: Plan, outcome: _Outcome) -> None:
        """Write fields, priority and ledger in one PUT, then the rest if the site refuses some of it."""
        values = dict(body(plan, self._directory.site().fields))
        ledger = _confirmed(plan.ledger, outcome) if outcome.confirms else None
        if not values and ledger is None:
            return
        try:
            self._put(plan.id, values, ledger, outcome)
        except RefusedError as error:
            named = [name for name in error.errors if name in values]
            if not named:
                raise
            outcome.refused += [f"{self._name(name)}: {error.errors[name]}" for name in named]
            _log.warning("jira_fields_refused", key=plan.key, fields=named)
            rest = {name: value for name, value in values.items() if name not in named}
            if rest or ledger is not None:
                self._put(plan.id, rest, self._without(ledger, named), outcome)

    def _name(self, identity: str) -> str:
        outputs = self._directory.site().fields.outputs.values()
        return next((f"{each.name} ({each.id})" for each in outputs if each.id == identity), identity)

    def _without(self, ledger: Ledger | None, refused: Sequence[str]) -> Ledger | None:
        """Return the ledger without the claim that those fields were written."""
        outputs = self._directory.site().fields.outputs
        names = {str(name) for name, each in outputs.items() if each.id in refused}
        return ledger and replace(ledger, written={k: v for k, v in ledger.written.items() if k not in names})

    def _put(self, issue: str, values: Mapping[str, Json], ledger: Ledger | None, outcome: _Outcome) -> None:
        written: dict[str, Any] = {"fields": dict(values)}
        if ledger is not None:
            written["properties"] = [{"key": PROPERTY, "value": ledger.to_json()}]
        self._rest.edit(issue, written)
        outcome.writes += 1


def _confirmed(ledger: Ledger | None, outcome: _Outcome) -> Ledger | None:
    if ledger is None:
        return None
    noted = ledger.with_notes(outcome.notes)
    return noted if outcome.escalated else replace(noted, escalated=False)


def _leads_to(transition: JsonObject, wanted: str) -> bool:
    return transition.get("isAvailable") is not False and _is(mapping(transition.get("to")), wanted)


def _is(status: JsonObject, wanted: str) -> bool:
    names = (text(status.get("id")), text(status.get("name")))
    return wanted.strip().casefold() in {each.casefold() for each in names if each}
