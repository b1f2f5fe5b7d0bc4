"""What is shown, what differs, and what is to be written: small values that carry old and new."""

from collections.abc import Container, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import IntEnum
from typing import NamedTuple

from jsm_sla_bot.plan.blocks import Mention
from jsm_sla_bot.plan.fields import FieldValue, SlaField
from jsm_sla_bot.plan.ledger import Ledger, ToldEta
from jsm_sla_bot.plan.move import Move
from jsm_sla_bot.plan.note import Note, Part
from jsm_sla_bot.sla.assessment import MetricName, SlaStatus

__all__ = [
    "Clearing",
    "Evidence",
    "FieldChange",
    "Move",
    "Note",
    "Part",
    "Place",
    "Plan",
    "PriorityChange",
    "Shown",
    "Step",
    "Urgency",
]


class Urgency(IntEnum):
    """What is written first where the site takes fewer writes than there are."""

    BREACH = 0
    """A breach or an escalation."""
    AT_RISK = 1
    ORDINARY = 2


class Place(NamedTuple):
    """Where the site keeps a field of the bot's."""

    id: str
    name: str


class Step(NamedTuple):
    """What a status or priority came to be, by id and name (casefolded), when (aware UTC), and whether by us."""

    at: datetime
    words: frozenset[str]
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a request itself shows of what its ledger may claim.

    `answers` are the instants at which somebody who may have been an agent said or did what may acknowledge. `told` is
    the last value of *Response SLA* that we wrote. `statuses` and `priorities` begin with what held at the report.
    `markers` maps those that our standing comments carry to the comment's id; None where nobody has looked.
    """

    answers: frozenset[datetime] = frozenset()
    told: str | None = None
    statuses: tuple[Step, ...] = ()
    priorities: tuple[Step, ...] = ()
    is_ledger_unreadable: bool = False
    is_ledger_newer: bool = False
    """The ledger is one of a newer version of the bot: it can't be read, and may not be written over."""
    markers: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """What Jira shows of the bot's own work on one request.

    `fields` has the fields that exist on the site and only those (a missing key is never written); instants
    are aware UTC. `places` tells what they are called there. `priority` and `highest_priority` are ids; None where
    unknown; their names on the site are empty where unknown. `status` is the name of the workflow status. `ignored`
    tells that a person took the request out with the label for it.
    """

    fields: Mapping[SlaField, FieldValue]
    ledger: Ledger | None = None
    priority: str | None = None
    highest_priority: str | None = None
    priority_name: str = ""
    highest_priority_name: str = ""
    status: str = ""
    ignored: bool = False
    places: Mapping[SlaField, Place] = field(default_factory=dict)
    comments: Mapping[str, bool] = field(default_factory=dict)
    """The ids of our own comments there, and whether a customer can read them."""
    evidence: Evidence | None = None
    absent: frozenset[SlaField] = frozenset()
    """The fields that the site has and this request has not: they can't be written."""
    said_at: Mapping[str, datetime] = field(default_factory=dict)
    """When our own comments were written, by their ids (aware UTC)."""
    assignee: Mention | None = None
    """Who works on the request; None where nobody does, or nothing is ever said to them."""

    @property
    def is_ledger_newer(self) -> bool:
        """Whether the ledger is one of a newer version of the bot."""
        return self.evidence is not None and self.evidence.is_ledger_newer

    @property
    def is_blind(self) -> bool:
        """Whether none of the bot's fields can be seen on this request."""
        return bool(self.absent) and not self.fields


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field, old and new."""

    field: SlaField
    old: FieldValue
    new: FieldValue


@dataclass(frozen=True, slots=True)
class PriorityChange:
    """The priority raised to the highest that the project has: ids, and names for people where they are known."""

    old: str | None
    new: str
    old_name: str = ""
    new_name: str = ""


@dataclass(frozen=True, slots=True)
class Clearing:
    """Labels to be taken off, spelled as the request has them, once a note with that marker stands.

    `awaits` is empty where the note stands already.
    """

    labels: tuple[str, ...]
    awaits: str = ""

    def now(self, notes: Container[str]) -> tuple[str, ...]:
        """Return what may be taken off where these markers stand."""
        stands = not self.awaits or self.awaits in notes
        return self.labels if stands else ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything to be written to one request; empty when Jira already says so.

    Order of writing: the internal note, the public one, the transition, then one PUT with fields, priority, ledger and
    a label taken off: the ledger confirms last what has happened. `had` is the ledger that the request shows; `ledger`
    is None when it need not be written. Its `notes` gain the written comments' ids, its new rungs stand only if their
    note does, its `escalated` only if the transition was made or is not offered. `escalating` are the metrics whose
    escalation this plan makes, `raising` those that ask for the priority.
    """

    id: str
    key: str
    note: Note | None = None
    transition_to: str | None = None
    fields: tuple[FieldChange, ...] = ()
    priority: PriorityChange | None = None
    ledger: Ledger | None = None
    had: Ledger | None = None
    rewrites: bool = field(default=False)
    """A request that we know gets another tier, target or due time, or a public note, by another policy than the one
    that it shows: what the budget counts where no policy is in force."""
    escalating: frozenset[MetricName] = frozenset()
    raising: frozenset[MetricName] = frozenset()
    insisted: tuple[str, ...] = ()
    """Names of fields that differ and are left alone, since people insist."""
    public: Note | None = None
    """What the customer reads: one comment at most, next to the internal note (D18)."""
    clearing: Clearing | None = None
    """The label by which an agent asked why, to be taken off."""
    move: Move | None = None
    """The transition by which a dormant request is closed or reopened; never next to an escalation (R11)."""
    moves_seen: int | None = None
    raises_seen: int | None = None
    """How often we had moved the request to `transition_to`, or raised it to `priority`, when it was read: what has
    come since was done by another daemon. None where its history is not known."""

    def __bool__(self) -> bool:
        return bool(
            self.notes
            or self.transition_to
            or self.fields
            or self.priority
            or self.ledger
            or self.clearing
            or self.move
        )

    @property
    def notes(self) -> tuple[Note, ...]:
        """The notes to be written, the internal one first."""
        return tuple(note for note in (self.note, self.public) if note)

    @property
    def is_visible(self) -> bool:
        """Whether anybody can see on the request that the plan was written: more than the ledger changes."""
        return bool(
            self.notes
            or self.transition_to
            or self.fields
            or self.priority
            or self.clearing
            or self.move
        )

    def without_closing(self) -> "Plan":
        """Return the plan without the transition of R11 and without the note that the customer reads with it."""
        if self.move is None:
            return self
        awaited = self.move.awaits
        said = self.public.parts if self.public else ()
        parts = tuple(part for part in said if awaited not in part.markers)
        public = replace(self.public, parts=parts) if self.public else None
        return replace(self, move=None, public=public if parts else None)

    def with_note(self, note: Note | None) -> "Plan":
        """Return the plan with what agents read, too."""
        if note is None or self.note is None:
            return replace(self, note=note or self.note)
        parts = (*self.note.parts, *note.parts)
        return replace(self, note=replace(self.note, parts=parts))

    def without_ledger(self) -> "Plan":
        """Return the plan without the ledger, for a request whose ledger is not ours to write."""
        return replace(self, ledger=None, had=None)

    def is_worth_a_write(self, *, is_blind: bool) -> bool:
        """Whether the ledger has to be written: it differs or a note comes with it, and somebody sees why.

        `is_blind`: none of the bot's fields can be seen, so that a ledger alone would record what nobody was shown.
        """
        is_known = self.ledger == self.had and not self.notes
        return not is_known and (self.is_visible or not is_blind)

    def confirmed_ledger(
        self, notes: Mapping[str, str], *, is_escalated: bool
    ) -> Ledger | None:
        """Return the ledger with only what really happened: notes that stand, and rungs whose note stands.

        `notes` maps the markers that stand to comment ids; `is_escalated`: the transition was made or is not offered.
        """
        ledger = self.ledger or self.had
        if ledger is None:
            return None
        unsaid = self.note.unsaid_rungs(notes) if self.note else frozenset()
        happened = ledger.with_notes(notes).without_rungs(unsaid)
        happened = happened.with_etas(self._told(notes))
        if is_escalated:
            return happened
        is_raised = self.priority is not None
        return happened.unescalated(self.escalating, is_raised=is_raised)

    def _told(self, notes: Container[str]) -> list[ToldEta]:
        """Return the ETAs that the customer has read where these markers stand."""
        parts = self.public.parts if self.public else ()
        return [
            part.told for part in parts if part.told and part.is_said(notes)
        ]

    def without_escalation(self) -> "Plan":
        """Return the plan without its escalation, which then stays open."""
        ledger = self.ledger
        if ledger is not None:
            ledger = ledger.owing_priority_as(self.had, self.raising)
        return replace(self, transition_to=None, priority=None, ledger=ledger)

    @property
    def urgency(self) -> Urgency:
        """How much the writing of this plan hurries."""
        status = self._new_status
        if self.transition_to or self.priority or SlaStatus.BREACHED in status:
            return Urgency.BREACH
        if SlaStatus.AT_RISK in status:
            return Urgency.AT_RISK
        return Urgency.ORDINARY

    @property
    def _new_status(self) -> AbstractSet[FieldValue]:
        """What *Response SLA* comes to show; nothing where it stays."""
        sla = SlaField.RESPONSE_SLA
        return {change.new for change in self.fields if change.field is sla}
