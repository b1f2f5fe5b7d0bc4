"""What public notes are judged by, and what one that is owed comes to."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import TypeAlias

from jsm_sla_bot.plan import wording
from jsm_sla_bot.plan.blocks import Block, Mention
from jsm_sla_bot.plan.ledger import ToldEta
from jsm_sla_bot.plan.markers import public_marker
from jsm_sla_bot.plan.public.kind import NoteKind
from jsm_sla_bot.sla.assessment import Measurement
from jsm_sla_bot.sla.contract import PublicNoteRule, Terms
from jsm_sla_bot.sla.dormancy_state import Dormancy
from jsm_sla_bot.sla.request import RequestSnapshot

RESOLUTION = timedelta(milliseconds=1)
"""Jira's instants have milliseconds: just after the last instant of a span."""


@dataclass(frozen=True, slots=True)
class DormantWays:
    """Where the site sends requests by R11: the names of statuses, None where `jira.yaml` names none.

    `flags_since` is since when acts of customers are flagged (aware UTC): what was done before dormancy was turned on
    is not. None where nothing is flagged.
    """

    close_to: str | None = None
    reopen_to: str | None = None
    flags_since: datetime | None = None


NO_WAYS = DormantWays()


@dataclass(frozen=True, slots=True)
class OwedNote:
    """A public note that is owed: its kind, what its marker speaks of, and the facts of its text, by name.

    `until` is the first instant (aware UTC) at which time alone makes it moot; None where it does not.
    """

    kind: NoteKind
    about: str
    facts: Mapping[str, str]
    until: datetime | None = None
    told: ToldEta | None = None
    """The ETA that it tells."""

    @property
    def marker(self) -> str:
        """The marker that finds it again."""
        return public_marker(self.kind, self.about)


@dataclass(frozen=True, slots=True)
class OwedFlag:
    """What agents are to read of the same matters: a marker and its blocks."""

    marker: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Later:
    """Nothing yet: time alone brings it about at that instant (aware UTC)."""

    at: datetime


@dataclass(frozen=True, slots=True)
class OwedMove:
    """A transition of R11 to a status, once the note with the marker that it `awaits` stands, if it names one.

    `otherwise` is what agents read where the workflow does not offer it.
    """

    to: str
    otherwise: OwedFlag
    awaits: str = ""


Owed: TypeAlias = OwedNote | OwedFlag | OwedMove | Later
"""What a request comes to, each by itself."""


@dataclass(frozen=True, slots=True)
class Matter:
    """One request as it is known at `now` (aware UTC), with what the contract says of it under these terms.

    The history of the request is in order and ends at `now`. `said` are the markers of the notes that stand.
    """

    request: RequestSnapshot
    measured: Measurement
    terms: Terms
    said: Collection[str]
    now: datetime
    assignee: Mention | None = None
    """Who works on it, None where nobody does or nobody has asked."""
    dormancy: Dormancy | None = None
    """What R11 says of it, None where that is nothing."""
    ways: DormantWays = NO_WAYS

    @property
    def zone(self) -> tzinfo:
        """The zone of the organization's calendar, in which the customer reads instants (D18)."""
        return self.terms.calendar.spec.zone

    @property
    def severity(self) -> int:
        """The severity that the request has now, or the one that counts while it has none."""
        present = self.request.severity
        return self.measured.severity if present is None else present

    def rule(self, kind: NoteKind) -> PublicNoteRule | None:
        """Return the rule of a kind that is on for the request's severity (D12)."""
        rule = self.terms.notes.get(kind)
        return rule if rule and self.severity in rule.severities else None

    def instant(self, instant: datetime) -> str:
        """Return an instant as the customer reads it, with its zone."""
        return wording.minute_text(instant, self.zone)
