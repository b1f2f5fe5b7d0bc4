"""When the next service review and health check of each organization are due (R13, D28)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from jsm_sla_bot.plan import wording
from jsm_sla_bot.review.period import months_later
from jsm_sla_bot.sla.acknowledgement import closing, declined
from jsm_sla_bot.sla.contract import ExclusionBy, Organization, Policy
from jsm_sla_bot.sla.entitlement import Lapse, in_period
from jsm_sla_bot.sla.history import in_order
from jsm_sla_bot.sla.request import RequestSnapshot
from jsm_sla_bot.sla.review_plan import ReviewKind, ReviewRule

ONE_DAY = timedelta(days=1)
LAPSES = {
    Lapse.NOT_YET: "the agreement has not begun",
    Lapse.EXPIRED: "the agreement has ended",
    Lapse.SUSPENDED: "support is suspended",
}
UNKNOWN = "never done, and organizations.yaml gives no valid_from"


@dataclass(frozen=True, slots=True)
class DueReview:
    """One kind for one organization. Days are those of its calendar's zone.

    `counted_from` is the day of the last one, or the first of the agreement; `due` is None where none is planned, and
    `why_not` says why. `open_key` is the oldest request for it that is open. `csm` is an account id, empty for none.
    """

    kind: ReviewKind
    organization: str
    name: str
    tier: str
    csm: str
    months: int
    done: date | None = None
    done_key: str = ""
    counted_from: date | None = None
    due: date | None = None
    open_key: str = ""
    why_not: str = ""

    def is_near(self, today: date, ahead: timedelta) -> bool:
        """Return whether the due day is at most so far ahead, or over (D29)."""
        return self.due is not None and today >= self.due - ahead


@dataclass(frozen=True, slots=True)
class Plan:
    """What is due by the policy, and by which labels its requests are known."""

    policy: Policy
    rules: Mapping[ReviewKind, ReviewRule]
    labels: Mapping[ReviewKind, str]


def due_reviews(
    requests: Iterable[RequestSnapshot], plan: Plan, now: datetime
) -> Sequence[DueReview]:
    """Return what is due for every organization at `now` (aware UTC), the earliest first; what is not planned last.

    Takes the requests that carry one of the labels, in whatever state. A kind that an organization's tier never has
    is left out, and so is an organization that is not measured.
    """
    known = [in_order(request) for request in requests]
    found = [
        each
        for organization in plan.policy.organizations.values()
        if not _is_excluded(organization.id, plan.policy)
        for each in _of_organization(organization, known, plan, now)
    ]
    return sorted(found, key=_earliest)


def _earliest(each: DueReview) -> tuple[bool, date, str, str]:
    return each.due is None, each.due or date.max, each.organization, each.kind


def _is_excluded(organization: str, policy: Policy) -> bool:
    return any(
        each.by is ExclusionBy.ORGANIZATION and each.value == organization
        for each in policy.exclusions
    )


def _of_organization(
    whole: Organization,
    known: Sequence[RequestSnapshot],
    plan: Plan,
    now: datetime,
) -> Iterator[DueReview]:
    agreed, lapse = in_period(whole, now)
    for kind, rule in plan.rules.items():
        tier = agreed.terms.tier
        months = rule.months(tier, has_csm=bool(agreed.csm))
        if months is None:
            continue
        mine = [
            request
            for request in known
            if whole.id in request.organizations
            and carries(request, plan.labels[kind])
        ]
        done = _last_done(mine, agreed.terms.calendar.spec.zone)
        begins = _first_day(whole, agreed)
        counted_from = done.day if done else begins
        is_planned = lapse is None and counted_from is not None
        yield DueReview(
            kind=kind,
            organization=whole.id,
            name=wording.plain_name(whole.name),
            tier=tier,
            csm=agreed.csm,
            months=months,
            done=done.day if done else None,
            done_key=done.key if done else "",
            counted_from=counted_from,
            due=_due(counted_from, months) if is_planned else None,
            open_key=_open(mine),
            why_not="" if is_planned else _why_not(lapse),
        )


def _why_not(lapse: Lapse | None) -> str:
    return LAPSES[lapse] if lapse else UNKNOWN


def _due(counted_from: date | None, months: int) -> date | None:
    return months_later(counted_from, months) if counted_from else None


def carries(request: RequestSnapshot, label: str) -> bool:
    """Return whether a request carries a label, without regard to case."""
    wanted = label.casefold()
    return any(each.casefold() == wanted for each in request.labels)


def _open(requests: Iterable[RequestSnapshot]) -> str:
    """Return the key of the oldest open request; empty where there is none."""
    still = [each for each in requests if not each.status.is_done]
    still.sort(key=lambda each: (each.reported, each.key))
    return still[0].key if still else ""


@dataclass(frozen=True, slots=True, order=True)
class _Done:
    day: date
    key: str


def _last_done(
    requests: Iterable[RequestSnapshot], zone: tzinfo
) -> _Done | None:
    """Return the one that was resolved last; one that was declined was not done."""
    return max(
        (
            _Done(_closed(each).astimezone(zone).date(), each.key)
            for each in requests
            if each.status.is_done and declined(each) is None
        ),
        default=None,
    )


def _closed(request: RequestSnapshot) -> datetime:
    """Return when a request was resolved; one that the history shows in no other state, at its report."""
    found = closing(request)
    return found.at if found and found.at else request.reported


def _first_day(whole: Organization, agreed: Organization) -> date | None:
    """Return the first day of the agreement that holds, with all periods before it that it follows without a gap."""
    first = agreed.valid_from
    for period in reversed(whole.periods):
        ends = period.valid_until
        if first and ends and ends + ONE_DAY == first:
            first = period.valid_from
    return first
