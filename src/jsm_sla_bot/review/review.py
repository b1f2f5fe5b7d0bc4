"""The review of one organization and period: rows, figures by severity, month and product, and the agreement (D30)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import TypeVar

from jsm_sla_bot.plan import wording
from jsm_sla_bot.review.etas import EtaOutcome
from jsm_sla_bot.review.figures import Figures, figures
from jsm_sla_bot.review.judge import View, judged
from jsm_sla_bot.review.period import Period
from jsm_sla_bot.review.row import MISSED, Class, Record, Row
from jsm_sla_bot.sla.contract import Organization, Policy, Terms
from jsm_sla_bot.sla.errors import ContractError
from jsm_sla_bot.sla.history import as_of, in_order

G = TypeVar("G", str, int, bool)


@dataclass(frozen=True, slots=True)
class Promised:
    """A response target in words, as the agreement has it at the end of the period."""

    severity: int
    target: str
    with_call: bool


@dataclass(frozen=True, slots=True)
class Agreement:
    """A stretch of the agreement that lies in the period: whole days, None where it is open."""

    tier: str
    first: date | None
    last: date | None
    suspended: bool
    overridden: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unjudged:
    """A request that could not be judged, and why: it is received, and in no class."""

    key: str
    why: str


@dataclass(frozen=True, slots=True)
class Review:
    """What was promised to an organization in a period and what was kept, as seen at `as_of` (aware UTC).

    `rows` are in the order of the reports. `unjudged` requests are missing from every figure; each is named.
    """

    organization: str
    name: str
    period: Period
    as_of: datetime
    zone: tzinfo
    policy: str
    rows: tuple[Row, ...]
    unjudged: tuple[Unjudged, ...]
    whole: Figures
    by_severity: Mapping[int, Figures]
    by_month: Mapping[str, Figures]
    by_product: Mapping[str, Figures]
    by_call: Mapping[bool, Figures]
    promised: tuple[Promised, ...]
    agreements: tuple[Agreement, ...]
    closed_days: tuple[tuple[date, str], ...]
    """The days without opening hours of the period that follows, with their names; weekends left out."""

    def of_class(self, kind: Class) -> tuple[Row, ...]:
        """Return the rows of a class."""
        return tuple(row for row in self.rows if row.kind is kind)

    @property
    def misses(self) -> tuple[Row, ...]:
        """Return the rows that missed their due time."""
        return tuple(row for row in self.rows if row.kind in MISSED)

    @property
    def open(self) -> tuple[Row, ...]:
        """Return the rows of requests that were open at the end."""
        return tuple(row for row in self.rows if row.is_open)

    @property
    def told_etas(self) -> tuple[Row, ...]:
        """Return the rows of requests of which the customer read an ETA."""
        return tuple(row for row in self.rows if row.etas)

    def of_eta(self, outcome: EtaOutcome) -> tuple[Row, ...]:
        """Return the rows of whose first ETA this came."""
        return tuple(row for row in self.rows if row.eta_outcome is outcome)

    @property
    def dormant(self) -> tuple[Row, ...]:
        """Return the rows of requests that were closed since their customer did not answer."""
        return tuple(row for row in self.rows if row.dormant_closed_at)

    @property
    def differing(self) -> tuple[Row, ...]:
        """Return the rows whose promise or settlement comes out otherwise now."""
        return tuple(row for row in self.rows if row.differences)


def review(
    records: Iterable[Record],
    policy: Policy,
    organization: Organization,
    period: Period,
    seen_at: datetime,
) -> Review:
    """Review the requests of an organization that were reported in a period, as known at `seen_at` (aware UTC).

    Takes all records; those of other organizations and other days are left out.
    """
    zone = organization.terms.calendar.spec.zone
    view = View(policy, zone, seen_at)
    rows: list[Row] = []
    unjudged: list[Unjudged] = []
    for record in records:
        if not _belongs(record, organization.id, period, view):
            continue
        try:
            rows.append(judged(record, view))
        except ContractError as error:
            unjudged.append(Unjudged(record.snapshot.key, str(error)))
    rows.sort(key=lambda row: (row.reported, row.key))
    return Review(
        organization=organization.id,
        name=wording.plain_name(organization.name),
        period=period,
        as_of=seen_at,
        zone=zone,
        policy=policy.hash,
        rows=tuple(rows),
        unjudged=tuple(unjudged),
        whole=figures(rows),
        by_severity=_grouped(rows, lambda row: row.severity),
        by_month=_by_month(rows, period, seen_at.astimezone(zone)),
        by_product=_grouped(rows, lambda row: row.product or "none"),
        by_call=_grouped(rows, lambda row: row.called),
        promised=_promised(organization.terms),
        agreements=_agreements(organization, period),
        closed_days=_closed_days(organization, period.following()),
    )


def _belongs(
    record: Record, organization: str, period: Period, view: View
) -> bool:
    """Return whether a request had been reported by then, within the period, by that organization."""
    snapshot = record.snapshot
    if snapshot.reported > view.as_of:
        return False
    if not period.covers(snapshot.reported, view.zone):
        return False
    known = as_of(in_order(snapshot), view.as_of)
    return organization in known.organizations


def _grouped(
    rows: Sequence[Row], by: Callable[[Row], G]
) -> Mapping[G, Figures]:
    groups: dict[G, list[Row]] = {}
    for row in rows:
        groups.setdefault(by(row), []).append(row)
    return {group: figures(groups[group]) for group in sorted(groups)}


def _by_month(
    rows: Sequence[Row], period: Period, seen_at: datetime
) -> Mapping[str, Figures]:
    """Return the figures of every month of the period that had begun by then, those without a request too."""
    found = _grouped(rows, lambda row: row.month)
    nothing = figures(())
    last = f"{seen_at:%Y-%m}"
    return {
        month: found.get(month, nothing)
        for month in period.months()
        if month <= last
    }


def _promised(terms: Terms) -> tuple[Promised, ...]:
    return tuple(
        Promised(
            severity,
            wording.target_text(target.goal, target.clock),
            target.phone,
        )
        for severity, target in sorted(terms.targets.items())
    )


def _agreements(
    organization: Organization, period: Period
) -> tuple[Agreement, ...]:
    """Return the stretches of the agreement that touch the period, in order (R7)."""
    stretches = organization.periods or (organization,)
    return tuple(
        Agreement(
            each.terms.tier,
            each.valid_from,
            each.valid_until,
            each.suspended,
            each.terms.overridden,
        )
        for each in stretches
        if _touches(each, period)
    )


def _touches(agreed: Organization, period: Period) -> bool:
    begins = agreed.valid_from or period.first
    ends = agreed.valid_until or period.last
    return begins <= period.last and ends >= period.first


def _closed_days(
    organization: Organization, period: Period
) -> tuple[tuple[date, str], ...]:
    spec = organization.terms.calendar.spec
    return tuple(
        (day, exception.name)
        for day, exception in sorted(spec.exceptions.items())
        if period.first <= day <= period.last and not exception.windows
    )
