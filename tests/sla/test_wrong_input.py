"""Wrong or missing input has a named outcome each: never a traceback, never a silent guess."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from jsm_sla_bot.sla.assess import assess
from jsm_sla_bot.sla.assessment import SlaStatus
from jsm_sla_bot.sla.calendar import (
    BusinessCalendar,
    CalendarSpec,
    DayException,
    Window,
)
from jsm_sla_bot.sla.errors import (
    CalendarError,
    ContractError,
    RequestError,
    SeverityError,
)
from jsm_sla_bot.sla.laying_out import lay_out
from jsm_sla_bot.sla.reason import Because
from jsm_sla_bot.sla.request import Deed, HistoryEntry, Role, Status
from tests.sla.contract import (
    IN_PROGRESS,
    NINE_TO_FIVE,
    OPEN,
    POLICY,
    STOCKHOLM,
    SWEDEN,
    answer,
    business,
    call,
    entry,
    local,
    only,
    request,
    seen,
    severity,
    told,
    utc,
)

NAIVE = datetime(2026, 3, 2, 10, 0)
NOW = utc("2026-03-02 12:00")
REPORT = "2026-03-02 10:00"
RAISED = request(REPORT)


def made(
    what: Any,
    after: Any,
    before: Any = None,
    at: Any = NOW,
    role: Any = Role.AGENT,
) -> HistoryEntry:
    """Return an entry as a careless reader might make it."""
    return HistoryEntry(at, role, what, before, after)


PRESENT: list[tuple[str, dict[str, Any], str]] = [
    (
        "report without a zone",
        {"reported": NAIVE},
        "the report has no time zone",
    ),
    (
        "report as text",
        {"reported": "2026-03-02"},
        "the report must be an instant",
    ),
    (
        "severity as text",
        {"severity": "high"},
        "the severity must be int or nothing, found 'high'",
    ),
    (
        "organizations as text",
        {"organizations": "11"},
        "the organizations must be tuple of texts",
    ),
    (
        "organizations as numbers",
        {"organizations": (11,)},
        "the organizations must be tuple of texts",
    ),
    (
        "product as number",
        {"product": 4},
        "the product must be str or nothing",
    ),
    (
        "request type as number",
        {"request_type": 4},
        "the request type must be",
    ),
    ("channel as number", {"channel": 4}, "the channel must be"),
    ("labels as list", {"labels": ["x"]}, "the labels must be frozenset"),
    ("status as text", {"status": "Open"}, "the status must be Status"),
]


@pytest.mark.parametrize(
    ("given", "message"),
    [case[1:] for case in PRESENT],
    ids=[case[0] for case in PRESENT],
)
def test_a_value_of_another_kind_is_named(
    given: dict[str, Any], message: str
) -> None:
    """The request is set aside, with its key and what was found."""
    with pytest.raises(RequestError, match=message) as raised:
        assess(replace(RAISED, **given), POLICY, NOW)
    assert str(raised.value).startswith("SUP-1")


ENTRIES: list[tuple[str, HistoryEntry, str]] = [
    (
        "naive entry",
        made(Deed.PUBLIC_COMMENT, None, at=NAIVE),
        "a history entry .* has no time zone",
    ),
    (
        "entry at a text",
        made(Deed.STATUS, OPEN, at="then"),
        "must be an instant, found 'then'",
    ),
    ("naive call", made(Deed.CALLED, NAIVE), "a call has no time zone"),
    (
        "naive earlier call",
        made(Deed.CALLED, None, NAIVE),
        "a call has no time zone",
    ),
    (
        "call as text",
        made(Deed.CALLED, "10:00"),
        "must be datetime or nothing, found '10:00'",
    ),
    (
        "severity as text",
        made(Deed.SEVERITY, "high"),
        "must be int or nothing, found 'high'",
    ),
    (
        "severity was a text",
        made(Deed.SEVERITY, 1, "high"),
        "must be int or nothing, found 'high'",
    ),
    ("status as text", made(Deed.STATUS, "Open"), "must be Status or nothing"),
    (
        "organizations as text",
        made(Deed.ORGANIZATIONS, "11"),
        "must be tuple or nothing of texts",
    ),
    (
        "organizations as numbers",
        made(Deed.ORGANIZATIONS, (11,)),
        "must be tuple or nothing of texts",
    ),
    (
        "labels as tuple",
        made(Deed.LABELS, ("x",)),
        "must be frozenset or nothing",
    ),
    ("product as number", made(Deed.PRODUCT, 4), "must be str or nothing"),
    (
        "role as text",
        made(Deed.PUBLIC_COMMENT, None, role="agent"),
        "a known deed in a known role",
    ),
    (
        "deed as text",
        made("public_comment", None),
        "a known deed in a known role",
    ),
]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [case[1:] for case in ENTRIES],
    ids=[case[0] for case in ENTRIES],
)
def test_an_entry_of_another_kind_is_named(
    wrong: HistoryEntry, message: str
) -> None:
    """One wrong entry among good ones sets the request aside: nothing is guessed from the rest."""
    with pytest.raises(RequestError, match=message):
        assess(request(REPORT, answer("2026-03-02 11:00"), wrong), POLICY, NOW)


def test_a_naive_now_is_refused() -> None:
    """No instant is taken for local time."""
    with pytest.raises(RequestError, match="now has no time zone"):
        assess(RAISED, POLICY, NAIVE)


def test_instants_of_any_zone_are_understood() -> None:
    """An instant is an instant: the answer is in UTC whatever zone it was told in."""
    called = datetime(2026, 3, 2, 10, 30, tzinfo=STOCKHOLM)
    elsewhere = replace(
        request(
            REPORT, made(Deed.CALLED, called, at=called), organizations=("11",)
        ),
        reported=datetime(
            2026, 3, 2, 4, 0, tzinfo=ZoneInfo("America/New_York")
        ),
    )
    here = request(REPORT, call("2026-03-02 10:30"), organizations=("11",))
    now = datetime(2026, 3, 2, 22, 30, tzinfo=ZoneInfo("Australia/Sydney"))
    assessment = assess(elsewhere, POLICY, now)
    assert (assessment.due, assessment.rungs) == (
        assess(here, POLICY, now).due,
        assess(here, POLICY, now).rungs,
    )
    assert assessment.due is not None
    assert assessment.due.tzinfo is UTC


@pytest.mark.parametrize("level", [0, 5, 7, -1])
def test_a_severity_without_a_target_is_named(level: int) -> None:
    """An unknown severity is no other severity."""
    with pytest.raises(
        SeverityError,
        match=f"tier 'Knowledge' has no target for severity {level}",
    ):
        seen(request(REPORT, severity=level), REPORT)
    with pytest.raises(SeverityError):
        seen(
            request(REPORT, severity("2026-03-02 11:00", level, 1)),
            "2026-03-02 12:00",
        )


def test_a_missing_fallback_is_named() -> None:
    """R3 needs the fallback tier's target of that severity."""
    under = only("Expert", fallback={3: business(24)})
    with pytest.raises(
        SeverityError, match="tier 'Knowledge' has no target for severity 1"
    ):
        seen(request(REPORT, organizations=("1",)), REPORT, under)


def test_a_request_with_nothing_on_it_is_answered() -> None:
    """No severity, no organization, no product, no history: the defaults, each told."""
    bare = request(REPORT, severity=None, organizations=(), product=None)
    assessment = seen(bare, REPORT)
    assert {
        Because.SEVERITY_DEFAULT,
        Because.TIER_DEFAULT_NO_ORGANIZATION,
    } <= set(told(assessment))
    assert (assessment.due, len(assessment.flags)) == (
        local("2026-03-05 10:00"),
        2,
    )


def test_a_history_that_contradicts_itself_is_told() -> None:
    """What is shown now counts, and the answer says that the history does not agree."""
    raised = request(REPORT, severity("2026-03-02 11:00", 3, 2), severity=1)
    assessment = seen(raised, "2026-03-02 12:00")
    disagreeing = [
        one.fact("field")
        for one in assessment.because
        if one.because is Because.HISTORY_DISAGREES
    ]
    assert (assessment.severity, disagreeing) == (1, ["severity"])


def test_a_gap_in_the_history_is_told_too() -> None:
    """What the next change found is the truth, then as now."""
    raised = request(
        REPORT,
        severity("2026-03-02 11:00", 3, 2),
        severity("2026-03-02 13:00", 4, 1),
        severity=1,
    )
    assert seen(raised, "2026-03-02 12:00").severity == 4
    assert Because.HISTORY_DISAGREES in told(seen(raised, "2026-03-02 12:00"))
    assert Because.HISTORY_DISAGREES in told(seen(raised, "2026-03-02 14:00"))


def test_a_renamed_status_is_no_contradiction() -> None:
    """Of a status only what it means to the contract counts."""
    changed = entry("2026-03-02 11:00", Deed.STATUS, Status("Pending"), OPEN)
    assert Because.HISTORY_DISAGREES not in told(
        seen(request(REPORT, changed), "2026-03-02 12:00")
    )
    assert Because.HISTORY_DISAGREES in told(
        seen(request(REPORT, changed, status=IN_PROGRESS), "2026-03-02 12:00")
    )


def test_a_now_before_the_report_counts_as_the_report() -> None:
    """A clock that is behind Jira's by a second is no reason to say anything else."""
    assert seen(RAISED, "2026-03-02 09:59:59") == seen(RAISED, REPORT)


@pytest.mark.parametrize(
    "reported", ["2024-12-31 12:00", "2027-12-31 12:00", "2028-01-03 12:00"]
)
def test_a_clock_that_runs_past_the_snapshot_names_the_calendar(
    reported: str,
) -> None:
    """D16: an error, never a guess, before as after its years."""
    with pytest.raises(
        CalendarError,
        match=r"calendar 'sweden' covers 2025-2027 only: .* calendars/sweden.yaml",
    ):
        seen(request(reported), reported)


def test_a_calendar_that_never_opens_is_named() -> None:
    """A business-hours clock on it could never run out; a round-the-clock one can."""
    closed = lay_out(
        CalendarSpec(
            "closed",
            "UTC",
            UTC,
            ((),) * 7,
            {},
            2026,
            2026,
            "calendars/closed.yaml",
        )
    )
    with pytest.raises(
        CalendarError,
        match=r"calendar 'closed' never opens: .* calendars/closed.yaml",
    ):
        seen(
            request(REPORT, organizations=("1",)),
            REPORT,
            only(calendar=closed),
        )
    assert closed.elapsed(utc("2026-01-01"), utc("2026-12-31")) == timedelta(0)
    raised = request(
        REPORT,
        answer("2026-03-02 11:00"),
        organizations=("1",),
        request_type="Feature request",
    )
    assert (
        seen(raised, REPORT, only(calendar=closed)).status
        is SlaStatus.NOT_APPLICABLE
    )


HOURS = [
    (
        "that end before they begin",
        Window(timedelta(hours=9), timedelta(hours=8)),
    ),
    ("of no length", Window(timedelta(hours=9), timedelta(hours=9))),
    ("from yesterday", Window(timedelta(hours=-1), timedelta(hours=8))),
    ("from tomorrow", Window(timedelta(hours=24), timedelta(hours=25))),
    ("longer than a day", Window(timedelta(hours=9), timedelta(hours=34))),
]


@pytest.mark.parametrize(
    "window", [case[1] for case in HOURS], ids=[case[0] for case in HOURS]
)
@pytest.mark.parametrize("exception", [False, True], ids=["week", "exception"])
def test_hours_that_make_no_sense_are_refused(
    window: Window, exception: bool
) -> None:
    """A calendar is laid out from hours that begin within the day and last up to 24 h."""
    week = (NINE_TO_FIVE,) * 5 + ((), ())
    days = (
        {date(2026, 1, 2): DayException("odd", (window,))} if exception else {}
    )
    with pytest.raises(CalendarError, match="calendar 'odd' has hours from"):
        lay_out(
            CalendarSpec(
                "odd",
                "UTC",
                UTC,
                week if exception else ((window,),) * 7,
                days,
                2026,
                2026,
            )
        )


@pytest.mark.parametrize(
    ("first", "last"), [(2027, 2026), (1, 2026), (2026, 9999)]
)
def test_years_that_make_no_sense_are_refused(first: int, last: int) -> None:
    """Neither backwards nor at the ends of the calendar, where zones run out of dates."""
    with pytest.raises(CalendarError, match="calendar 'odd'"):
        lay_out(
            CalendarSpec(
                "odd", "UTC", UTC, (NINE_TO_FIVE,) * 7, {}, first, last
            )
        )


def ask_due(calendar: BusinessCalendar, instant: datetime) -> object:
    """Ask when an hour from then ends."""
    return calendar.due(instant, timedelta(hours=1))


def ask_spans(calendar: BusinessCalendar, instant: datetime) -> object:
    """Ask for the open stretches from then on."""
    return calendar.spans(instant, instant)


def ask_closed_days(calendar: BusinessCalendar, instant: datetime) -> object:
    """Ask for the closed days from then on."""
    return calendar.closed_days(instant, instant)


def ask_elapsed(calendar: BusinessCalendar, instant: datetime) -> object:
    """Ask for the open time since then."""
    return calendar.elapsed(instant, instant)


@pytest.mark.parametrize(
    "ask", [ask_due, ask_elapsed, ask_spans, ask_closed_days]
)
@pytest.mark.parametrize(
    ("instant", "error"),
    [
        (NAIVE, RequestError),
        (utc("2024-12-31 22:59:59.999"), CalendarError),
        (utc("2027-12-31 23:00:00.001"), CalendarError),
    ],
    ids=["naive", "before", "after"],
)
def test_no_question_is_answered_outside_of_the_snapshot(
    ask: Any, instant: datetime, error: type[ContractError]
) -> None:
    """D16 holds for every question to a calendar."""
    with pytest.raises(error):
        ask(SWEDEN, instant)


def test_a_negative_target_is_refused() -> None:
    """Time is not counted backwards."""
    with pytest.raises(CalendarError, match="must not be negative"):
        SWEDEN.due(NOW, timedelta(milliseconds=-1))


def test_every_refusal_can_be_set_aside_by_one_name() -> None:
    """Who asks the engine catches ContractError and nothing else."""
    assert {CalendarError, SeverityError, RequestError} == set(
        ContractError.__subclasses__()
    )
