"""The contract of the rule book as values, made by hand: the engine's tests read no YAML."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from jsm_sla_bot.sla.assess import assess
from jsm_sla_bot.sla.assessment import Assessment, Owed, SlaStatus
from jsm_sla_bot.sla.calendar import (
    NOTHING,
    BusinessCalendar,
    CalendarSpec,
    DayException,
    Window,
)
from jsm_sla_bot.sla.contract import (
    AcknowledgementRule,
    ClockKind,
    ClockStarts,
    Counting,
    Exclusion,
    ExclusionBy,
    Organization,
    Policy,
    Reopening,
    Rung,
    SeveralOrganizations,
    SeverityRule,
    Target,
    Terms,
)
from jsm_sla_bot.sla.laying_out import lay_out
from jsm_sla_bot.sla.reason import Because
from jsm_sla_bot.sla.request import (
    Deed,
    HistoryEntry,
    Phase,
    RequestSnapshot,
    Role,
    Status,
    Value,
)
from jsm_sla_bot.sla.tally import Kind, in_seconds, tally
from jsm_sla_bot.sla.target import ALWAYS_OPEN

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NINE_TO_FIVE = (Window(timedelta(hours=9), timedelta(hours=17)),)
SWEDISH_DAYS = {
    date(2026, 1, 1): "New Year's Day",
    date(2026, 1, 6): "Epiphany",
    date(2026, 4, 3): "Good Friday",
    date(2026, 4, 5): "Easter Sunday",
    date(2026, 4, 6): "Easter Monday",
    date(2026, 5, 1): "May Day",
    date(2026, 5, 14): "Ascension Day",
    date(2026, 6, 6): "National Day",
    date(2026, 6, 19): "Midsummer Eve",
    date(2026, 6, 20): "Midsummer Day",
    date(2026, 10, 31): "All Saints' Day",
    date(2026, 12, 24): "Christmas Eve",
    date(2026, 12, 25): "Christmas Day",
    date(2026, 12, 26): "Second Day of Christmas",
    date(2026, 12, 31): "New Year's Eve",
}
OPEN = Status("Waiting for support")
IN_PROGRESS = Status("In progress", Phase.ACKNOWLEDGED)
RESOLVED = Status("Resolved", Phase.CLOSED)
CLOSED = Status("Closed", Phase.CLOSED)
DECLINED = Status("Declined", Phase.DECLINED)


def calendar(
    name: str = "sweden",
    zone: str = "Europe/Stockholm",
    years: tuple[int, int] = (2025, 2027),
) -> BusinessCalendar:
    """Lay out Monday to Friday, nine to five, without the Swedish bank holidays of 2026."""
    week = (NINE_TO_FIVE,) * 5 + ((), ())
    days = {
        day: DayException(holiday) for day, holiday in SWEDISH_DAYS.items()
    }
    return lay_out(
        CalendarSpec(
            name,
            zone,
            ZoneInfo(zone),
            week,
            days,
            *years,
            source=f"calendars/{name}.yaml",
        )
    )


SWEDEN = calendar()


def business(hours: float) -> Target:
    """Return a target in business hours."""
    return Target(timedelta(hours=hours), ClockKind.BUSINESS)


def phoned(hours: float) -> Target:
    """Return a round-the-clock target that asks for a call."""
    return Target(
        timedelta(hours=hours), ClockKind.ROUND_THE_CLOCK, phone=True
    )


KNOWLEDGE_TARGETS = {
    1: business(8),
    2: business(16),
    3: business(24),
    4: business(40),
}
EXPERT_TARGETS = {1: phoned(2), 2: phoned(8), 3: business(16), 4: business(24)}


def terms(tier: str = "Knowledge", **overrides: object) -> Terms:
    """Return a tier's terms, with overrides for one organization."""
    values = Terms(
        tier=tier,
        targets=KNOWLEDGE_TARGETS if tier == "Knowledge" else EXPERT_TARGETS,
        fallback_tier="Knowledge",
        fallback=KNOWLEDGE_TARGETS,
        calendar=SWEDEN,
        round_the_clock_products=frozenset({"outscan nx"}),
        known_products=frozenset({"outscan nx", "easm"}),
        clock_starts=ClockStarts.CALL,
        severity_change=SeverityRule(
            raised=Counting.FROM_CHANGE, lowered=Counting.RETROACTIVE
        ),
        acknowledgement=AcknowledgementRule(
            public_comment=True, status=True, severity=False
        ),
        reopen=Reopening.KEEP,
    )
    own = replace(values, **overrides)  # type: ignore[arg-type]
    return replace(own, overridden=tuple(_paths(values, own, overrides)))


def _paths(base: Terms, own: Terms, overrides: Iterable[str]) -> Iterator[str]:
    """Name what is overridden as the configuration does."""
    for name in overrides:
        if name == "targets":
            changed = [
                n for n in own.targets if own.targets[n] != base.targets.get(n)
            ]
            yield from (f"targets.{number}" for number in changed)
        else:
            is_phone = name in {"fallback", "fallback_tier", "clock_starts"}
            yield "phone" if is_phone else name


def organization(
    identity: str, name: str, tier: str, **values: object
) -> Organization:
    """Return an organization that has bought that tier."""
    bought: Any = values.pop("terms", None) or terms(tier)
    rest: Any = values
    return Organization(identity, name, bought, **rest)


def policy(**changes: object) -> Policy:
    """Return the rule book's policy, with changes."""
    organizations = [
        organization("11", "Nordbank AB", "Expert"),
        organization("12", "Acme Industries", "Knowledge"),
        organization("13", "Fjord Logistics", "Expert Partner"),
        organization(
            "14", "Helios Energy", "Expert", valid_until=date(2026, 6, 30)
        ),
        organization("15", "Kestrel Retail", "Knowledge", suspended=True),
        organization("18", "Specops Reseller Oy", "Knowledge"),
    ]
    values = Policy(
        hash="p1",
        default_severity=3,
        default_terms=terms("Knowledge"),
        tiers={
            tier: terms(tier)
            for tier in ("Knowledge", "Expert Partner", "Expert")
        },
        organizations={one.id: one for one in organizations},
        several_organizations=SeveralOrganizations.EARLIEST_DUE,
        exclusions=(
            Exclusion(
                ExclusionBy.REQUEST_TYPE, "Feature request", "feature request"
            ),
            Exclusion(ExclusionBy.CHANNEL, "chat", "chat"),
            Exclusion(ExclusionBy.ORGANIZATION, "18", "has its own SLA"),
            Exclusion(
                ExclusionBy.LABEL, "outside-the-service", "outside the service"
            ),
        ),
        rungs=(
            Rung("at risk", 0.75, escalate=False),
            Rung("breach", 1.0, escalate=True),
        ),
        calendars={"sweden": SWEDEN},
    )
    return replace(values, **changes)  # type: ignore[arg-type]


POLICY = policy()
BY_TIER = {"Expert": "11", "Knowledge": "12", "Expert Partner": "13"}


def utc(text: str) -> datetime:
    """Read `2026-03-02 10:00` as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local(text: str) -> datetime:
    """Read `2026-03-02 10:00` on the wall clock of Stockholm."""
    return (
        datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM).astimezone(UTC)
    )


def entry(
    at: str,
    what: Deed,
    after: Value = None,
    before: Value = None,
    role: Role = Role.AGENT,
) -> HistoryEntry:
    """Return a history entry at a local time."""
    return HistoryEntry(local(at), role, what, before, after, "somebody")


def request(
    reported: str, *history: HistoryEntry, **values: object
) -> RequestSnapshot:
    """Return a request raised at a local time by a Knowledge customer, severity 1, unless told otherwise."""
    given: dict[str, Any] = {
        "severity": 1,
        "organizations": ("12",),
        "product": "Outscan NX",
        "status": OPEN,
        **values,
    }
    return RequestSnapshot(
        "SUP-1", local(reported), history=tuple(history), **given
    )


def call(at: str, recorded: str | None = None) -> HistoryEntry:
    """Return the evidence of a call at a local time."""
    return entry(recorded or at, Deed.CALLED, after=local(at))


def seen(
    raised: RequestSnapshot, at: str, under: Policy = POLICY
) -> Assessment:
    """Assess a request as seen at a local time; every answer's explanation adds up."""
    return adding_up(assess(raised, under, local(at)), under)


def adding_up(assessment: Assessment, under: Policy) -> Assessment:
    """Return the answer, once what was counted and what is left have come to the target, in seconds too."""
    owed = assessment.owed
    if owed:
        rows = tally(owed, clock_of(owed, under))
        assert sum((row.counted for row in rows), NOTHING) == owed.goal
        assert sum(in_seconds(rows), NOTHING) == owed.goal
        kinds = [row.kind for row in rows]
        assert (Kind.DATED in kinds) is (owed.ran_out is not None)
        assert (Kind.LEFT in kinds) is (assessment.status is SlaStatus.PAUSED)
        *_, last = rows
        assert last.ends in {owed.due, None}
    return assessment


def clock_of(owed: Owed, under: Policy) -> BusinessCalendar:
    """Return the calendar that a clock ran on."""
    every = [under.default_terms, *under.tiers.values()]
    every += [one.terms for one in under.organizations.values()]
    every += [
        period.terms
        for one in under.organizations.values()
        for period in one.periods
    ]
    return {one.calendar.name: one.calendar for one in every}.get(
        owed.calendar, ALWAYS_OPEN
    )


def told(assessment: Assessment) -> list[Because]:
    """Return what kinds of reasons an answer has, in order."""
    return [reason.because for reason in assessment.because]


def answer(
    at: str, what: Deed = Deed.PUBLIC_COMMENT, role: Role = Role.AGENT
) -> HistoryEntry:
    """Return a deed of an agent, a public comment unless told otherwise."""
    return entry(at, what, role=role)


def moved(
    at: str, after: Status, before: Status = OPEN, role: Role = Role.AGENT
) -> HistoryEntry:
    """Return a change of status."""
    return entry(at, Deed.STATUS, after, before, role)


def severity(
    at: str, before: int | None, after: int | None, role: Role = Role.AGENT
) -> HistoryEntry:
    """Return a change of severity."""
    return entry(at, Deed.SEVERITY, after, before, role)


def only(tier: str = "Knowledge", **overrides: object) -> Policy:
    """Return the policy with one organization "1" whose own contract overrides its tier's terms (R12)."""
    one = organization(
        "1", "Own Contract AB", tier, terms=terms(tier, **overrides)
    )
    return policy(organizations={"1": one})
