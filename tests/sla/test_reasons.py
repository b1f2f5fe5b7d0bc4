"""Why, as data: each reason with its rule, where that was read, and the values it worked on."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from jsm_sla_bot.sla.contract import (
    Counting,
    Exclusion,
    ExclusionBy,
    Policy,
    Reopening,
    SeverityRule,
    Terms,
)
from jsm_sla_bot.sla.reason import Because, Fact, Reason, reason
from jsm_sla_bot.sla.request import (
    Deed,
    HistoryEntry,
    RequestSnapshot,
    Role,
    Status,
)
from tests.sla.contract import (
    CLOSED,
    DECLINED,
    OPEN,
    RESOLVED,
    STOCKHOLM,
    answer,
    call,
    entry,
    moved,
    organization,
    policy,
    request,
    seen,
    severity,
    terms,
)

REPORT = "2026-03-02 10:00"
NOW = "2026-03-20 12:00"
WAITING = Status("Waiting for customer")


class Sources(dict[str, str]):
    """Every path of a file, with a line for it."""

    def __init__(self, file: str) -> None:
        super().__init__()
        self.file = file

    def get(self, path: str, default: object = None) -> str:
        """Return `file:path`, as if the path were a line."""
        return f"{self.file}:{path}"


def told_from(file: str, tier: str, **overrides: object) -> Terms:
    """Return terms that say where they were read."""
    return replace(terms(tier, **overrides), sources=Sources(file))


def sourced(**changes: object) -> Policy:
    """Return the policy with a source for everything."""
    own = {
        "pauses_in": frozenset({"waiting for customer"}),
        "reopen": Reopening.RESTART,
    }
    organizations = [
        organization(
            "1",
            "Expert AB",
            "Expert",
            terms=told_from("e", "Expert"),
            source="o:1",
        ),
        organization(
            "2",
            "Knowledge AB",
            "Knowledge",
            terms=told_from("k", "Knowledge"),
            source="o:2",
        ),
        organization(
            "3",
            "Own AB",
            "Expert",
            terms=told_from("own", "Expert", **own),
            source="o:3",
        ),
        organization(
            "4",
            "Future AB",
            "Expert",
            valid_from=date(2027, 1, 1),
            source="o:4",
        ),
        organization(
            "5",
            "Past AB",
            "Expert",
            valid_until=date(2026, 1, 1),
            source="o:5",
        ),
        organization("6", "Late AB", "Expert", suspended=True, source="o:6"),
        organization(
            "7",
            "Asking AB",
            "Knowledge",
            terms=told_from("a", "Knowledge", flag_other_reporters=True),
            representatives=("anna",),
            source="o:7",
        ),
    ]
    given = {
        "organizations": {one.id: one for one in organizations},
        "default_terms": told_from("d", "Knowledge"),
        "exclusions": (
            Exclusion(
                ExclusionBy.REQUEST_TYPE, "Feature request", "is a wish", "p:9"
            ),
            Exclusion(
                ExclusionBy.ORGANIZATION, "18", "has its own SLA", "p:10"
            ),
        ),
        "sources": Sources("p"),
        **changes,
    }
    return policy(**given)


SOURCED = sourced()


def rendered(one: Reason) -> str:
    """Return a reason as one line."""
    facts = " ".join(f"{name}={plain(value)}" for name, value in one.facts)
    return f"{one.because} | {one.rule} | {one.source} | {facts}"


def plain(value: Fact) -> str:
    """Return a fact as text: instants on the wall clock of Stockholm, spans in hours."""
    match value:
        case datetime():
            return value.astimezone(STOCKHOLM).strftime("%d/%H:%M")
        case timedelta():
            return f"{value.total_seconds() / 3600:g}h"
        case _:
            return str(value)


def case(
    *history: HistoryEntry,
    organizations: tuple[str, ...] = ("2",),
    **given: object,
) -> RequestSnapshot:
    """Return a request of an organization that has sources."""
    return request(REPORT, *history, organizations=organizations, **given)


BACKWARDS = SeverityRule(
    raised=Counting.RETROACTIVE, lowered=Counting.RETROACTIVE
)
STORIES: dict[str, tuple[RequestSnapshot, str, Policy]] = {
    "another reporter": (
        case(organizations=("7",), reporter="bob", reporter_name="Bob"),
        NOW,
        SOURCED,
    ),
    "knowledge": (case(answer("2026-03-02 11:00")), NOW, SOURCED),
    "expert called": (
        case(call("2026-03-02 10:30"), organizations=("1",)),
        NOW,
        SOURCED,
    ),
    "expert not called": (case(organizations=("1",)), NOW, SOURCED),
    "called too late": (
        case(call("2026-03-03 09:30"), organizations=("1",)),
        NOW,
        SOURCED,
    ),
    "called again": (
        case(
            call("2026-03-03 09:30"),
            call("2026-03-03 09:45"),
            organizations=("1",),
        ),
        NOW,
        SOURCED,
    ),
    "called before": (
        case(call("2026-03-02 09:30"), organizations=("1",)),
        NOW,
        SOURCED,
    ),
    "will call": (
        case(
            call("2026-03-25 09:30", "2026-03-02 11:00"), organizations=("1",)
        ),
        NOW,
        SOURCED,
    ),
    "called for nothing": (
        case(call("2026-03-02 10:30"), severity=3, organizations=("1",)),
        NOW,
        SOURCED,
    ),
    "another product": (
        case(call("2026-03-02 10:30"), product="EASM", organizations=("1",)),
        NOW,
        SOURCED,
    ),
    "no product": (
        case(call("2026-03-02 10:30"), product=None, organizations=("1",)),
        NOW,
        SOURCED,
    ),
    "nobody, nothing": (case(severity=None, organizations=()), NOW, SOURCED),
    "unmapped": (case(organizations=("99",)), NOW, SOURCED),
    "a crowd": (
        case(organizations=("2", "1", "18", "4", "5", "6", "99"), severity=3),
        NOW,
        SOURCED,
    ),
    "not yet": (case(organizations=("4",)), NOW, SOURCED),
    "expired": (case(organizations=("5",)), NOW, SOURCED),
    "suspended": (case(organizations=("6",)), NOW, SOURCED),
    "excluded": (case(request_type="Feature request"), NOW, SOURCED),
    "excluded organization": (case(organizations=("18",)), NOW, SOURCED),
    "excluded, nobody's": (
        case(request_type="Feature request", organizations=()),
        NOW,
        SOURCED,
    ),
    "withdrawn": (
        case(
            moved("2026-03-02 11:00", CLOSED, role=Role.CUSTOMER),
            status=CLOSED,
        ),
        NOW,
        SOURCED,
    ),
    "closed untold": (case(status=CLOSED), NOW, SOURCED),
    "declined": (
        case(moved("2026-03-02 11:00", DECLINED), status=DECLINED),
        NOW,
        SOURCED,
    ),
    "on a saturday": (
        request("2026-03-07 12:00", organizations=("2",)),
        NOW,
        SOURCED,
    ),
    "raised": (case(severity("2026-03-02 12:00", 3, 1)), NOW, SOURCED),
    "raised, kept": (case(severity("2026-03-05 09:30", 3, 1)), NOW, SOURCED),
    "lowered into the past": (
        case(severity("2026-03-05 12:00", 1, 2), severity=2),
        NOW,
        SOURCED,
    ),
    "raised into the past": (
        case(severity("2026-03-04 12:00", 3, 1), organizations=("7",)),
        NOW,
        sourced(
            organizations={
                "7": organization(
                    "7",
                    "B",
                    "Knowledge",
                    terms=terms(severity_change=BACKWARDS),
                )
            }
        ),
    ),
    "corrected": (
        case(
            entry("2026-03-02 12:00", Deed.ORGANIZATIONS, ("1",), ("2",)),
            entry("2026-03-02 13:00", Deed.PRODUCT, "Outscan NX", "EASM"),
            organizations=("1",),
            severity=3,
        ),
        NOW,
        SOURCED,
    ),
    "corrected into the past": (
        case(
            entry("2026-03-05 09:30", Deed.ORGANIZATIONS, ("1",), ("2",)),
            organizations=("1",),
            severity=3,
        ),
        NOW,
        SOURCED,
    ),
    "corrected into the past, then raised": (
        case(
            entry("2026-03-05 09:30", Deed.ORGANIZATIONS, ("1",), ("2",)),
            severity("2026-03-05 09:40", 3, 2),
            organizations=("1",),
            severity=2,
        ),
        NOW,
        SOURCED,
    ),
    "probably answered": (
        case(answer("2026-03-02 11:00", role=Role.PROBABLE_AGENT)),
        NOW,
        SOURCED,
    ),
    "product corrected": (
        case(
            call("2026-03-02 10:05"),
            entry("2026-03-02 13:00", Deed.PRODUCT, "Outscan NX", "EASM"),
            organizations=("1",),
            severity=2,
        ),
        NOW,
        SOURCED,
    ),
    "contradicted": (case(severity("2026-03-02 11:00", 3, 2)), NOW, SOURCED),
    "paused": (
        case(
            moved("2026-03-02 11:00", WAITING),
            moved("2026-03-02 12:00", OPEN, WAITING),
            organizations=("3",),
        ),
        NOW,
        SOURCED,
    ),
    "pausing": (
        case(
            moved("2026-03-02 11:00", WAITING),
            organizations=("3",),
            status=WAITING,
        ),
        NOW,
        SOURCED,
    ),
    "restarted": (
        case(
            moved("2026-03-02 11:00", RESOLVED),
            moved("2026-03-05 11:00", OPEN, RESOLVED),
            organizations=("3",),
        ),
        NOW,
        SOURCED,
    ),
}

REASONS: dict[str, list[str]] = {
    "knowledge": [
        "tier_bought | R6 | o:2 | organization=2 name=Knowledge AB tier=Knowledge",
        "severity | R5 |  | severity=1",
        "target | R1 | k:targets.1 | tier=Knowledge severity=1 goal=8h clock=business hours",
        "clock_starts | R4 |  | start=02/10:00 calendar=sweden",
        "due | R4 |  | due=03/10:00 calendar=sweden",
        "acknowledged | D4 | history 2026-03-02T10:00:00+00:00 | at=02/11:00 deed=public_comment by=somebody name= to=None due=03/10:00",  # noqa: E501
    ],
    "expert called": [
        "tier_bought | R6 | o:1 | organization=1 name=Expert AB tier=Expert",
        "severity | R5 |  | severity=1",
        "called | R3 | history 2026-03-02T09:30:00+00:00 | at=02/10:30 clock_starts=call",
        "target | R1 | e:targets.1 | tier=Expert severity=1 goal=2h clock=round the clock",
        "clock_starts | R4 |  | start=02/10:30 calendar=round the clock",
        "due | R4 |  | due=02/12:30 calendar=round the clock",
    ],
    "expert not called": [
        "tier_bought | R6 | o:1 | organization=1 name=Expert AB tier=Expert",
        "severity | R5 |  | severity=1",
        "not_called | R3 | e:phone | tier=Knowledge goal=2h clock=round the clock",
        "target | R1 | e:fallback.1 | tier=Knowledge severity=1 goal=8h clock=business hours",
        "clock_starts | R4 |  | start=02/10:00 calendar=sweden",
        "due | R4 |  | due=03/10:00 calendar=sweden",
    ],
    "called too late": [
        "tier_bought | R6 | o:1 | organization=1 name=Expert AB tier=Expert",
        "severity | R5 |  | severity=1",
        "called | R3 | history 2026-03-03T08:30:00+00:00 | at=03/09:30 clock_starts=call",
        "fallback_earlier | D2 | e:phone | tier=Knowledge",
        "target | R1 | e:fallback.1 | tier=Knowledge severity=1 goal=8h clock=business hours",
        "clock_starts | R4 |  | start=02/10:00 calendar=sweden",
        "due | R4 |  | due=03/10:00 calendar=sweden",
    ],
    "called again": [
        "tier_bought | R6 | o:1 | organization=1 name=Expert AB tier=Expert",
        "severity | R5 |  | severity=1",
        "called | R3 | history 2026-03-03T08:30:00+00:00 | at=03/09:30 clock_starts=call",
        "called_again | D2 | history 2026-03-03T08:45:00+00:00 | at=03/09:45 first=03/09:30",
        "fallback_earlier | D2 | e:phone | tier=Knowledge",
        "target | R1 | e:fallback.1 | tier=Knowledge severity=1 goal=8h clock=business hours",
        "clock_starts | R4 |  | start=02/10:00 calendar=sweden",
        "due | R4 |  | due=03/10:00 calendar=sweden",
    ],
    "called before": [
        "tier_bought | R6 | o:1 | organization=1 name=Expert AB tier=Expert",
        "severity | R5 |  | severity=1",
        "call_before_report | D3 | history 2026-03-02T08:30:00+00:00 | at=02/09:30 reported=02/10:00",
        "not_called | R3 | e:phone | tier=Knowledge goal=2h clock=round the clock",
        "target | R1 | e:fallback.1 | tier=Knowledge severity=1 goal=8h clock=business hours",
        "clock_starts | R4 |  | start=02/10:00 calendar=sweden",
        "due | R4 |  | due=03/10:00 calendar=sweden",
    ],
    "will call": [
        "tier_bought | R6 | o:1 | organization=1 name=Expert AB tier=Expert",
        "severity | R5 |  | severity=1",
        "call_ahead | R3 | history 2026-03-02T10:00:00+00:00 | at=25/09:30",
        "not_called | R3 | e:phone | tier=Knowledge goal=2h clock=round the clock",
        "target | R1 | e:fallback.1 | tier=Knowledge severity=1 goal=8h clock=business hours",
        "clock_starts | R4 |  | start=02/10:00 calendar=sweden",
        "due | R4 |  | due=03/10:00 calendar=sweden",
    ],
    "called for nothing": [
        "tier_bought | R6 | o:1 | organization=1 name=Expert AB tier=Expert",
        "severity | R5 |  | severity=3",
        "call_not_counted | R3 | history 2026-03-02T09:30:00+00:00 | at=02/10:30",
        "target | R1 | e:targets.3 | tier=Expert severity=3 goal=16h clock=business hours",
        "clock_starts | R4 |  | start=02/10:00 calendar=sweden",
        "due | R4 |  | due=04/10:00 calendar=sweden",
    ],
    "another product": [
        "tier_bought | R6 | o:1 | organization=1 name=Expert AB tier=Expert",
        "severity | R5 |  | severity=1",
        "called | R3 | history 2026-03-02T09:30:00+00:00 | at=02/10:30 clock_starts=call",
        "target | R1 | e:targets.1 | tier=Expert severity=1 goal=2h clock=business hours",
        "product_not_round_the_clock | R2 | e:round_the_clock_products | product=EASM",
        "clock_starts | R4 |  | start=02/10:30 calendar=sweden",
        "due | R4 |  | due=02/12:30 calendar=sweden",
    ],
    "no product": [
        "tier_bought | R6 | o:1 | organization=1 name=Expert AB tier=Expert",
        "severity | R5 |  | severity=1",
        "called | R3 | history 2026-03-02T09:30:00+00:00 | at=02/10:30 clock_starts=call",
        "target | R1 | e:targets.1 | tier=Expert severity=1 goal=2h clock=business hours",
        "product_unknown | D1 | e:round_the_clock_products | product=None",
        "clock_starts | R4 |  | start=02/10:30 calendar=sweden",
        "due | R4 |  | due=02/12:30 calendar=sweden",
    ],
    "nobody, nothing": [
        "tier_default_no_organization | D11 | p:default_tier | tier=Knowledge",
        "severity_default | D10 | p:default_severity | severity=3",
        "target | R1 | d:targets.3 | tier=Knowledge severity=3 goal=24h clock=business hours",
        "clock_starts | R4 |  | start=02/10:00 calendar=sweden",
        "due | R4 |  | due=05/10:00 calendar=sweden",
    ],
    "unmapped": [
        "tier_default_unmapped | D11 | p:default_tier | organization=99 name= tier=Knowledge",
        "severity | R5 |  | severity=1",
        "target | R1 | d:targets.1 | tier=Knowledge severity=1 goal=8h clock=business hours",
        "clock_starts | R4 |  | start=02/10:00 calendar=sweden",
        "due | R4 |  | due=03/10:00 calendar=sweden",
    ],
    "a crowd": [
        "tier_bought | R6 | o:1 | organization=1 name=Expert AB tier=Expert",
        "several_organizations | D11 | p:several_organizations | organizations=('2', '1', '99') names=('Knowledge AB', 'Expert AB', '') choice=earliest_due",  # noqa: E501
        "organization_unmapped | D11 |  | organization=99 name= tier=Knowledge",
        "organization_excluded | R8 | p:10 | organization=18 name= reason=has its own SLA",
        "organization_lapsed | R7 | o:4 | organization=4 name=Future AB lapse=not_yet day=2027-01-01",
        "organization_lapsed | R7 | o:5 | organization=5 name=Past AB lapse=expired day=2026-01-01",
        "organization_lapsed | R7 | o:6 | organization=6 name=Late AB lapse=suspended day=None",
        "severity | R5 |  | severity=3",
        "target | R1 | e:targets.3 | tier=Expert severity=3 goal=16h clock=business hours",
        "clock_starts | R4 |  | start=02/10:00 calendar=sweden",
        "due | R4 |  | due=04/10:00 calendar=sweden",
    ],
    "not yet": [
        "not_entitled | R7 | o:4 | organization=4 name=Future AB lapse=not_yet day=2027-01-01",
    ],
    "expired": [
        "not_entitled | R7 | o:5 | organization=5 name=Past AB lapse=expired day=2026-01-01",
    ],
    "suspended": [
        "not_entitled | R7 | o:6 | organization=6 name=Late AB lapse=suspended day=None",
    ],
    "excluded": [
        "tier_bought | R6 | o:2 | organization=2 name=Knowledge AB tier=Knowledge",
        "not_measured | R8 | p:9 | by=request_type value=Feature request reason=is a wish",
    ],
    "excluded organization": [
        "not_measured | R8 | p:10 | by=organization value=18 reason=has its own SLA organization=18 name=",
    ],
    "excluded, nobody's": [
        "tier_default_no_organization | D11 | p:default_tier | tier=Knowledge",
        "not_measured | R8 | p:9 | by=request_type value=Feature request reason=is a wish",
    ],
    "withdrawn": [
        "tier_bought | R6 | o:2 | organization=2 name=Knowledge AB tier=Knowledge",
        "withdrawn | D17 |  | at=02/11:00 by=customer",
    ],
    "closed untold": [
        "tier_bought | R6 | o:2 | organization=2 name=Knowledge AB tier=Knowledge",
        "closed_untold | D17 |  | status=Closed",
    ],
    "declined": [
        "tier_bought | R6 | o:2 | organization=2 name=Knowledge AB tier=Knowledge",
        "declined | R8 |  | status=Declined",
    ],
    "on a saturday": [
        "tier_bought | R6 | o:2 | organization=2 name=Knowledge AB tier=Knowledge",
        "severity | R5 |  | severity=1",
        "target | R1 | k:targets.1 | tier=Knowledge severity=1 goal=8h clock=business hours",
        "clock_starts_at_opening | D5 | k:calendar | opens=09/09:00 start=07/12:00 calendar=sweden",
        "due | R4 |  | due=09/17:00 calendar=sweden",
    ],
    "raised": [
        "tier_bought | R6 | o:2 | organization=2 name=Knowledge AB tier=Knowledge",
        "severity | R5 |  | severity=1",
        "target | R1 | k:targets.1 | tier=Knowledge severity=1 goal=8h clock=business hours",
        "severity_raised | D8 | history 2026-03-02T11:00:00+00:00 | before=3 after=1 at=02/12:00",
        "clock_starts | R4 |  | start=02/12:00 calendar=sweden",
        "due | R4 |  | due=03/12:00 calendar=sweden",
    ],
    "raised, kept": [
        "tier_bought | R6 | o:2 | organization=2 name=Knowledge AB tier=Knowledge",
        "severity | R5 |  | severity=1",
        "target | R1 | k:targets.3 | tier=Knowledge severity=3 goal=24h clock=business hours",
        "severity_raised | D8 | history 2026-03-05T08:30:00+00:00 | before=3 after=1 at=05/09:30",
        "due_kept | D8 |  | due=05/10:00",
        "clock_starts | R4 |  | start=02/10:00 calendar=sweden",
        "due | R4 |  | due=05/10:00 calendar=sweden",
    ],
    "lowered into the past": [
        "tier_bought | R6 | o:2 | organization=2 name=Knowledge AB tier=Knowledge",
        "severity | R5 |  | severity=2",
        "target | R1 | k:targets.2 | tier=Knowledge severity=2 goal=16h clock=business hours",
        "severity_lowered | D8 | history 2026-03-05T11:00:00+00:00 | before=1 after=2 at=05/12:00",
        "breach_dated_at_change | D8 | history 2026-03-05T11:00:00+00:00 | at=05/12:00",
        "clock_starts | R4 |  | start=02/10:00 calendar=sweden",
        "due | R4 |  | due=05/12:00 calendar=sweden",
    ],
    "raised into the past": [
        "tier_bought | R6 |  | organization=7 name=B tier=Knowledge",
        "override | R12 |  | what=severity_change value=raised retroactive",
        "severity | R5 |  | severity=1",
        "target | R1 |  | tier=Knowledge severity=1 goal=8h clock=business hours",
        "severity_raised | D8 | history 2026-03-04T11:00:00+00:00 | before=3 after=1 at=04/12:00",
        "breach_dated_at_change | D8 | history 2026-03-04T11:00:00+00:00 | at=04/12:00",
        "clock_starts | R4 |  | start=02/10:00 calendar=sweden",
        "due | R4 |  | due=04/12:00 calendar=sweden",
    ],
    "corrected": [
        "tier_bought | R6 | o:1 | organization=1 name=Expert AB tier=Expert",
        "severity | R5 |  | severity=3",
        "target | R1 | e:targets.3 | tier=Expert severity=3 goal=16h clock=business hours",
        "organizations_changed | R6 | history 2026-03-02T11:00:00+00:00 | at=02/12:00 organizations=('1',)",
        "product_changed | R2 | history 2026-03-02T12:00:00+00:00 | at=02/13:00 product=Outscan NX",
        "clock_starts | R4 |  | start=02/10:00 calendar=sweden",
        "due | R4 |  | due=04/10:00 calendar=sweden",
    ],
    "corrected into the past": [
        "tier_bought | R6 | o:1 | organization=1 name=Expert AB tier=Expert",
        "severity | R5 |  | severity=3",
        "target | R1 | e:targets.3 | tier=Expert severity=3 goal=16h clock=business hours",
        "organizations_changed | R6 | history 2026-03-05T08:30:00+00:00 | at=05/09:30 organizations=('1',)",
        "breach_dated_at_change | R6 | history 2026-03-05T08:30:00+00:00 | at=05/09:30",
        "clock_starts | R4 |  | start=02/10:00 calendar=sweden",
        "due | R4 |  | due=05/09:30 calendar=sweden",
    ],
    "corrected into the past, then raised": [
        "tier_bought | R6 | o:1 | organization=1 name=Expert AB tier=Expert",
        "severity | R5 |  | severity=2",
        "not_called | R3 | e:phone | tier=Knowledge goal=8h clock=round the clock",
        "target | R1 | e:targets.3 | tier=Expert severity=3 goal=16h clock=business hours",
        "organizations_changed | R6 | history 2026-03-05T08:30:00+00:00 | at=05/09:30 organizations=('1',)",
        "breach_dated_at_change | R6 | history 2026-03-05T08:30:00+00:00 | at=05/09:30",
        "severity_raised | D8 | history 2026-03-05T08:40:00+00:00 | before=3 after=2 at=05/09:40",
        "breach_kept | D33 |  | due=05/09:30",
        "clock_starts | R4 |  | start=02/10:00 calendar=sweden",
        "due | R4 |  | due=05/09:30 calendar=sweden",
    ],
    "another reporter": [
        "tier_bought | R6 | o:7 | organization=7 name=Asking AB tier=Knowledge",
        "override | R12 | a:flag_other_reporters | what=flag_other_reporters value=flagged",
        "severity | R5 |  | severity=1",
        "target | R1 | a:targets.1 | tier=Knowledge severity=1 goal=8h clock=business hours",
        "clock_starts | R4 |  | start=02/10:00 calendar=sweden",
        "due | R4 |  | due=03/10:00 calendar=sweden",
        "other_reporter | D31 | a:flag_other_reporters | by=bob reporter=Bob organization=7 name=Asking AB",
    ],
    "probably answered": [
        "tier_bought | R6 | o:2 | organization=2 name=Knowledge AB tier=Knowledge",
        "severity | R5 |  | severity=1",
        "target | R1 | k:targets.1 | tier=Knowledge severity=1 goal=8h clock=business hours",
        "clock_starts | R4 |  | start=02/10:00 calendar=sweden",
        "due | R4 |  | due=03/10:00 calendar=sweden",
        "probably_answered | D35 | history 2026-03-02T10:00:00+00:00 | at=02/11:00 by=somebody name=",
    ],
    "product corrected": [
        "tier_bought | R6 | o:1 | organization=1 name=Expert AB tier=Expert",
        "severity | R5 |  | severity=2",
        "called | R3 | history 2026-03-02T09:05:00+00:00 | at=02/10:05 clock_starts=call",
        "target | R1 | e:targets.2 | tier=Expert severity=2 goal=8h clock=round the clock",
        "product_changed | R2 | history 2026-03-02T12:00:00+00:00 | at=02/13:00 product=Outscan NX",
        "clock_starts | R4 |  | start=02/10:05 calendar=round the clock",
        "due | R4 |  | due=02/18:05 calendar=round the clock",
    ],
    "contradicted": [
        "tier_bought | R6 | o:2 | organization=2 name=Knowledge AB tier=Knowledge",
        "severity | R5 |  | severity=1",
        "target | R1 | k:targets.1 | tier=Knowledge severity=1 goal=8h clock=business hours",
        "severity_raised | D8 | history 2026-03-02T10:00:00+00:00 | before=3 after=1 at=02/11:00",
        "clock_starts | R4 |  | start=02/11:00 calendar=sweden",
        "history_disagrees | R5 |  | field=severity",
        "due | R4 |  | due=03/11:00 calendar=sweden",
    ],
    "paused": [
        "tier_bought | R6 | o:3 | organization=3 name=Own AB tier=Expert",
        "override | R12 | own:pauses_in | what=pauses_in value=('Waiting for customer',)",
        "severity | R5 |  | severity=1",
        "not_called | R3 | own:phone | tier=Knowledge goal=2h clock=round the clock",
        "target | R1 | own:fallback.1 | tier=Knowledge severity=1 goal=8h clock=business hours",
        "clock_starts | R4 |  | start=02/10:00 calendar=sweden",
        "paused | D7 | own:pauses_in | since=02/11:00 until=02/12:00 status=Waiting for customer",
        "due | R4 |  | due=03/11:00 calendar=sweden",
    ],
    "pausing": [
        "tier_bought | R6 | o:3 | organization=3 name=Own AB tier=Expert",
        "override | R12 | own:pauses_in | what=pauses_in value=('Waiting for customer',)",
        "severity | R5 |  | severity=1",
        "not_called | R3 | own:phone | tier=Knowledge goal=2h clock=round the clock",
        "target | R1 | own:fallback.1 | tier=Knowledge severity=1 goal=8h clock=business hours",
        "clock_starts | R4 |  | start=02/10:00 calendar=sweden",
        "pause_lasts | D7 | own:pauses_in | since=02/11:00 status=Waiting for customer",
        "due | R4 |  | due=03/10:00 calendar=sweden",
    ],
    "restarted": [
        "clock_restarted | D14 | history 2026-03-05T10:00:00+00:00 | at=05/11:00",
        "tier_bought | R6 | o:3 | organization=3 name=Own AB tier=Expert",
        "override | R12 | own:reopen | what=reopen value=restart",
        "severity | R5 |  | severity=1",
        "not_called | R3 | own:phone | tier=Knowledge goal=2h clock=round the clock",
        "target | R1 | own:fallback.1 | tier=Knowledge severity=1 goal=8h clock=business hours",
        "clock_starts | R4 |  | start=05/11:00 calendar=sweden",
        "due | R4 |  | due=06/11:00 calendar=sweden",
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", STORIES)
def test_the_reasons_of_an_answer(name: str) -> None:
    """In the order in which a person would ask, complete, each with its rule and source."""
    known, now, under = STORIES[name]
    assert [
        rendered(one) for one in seen(known, now, under).because
    ] == REASONS[name]


def test_all_reasons_are_told_here() -> None:
    """No reason goes unchecked."""
    told = {
        line.partition(" ")[0] for lines in REASONS.values() for line in lines
    }
    assert told == {str(one) for one in Because}


def test_a_fact_is_found_by_its_name() -> None:
    """Or is None."""
    one = reason(Because.DUE, "R4", "p:1", calendar="sweden", hours=8)
    assert (one.fact("hours"), one.fact("calendar"), one.fact("due")) == (
        8,
        "sweden",
        None,
    )
    assert one == Reason(
        Because.DUE, "R4", "p:1", (("calendar", "sweden"), ("hours", 8))
    )


def test_a_value_without_a_source_has_an_empty_one() -> None:
    """Terms and policies made by hand were read nowhere."""
    assert policy().source("default_tier") == terms().source("calendar") == ""
    assert (
        terms(sources={"calendar": "policy.yaml:3"}).source("calendar")
        == "policy.yaml:3"
    )
    assert (
        policy(sources={"default_tier": "policy.yaml:4"}).source(
            "default_tier"
        )
        == "policy.yaml:4"
    )
