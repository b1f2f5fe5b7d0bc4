"""The manager's report: how the desk stands now, and which promises were kept and missed of late (R13)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from jsm_sla_bot.plan.request_state import MISSED, TO_ANSWER, RequestState
from jsm_sla_bot.review.figures import Attainment
from jsm_sla_bot.sla.assessment import SlaStatus
from jsm_sla_bot.sla.contract import Policy
from jsm_sla_bot.sla.errors import CalendarError

NEVER = datetime.max.replace(tzinfo=UTC)
"""Stands for a due time where there is none."""
States = tuple[RequestState, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """What requests are counted by: what was promised depends on both."""

    tier: str
    severity: int


@dataclass(frozen=True, slots=True)
class Decided:
    """The promises of one kind, or of all, that were kept or missed in the report's time."""

    met: int = 0
    missed: int = 0

    @property
    def attainment(self) -> Attainment:
        """What share was kept, rounded down."""
        return Attainment(self.met, self.met + self.missed)


@dataclass(frozen=True, slots=True)
class Report:
    """How the desk stands at `as_of`, and what was decided after `since` until then. Instants are aware UTC.

    A promise is decided once: kept at its answer, missed at its due time, so that reports of days that follow one
    another count each request once. The lists are worst first. `due_next` are due in the opening hours that run or come
    next, each by the calendar of its organization.
    """

    since: datetime
    as_of: datetime
    open: States
    breached: States
    at_risk: States
    due_next: States
    decided: Mapping[Kind, Decided]
    missed: States

    @property
    def by_status(self) -> Mapping[SlaStatus, int]:
        """How many open requests have each status; every status is there."""
        counted = Counter(each.status for each in self.open)
        return {status: counted[status] for status in SlaStatus}

    @property
    def whole(self) -> Decided:
        """The promises decided, of every tier and severity."""
        each = self.decided.values()
        met = sum(one.met for one in each)
        missed = sum(one.missed for one in each)
        return Decided(met, missed)

    @property
    def next_due(self) -> datetime | None:
        """The earliest due time that lies ahead of a running clock."""
        ahead = [one.due for one in self.open if one.status in TO_ANSWER]
        return min((due for due in ahead if due), default=None)


def report(
    states: Iterable[RequestState],
    policy: Policy,
    since: datetime,
    as_of: datetime,
) -> Report:
    """Report on requests as they stand at `as_of` (aware UTC)."""
    found = sorted(states, key=_worst_first)
    opened = [one for one in found if one.is_open]
    decided = [one for one in found if _is_decided(one, since, as_of)]
    return Report(
        since=since,
        as_of=as_of,
        open=tuple(opened),
        breached=_of_status(opened, SlaStatus.BREACHED),
        at_risk=_of_status(opened, SlaStatus.AT_RISK),
        due_next=tuple(_due_next(opened, policy, as_of)),
        decided=_by_kind(decided),
        missed=tuple(one for one in decided if one.status in MISSED),
    )


def _worst_first(one: RequestState) -> tuple[bool, datetime, str]:
    """Order by due time, those that have none at the end."""
    return one.due is None, one.due or NEVER, one.key


def _of_status(states: Iterable[RequestState], status: SlaStatus) -> States:
    return tuple(one for one in states if one.status is status)


def _is_decided(one: RequestState, since: datetime, as_of: datetime) -> bool:
    at = one.decided_at
    return at is not None and since < at <= as_of


def _by_kind(states: Iterable[RequestState]) -> Mapping[Kind, Decided]:
    groups: dict[Kind, list[bool]] = {}
    for one in states:
        is_missed = one.status in MISSED
        groups.setdefault(Kind(one.tier, one.severity), []).append(is_missed)
    order = sorted(groups, key=lambda kind: (kind.tier, kind.severity))
    return {
        kind: Decided(groups[kind].count(False), groups[kind].count(True))
        for kind in order
    }


def _due_next(
    states: Iterable[RequestState], policy: Policy, now: datetime
) -> Iterator[RequestState]:
    """Yield those whose due time comes before the opening hours that run or come next are over."""
    ends: dict[str, datetime] = {}
    for one in states:
        if one.status not in TO_ANSWER or one.due is None:
            continue
        if one.organization not in ends:
            ends[one.organization] = _hours_end(one, policy, now)
        if one.due <= ends[one.organization]:
            yield one


def _hours_end(one: RequestState, policy: Policy, now: datetime) -> datetime:
    """Return when those opening hours end; a day from now where no calendar is known that far."""
    organization = policy.organizations.get(one.organization)
    if organization is None:
        return now + timedelta(days=1)
    calendar = organization.terms.calendar
    try:
        opens = calendar.next_open(now)
    except CalendarError:
        return now + timedelta(days=1)
    return calendar.end_of(calendar.local_date(opens))
