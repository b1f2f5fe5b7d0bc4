"""The answer of the engine: what is owed on one request, as seen at one instant."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple, TypeAlias

from jsm_sla_bot.sla.contract import ClockKind, Terms
from jsm_sla_bot.sla.dormancy_state import Dormancy
from jsm_sla_bot.sla.reason import Reason

MetricName: TypeAlias = str
"""What an SLA metric is called, in ledgers too: a text, since a later bot may know metrics that this one does not."""
FIRST_RESPONSE: Final[MetricName] = "first_response"
"""The metric that the contract is about: the time to a first response (R4)."""


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
    """What agents or ops should correct on the request or in the configuration."""

    NO_SEVERITY = "no_severity"
    NO_ORGANIZATION = "no_organization"
    UNMAPPED_ORGANIZATION = "unmapped_organization"
    PROBABLE_ANSWER = "probable_answer"
    OTHER_REPORTER = "other_reporter"
    """Another than its organization's representatives reported it (D31)."""


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


class Measurement(NamedTuple):
    """What the contract says of one request by one metric, at one instant.

    `owed` is None where no clock runs (not entitled, not applicable). `promised_due` is the due time that was
    owed at the report. `acknowledged_at` is when the clock stopped. `next_change_at` is the first instant at which the
    mere passing of time changes this answer (a breach shows just *after* the due time), or None. `settled`: nothing
    moves any more. `owed_since` is since when what is owed stands: the clock's start, or the last event that moved the
    due time. `because` gives the reasons in order. `terms` are those that decided, None where there are none. All
    instants are aware UTC.
    """

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
    csm: str = ""
    """The account of the Customer Success Manager of the organization that decided; empty where none is named (D32)."""
    terms: Terms | None = None

    @property
    def due(self) -> datetime | None:
        """The due time, aware UTC, or None where no clock runs."""
        return self.owed.due if self.owed else None


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the contract says of one request at one instant, metric by metric.

    The first response is always measured: what is asked of an assessment itself is asked of that metric, unless a
    property says otherwise.
    """

    key: str
    metrics: Mapping[MetricName, Measurement]
    dormancy: Dormancy | None = None
    """Which step of R11 comes next, or why none does; None where R11 says nothing of the request."""

    @property
    def first_response(self) -> Measurement:
        """The measurement that is always there."""
        return self.metrics[FIRST_RESPONSE]

    @property
    def next_change_at(self) -> datetime | None:
        """When time alone next changes the answer by any metric, or brings a step of R11 (aware UTC), or None."""
        instants = [each.next_change_at for each in self.metrics.values()]
        instants.append(self.dormancy.next_at if self.dormancy else None)
        return min((instant for instant in instants if instant), default=None)

    @property
    def settled(self) -> bool:
        """Whether nothing moves any more, by any metric."""
        return all(each.settled for each in self.metrics.values())

    @property
    def status(self) -> SlaStatus:
        """How the request stands."""
        return self.first_response.status

    @property
    def tier(self) -> str | None:
        """The tier that decided."""
        return self.first_response.tier

    @property
    def organization(self) -> str | None:
        """The id of the organization that decided."""
        return self.first_response.organization

    @property
    def severity(self) -> int:
        """The severity that counts."""
        return self.first_response.severity

    @property
    def calendar(self) -> str:
        """The name of the calendar."""
        return self.first_response.calendar

    @property
    def owed(self) -> Owed | None:
        """What is owed, None where no clock runs."""
        return self.first_response.owed

    @property
    def due(self) -> datetime | None:
        """The due time, aware UTC, or None where no clock runs."""
        return self.first_response.due

    @property
    def promised_due(self) -> datetime | None:
        """The due time that was owed at the report (aware UTC)."""
        return self.first_response.promised_due

    @property
    def rungs(self) -> tuple[RungAt, ...]:
        """The rungs of the ladder, in order."""
        return self.first_response.rungs

    @property
    def rungs_reached(self) -> tuple[str, ...]:
        """The names of the rungs reached."""
        return self.first_response.rungs_reached

    @property
    def acknowledged_at(self) -> datetime | None:
        """When the request was acknowledged (aware UTC)."""
        return self.first_response.acknowledged_at

    @property
    def flags(self) -> tuple[Flag, ...]:
        """What should be corrected."""
        return self.first_response.flags

    @property
    def because(self) -> tuple[Reason, ...]:
        """The reasons, in order."""
        return self.first_response.because

    @property
    def owed_since(self) -> datetime | None:
        """Since when what is owed stands (aware UTC)."""
        return self.first_response.owed_since
