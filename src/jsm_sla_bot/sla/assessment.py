"""The answer of the engine: what is owed on one request, as seen at one instant."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from jsm_sla_bot.sla.contract import ClockKind
from jsm_sla_bot.sla.reason import Reason


class SlaStatus(StrEnum):
    """The states of the field *Response SLA*, as agents read them. Paused: only where a contract says so (D7)."""

    RUNNING = "Running"
    AT_RISK = "At risk"
    PAUSED = "Paused"
    BREACHED = "Breached"
    MET = "Met"
    MET_LATE = "Met late"
    NOT_APPLICABLE = "Not applicable"
    NOT_ENTITLED = "Not entitled"


class Flag(StrEnum):
    """What agents or ops should put right on the request or in the configuration."""

    NO_SEVERITY = "no_severity"
    NO_ORGANIZATION = "no_organization"
    UNMAPPED_ORGANIZATION = "unmapped_organization"
    PROBABLE_ANSWER = "probable_answer"


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch of time that does not count, aware UTC. `ends` is None while it lasts."""

    begins: datetime
    ends: datetime | None
    status: str


class Owed(NamedTuple):
    """A due time with the clock that won it: `start` is where the counting began, all instants aware UTC.

    `pauses` are those in which this clock stood still. `ran_out` is when the target itself ran out, if its breach is
    dated later (D8, D33).
    """

    due: datetime
    start: datetime
    goal: timedelta
    clock: ClockKind
    calendar: str
    pauses: tuple[Pause, ...] = ()
    ran_out: datetime | None = None


class RungAt(NamedTuple):
    """When a rung of the ladder is reached (R10); never after the due time."""

    name: str
    at: datetime
    escalate: bool
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the contract says of one request at one instant.

    `owed` is None where no clock runs (not entitled, not applicable). `promised_due` is the due time that was
    owed at the report. `next_change_at` is the first instant at which the mere passing of time changes this
    answer (a breach shows just *after* the due time), or None. `settled` tells that nothing moves any more.
    `owed_since` is since when what is owed stands: the clock's start, or the last event that moved the due time.
    """

    key: str
    status: SlaStatus
    tier: str | None
    organization: str | None
    severity: int
    calendar: str
    owed: Owed | None
    promised_due: datetime | None
    rungs: tuple[RungAt, ...]
    rungs_reached: tuple[str, ...]
    acknowledged_at: datetime | None
    next_change_at: datetime | None
    settled: bool
    flags: tuple[Flag, ...]
    because: tuple[Reason, ...]
    owed_since: datetime | None = None

    @property
    def due(self) -> datetime | None:
        """The due time, aware UTC, or None where no clock runs."""
        return self.owed.due if self.owed else None
