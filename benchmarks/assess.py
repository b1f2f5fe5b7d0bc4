"""Whole assessments a second, each of a request with ten history entries, and where the time goes."""

from collections.abc import Iterator
from cProfile import Profile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pstats import Stats
from zoneinfo import ZoneInfo

from benchmarks.stopwatch import seconds, tell
from jsm_sla_bot.sla.assess import assess
from jsm_sla_bot.sla.calendar import CalendarSpec, DayException, Window
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
from jsm_sla_bot.sla.request import (
    Deed,
    HistoryEntry,
    Phase,
    RequestSnapshot,
    Role,
    Status,
)

REPORTED = datetime(2026, 3, 2, 9, 17, tzinfo=UTC)
OPEN, IN_PROGRESS = (
    Status("Waiting for support"),
    Status("In progress", Phase.ACKNOWLEDGED),
)
ENTRIES = 10


def terms(tier: str, hours: dict[int, int], *, phone: bool) -> Terms:
    """Return a tier as the contract has it."""
    week = ((Window(timedelta(hours=9), timedelta(hours=17)),),) * 5 + ((), ())
    zone = ZoneInfo("Europe/Stockholm")
    days = {
        date(2026, 4, 3): DayException("Good Friday"),
        date(2026, 4, 6): DayException("Easter Monday"),
    }
    calendar = lay_out(
        CalendarSpec(
            "sweden", "Europe/Stockholm", zone, week, days, 2020, 2029
        )
    )
    fallback = {
        level: Target(timedelta(hours=8 * share), ClockKind.BUSINESS)
        for level, share in {1: 1, 2: 2, 3: 3, 4: 5}.items()
    }
    targets = {
        level: Target(
            timedelta(hours=amount), ClockKind.ROUND_THE_CLOCK, phone=True
        )
        if phone and level in {1, 2}
        else Target(timedelta(hours=amount), ClockKind.BUSINESS)
        for level, amount in hours.items()
    }
    return Terms(
        tier=tier,
        targets=targets,
        fallback_tier="Knowledge",
        fallback=fallback,
        calendar=calendar,
        round_the_clock_products=frozenset({"outscan nx", "hiab"}),
        known_products=frozenset({"outscan nx", "hiab", "easm"}),
        clock_starts=ClockStarts.CALL,
        severity_change=SeverityRule(
            raised=Counting.FROM_CHANGE, lowered=Counting.RETROACTIVE
        ),
        acknowledgement=AcknowledgementRule(
            public_comment=True, status=True, severity=False
        ),
        reopen=Reopening.KEEP,
    )


def contract() -> Policy:
    """Return a policy of the usual size."""
    knowledge = terms("Knowledge", {1: 8, 2: 16, 3: 24, 4: 40}, phone=False)
    expert = terms("Expert", {1: 2, 2: 8, 3: 16, 4: 24}, phone=True)
    organizations = {
        "11": Organization("11", "A", expert),
        "12": Organization("12", "B", knowledge),
    }
    return Policy(
        hash="benchmark",
        default_severity=3,
        default_terms=knowledge,
        tiers={"Knowledge": knowledge, "Expert": expert},
        organizations=organizations,
        several_organizations=SeveralOrganizations.EARLIEST_DUE,
        exclusions=(
            Exclusion(ExclusionBy.REQUEST_TYPE, "Feature request", "a wish"),
            Exclusion(ExclusionBy.CHANNEL, "chat", "chat"),
            Exclusion(ExclusionBy.LABEL, "outside-the-service", "outside"),
            Exclusion(ExclusionBy.ORGANIZATION, "18", "own SLA"),
        ),
        rungs=(
            Rung("at_risk", 0.75, escalate=False),
            Rung("breach", 1.0, escalate=True),
        ),
        calendars={"sweden": knowledge.calendar},
    )


def history(
    *deeds: tuple[Role, Deed, object, object],
) -> tuple[HistoryEntry, ...]:
    """Return these deeds, three minutes apart, with internal notes before them: ten in all."""
    notes = [(Role.AGENT, Deed.INTERNAL_NOTE, None, None)] * (
        ENTRIES - len(deeds)
    )
    return tuple(
        HistoryEntry(
            REPORTED + timedelta(minutes=3 * number),
            role,
            what,
            before,
            after,
            "557058:0f1e",
        )  # type: ignore[arg-type]
        for number, (role, what, before, after) in enumerate(
            [*notes, *deeds], 1
        )
    )


def desk() -> Iterator[tuple[str, RequestSnapshot]]:
    """Yield the requests of a day, the plain ones and the eventful ones."""
    call = (Role.AGENT, Deed.CALLED, None, REPORTED + timedelta(minutes=20))
    raised = (Role.AGENT, Deed.SEVERITY, 3, 1)
    chat = (Role.CUSTOMER, Deed.PUBLIC_COMMENT, None, None)
    answer = (Role.AGENT, Deed.PUBLIC_COMMENT, None, None)
    plain = RequestSnapshot(
        "SUP-1", REPORTED, 1, ("12",), "Outscan NX", status=OPEN
    )
    expert = replace(plain, organizations=("11",))
    yield "Knowledge, unanswered", replace(plain, history=history(chat))
    yield "Knowledge, answered", replace(plain, history=history(chat, answer))
    yield "Expert, called", replace(expert, history=history(call, chat))
    yield (
        "Expert, raised, called",
        replace(expert, history=history(raised, call, chat)),
    )
    yield (
        "Expert, raised, called, answered",
        replace(expert, history=history(raised, call, chat, answer)),
    )
    yield (
        "nobody's",
        replace(plain, organizations=(), severity=None, history=history(chat)),
    )


def main() -> None:
    """Print assessments a second for each kind, for a desk of them all, and the dearest functions."""
    policy, now = contract(), REPORTED + timedelta(hours=3)
    requests = dict(desk())
    spent = {
        name: seconds(lambda one=one: assess(one, policy, now))
        for name, one in requests.items()
    }  # type: ignore[misc]
    tell(f"\nassessments a second on one core, {ENTRIES} history entries each")
    for name, each in spent.items():
        tell(f"  {name:34}{1 / each:>10,.0f}   {each * 1e6:.1f} µs")
    together = seconds(
        lambda: [assess(one, policy, now) for one in requests.values()]
    ) / len(requests)
    tell(
        f"  {'all of these in turn':34}{1 / together:>10,.0f}   {together * 1e6:.1f} µs"
    )
    profile = Profile()
    for _ in range(1000):
        for one in requests.values():
            profile.runcall(assess, one, policy, now)
    report = StringIO()
    Stats(profile, stream=report).strip_dirs().sort_stats(
        "tottime"
    ).print_stats(15)
    lines = report.getvalue().splitlines()
    tell("where the time goes (own time, under the profiler):")
    tell(
        "\n".join(
            f"  {line}"
            for line in lines
            if line.strip() and line.lstrip()[0].isdigit()
        )[:2500]
    )


if __name__ == "__main__":
    main()
