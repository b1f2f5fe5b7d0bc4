"""Corners that a careless change of the engine would turn: each was found by changing it (`make mutants`)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from jsm_sla_bot.sla.assessment import SlaStatus
from jsm_sla_bot.sla.calendar import CalendarSpec
from jsm_sla_bot.sla.contract import AcknowledgementRule, ClockKind, Reopening
from jsm_sla_bot.sla.errors import CalendarError, RequestError
from jsm_sla_bot.sla.history import in_order
from jsm_sla_bot.sla.laying_out import lay_out, round_the_clock
from jsm_sla_bot.sla.reason import Because
from jsm_sla_bot.sla.request import Deed, HistoryEntry, Phase, Role, Status
from jsm_sla_bot.sla.validate import checked, in_utc
from tests.sla.contract import (
    CLOSED,
    DECLINED,
    IN_PROGRESS,
    NINE_TO_FIVE,
    OPEN,
    RESOLVED,
    STOCKHOLM,
    answer,
    call,
    entry,
    local,
    moved,
    only,
    organization,
    policy,
    request,
    seen,
    severity,
    terms,
    told,
    utc,
)

REPORT = "2026-03-02 10:00"
LATER = "2026-03-20 12:00"
RESTART = only(reopen=Reopening.RESTART)
WAITING = Status("Waiting for customer")
TOKYO = ZoneInfo("Asia/Tokyo")


def test_every_instant_of_a_checked_request_is_in_utc() -> None:
    """Whatever zones it was told in, in the report, the entries and the calls; the rest is left as it is."""
    there = datetime(2026, 3, 2, 18, 30, tzinfo=TOKYO)
    elsewhere = replace(
        request(
            REPORT,
            call("2026-03-02 10:10"),
            HistoryEntry(there, Role.AGENT, Deed.CALLED, there, there, "x"),
        ),
        reported=there,
    )
    known = checked(elsewhere)
    first, second = known.history
    instants = [
        known.reported,
        first.at,
        first.after,
        second.at,
        second.before,
        second.after,
    ]
    assert all(
        isinstance(one, datetime) and one.tzinfo is UTC for one in instants
    )
    assert (first, second, known.reported) == (*elsewhere.history, there)
    assert (second.by, first.before) == ("x", None)
    here = HistoryEntry(
        there, Role.AGENT, Deed.CALLED, None, utc("2026-03-02 09:00")
    )
    (only_entry,) = checked(request(REPORT, here)).history
    assert only_entry.at.tzinfo is UTC


def test_a_checked_request_in_utc_is_the_same_object() -> None:
    """Nothing is copied that need not be."""
    raised = request(
        REPORT, call("2026-03-02 10:10"), answer("2026-03-02 10:20")
    )
    assert checked(raised) is raised
    assert in_utc(raised.reported, "x")
    assert not in_utc(datetime(2026, 3, 2, 10, tzinfo=TOKYO), "x")


@pytest.mark.parametrize(
    "wrong",
    [
        HistoryEntry(
            utc(REPORT),
            Role.AGENT,
            Deed.CALLED,
            None,
            datetime(2026, 3, 2, 10),
        ),
        HistoryEntry(utc(REPORT), Role.AGENT, Deed.SEVERITY, None, "high"),
        HistoryEntry(utc(REPORT), Role.AGENT, Deed.ORGANIZATIONS, None, (11,)),  # type: ignore[arg-type]
        HistoryEntry(utc(REPORT), "agent", Deed.CALLED, None, None),  # type: ignore[arg-type]
    ],
    ids=["call", "severity", "organizations", "role"],
)
def test_a_refusal_names_the_request_and_what_was_found(
    wrong: HistoryEntry,
) -> None:
    """Even after an entry that merely has another zone."""
    abroad = HistoryEntry(
        datetime(2026, 3, 2, 18, tzinfo=TOKYO), Role.AGENT, Deed.INTERNAL_NOTE
    )
    with pytest.raises(
        RequestError,
        match=r"^SUP-1: .*(found \('?high|found 'high'|11|'agent'|no time zone)",
    ):
        checked(request(REPORT, abroad, wrong))


def test_a_comment_after_the_closing_does_not_hide_who_closed() -> None:
    """D17: withdrawn stays withdrawn, whatever is said afterwards."""
    withdrawn = moved("2026-03-02 11:00", CLOSED, role=Role.CUSTOMER)
    thanks = answer("2026-03-02 12:00", role=Role.CUSTOMER)
    assert (
        told(seen(request(REPORT, withdrawn, thanks, status=CLOSED), LATER))[
            -1
        ]
        is Because.WITHDRAWN
    )


def test_from_resolved_to_closed_is_no_reopening() -> None:
    """D14: the request was done before and is done after."""
    history = [
        moved("2026-03-02 11:00", RESOLVED),
        moved("2026-03-05 11:00", CLOSED, RESOLVED),
    ]
    assessment = seen(
        request(REPORT, *history, organizations=("1",), status=CLOSED),
        LATER,
        RESTART,
    )
    assert (assessment.status, assessment.acknowledged_at) == (
        SlaStatus.MET,
        local("2026-03-02 11:00"),
    )


def test_a_customer_may_reopen_and_the_new_answer_tells_so() -> None:
    """D14: whoever reopens starts the new clock; it is told with its answer, too."""
    history = [
        answer("2026-03-02 11:00"),
        moved("2026-03-03 11:00", CLOSED),
        moved("2026-03-04 11:00", OPEN, CLOSED, Role.CUSTOMER),
        answer("2026-03-04 12:00"),
    ]
    assessment = seen(
        request(REPORT, *history, organizations=("1",)), LATER, RESTART
    )
    assert told(assessment)[0] is Because.CLOCK_RESTARTED
    assert assessment.acknowledged_at == local("2026-03-04 12:00")


def test_an_answer_of_the_instant_of_the_reopening_answers_the_new_clock() -> (
    None
):
    """D14: in whichever order the two are told."""
    reopened, comment = (
        moved("2026-03-04 11:00", OPEN, CLOSED, Role.CUSTOMER),
        answer("2026-03-04 11:00"),
    )
    for pair in ([reopened, comment], [comment, reopened]):
        history = [
            answer("2026-03-02 11:00"),
            moved("2026-03-03 11:00", CLOSED),
            *pair,
        ]
        known = request(REPORT, *history, organizations=("1",))
        assert seen(known, LATER, RESTART).acknowledged_at == local(
            "2026-03-04 11:00"
        )


def test_who_restarts_and_what_answers_is_asked_of_the_organization_of_then() -> (
    None
):
    """D14, D9: of the one whose request it was at the reopening, and at each answer."""
    strict = AcknowledgementRule(
        public_comment=False, status=True, severity=False
    )
    own = terms(reopen=Reopening.RESTART, acknowledgement=strict)
    under = policy(
        organizations={
            "1": organization("1", "Keeping AB", "Knowledge"),
            "2": organization("2", "Restarting AB", "Knowledge", terms=own),
        }
    )
    history = [
        entry("2026-03-02 10:30", Deed.ORGANIZATIONS, ("2",), ("1",)),
        moved("2026-03-02 11:00", IN_PROGRESS),
        moved("2026-03-03 11:00", CLOSED, IN_PROGRESS),
        moved("2026-03-04 11:00", IN_PROGRESS, CLOSED),
    ]
    known = request(REPORT, *history, organizations=("2",), status=IN_PROGRESS)
    assert seen(known, LATER, under).acknowledged_at == local(
        "2026-03-04 11:00"
    )
    back = [
        *history[:3],
        entry("2026-03-03 12:00", Deed.ORGANIZATIONS, ("1",), ("2",)),
        history[3],
    ]
    known = request(REPORT, *back, organizations=("1",), status=IN_PROGRESS)
    assert seen(known, LATER, under).acknowledged_at == local(
        "2026-03-02 11:00"
    )


def test_a_reopening_among_several_is_judged_on_the_new_clock() -> None:
    """D11, D14: which organization decides is worked out from the new start."""
    under = policy(
        organizations={
            "1": organization(
                "1",
                "A",
                "Expert",
                terms=terms("Expert", reopen=Reopening.RESTART),
            ),
            "2": organization("2", "B", "Knowledge"),
        }
    )
    history = [
        answer("2026-03-02 11:00"),
        moved("2026-03-03 11:00", CLOSED),
        moved("2026-03-04 11:00", OPEN, CLOSED, Role.CUSTOMER),
        answer("2026-03-04 12:00"),
    ]
    known = request(REPORT, *history, severity=3, organizations=("1", "2"))
    assessment = seen(known, LATER, under)
    assert (assessment.organization, assessment.acknowledged_at) == (
        "1",
        local("2026-03-04 12:00"),
    )


NOTHING_RUNS = [
    (
        "withdrawn",
        [moved("2026-03-02 11:00", CLOSED, role=Role.CUSTOMER)],
        {"status": CLOSED},
        "Expert",
        "11",
        3,
    ),
    (
        "excluded",
        [],
        {"request_type": "Feature request", "severity": None},
        "Knowledge",
        "12",
        3,
    ),
    (
        "excluded with a severity",
        [],
        {"request_type": "Feature request", "severity": 2},
        "Knowledge",
        "12",
        2,
    ),
    (
        "excluded, lapsed",
        [],
        {"request_type": "Feature request", "organizations": ("15",)},
        None,
        None,
        3,
    ),
    (
        "excluded, nobody's",
        [],
        {"request_type": "Feature request", "organizations": ()},
        "Knowledge",
        None,
        3,
    ),
    (
        "excluded, still entitled",
        [],
        {"request_type": "Feature request", "organizations": ("14",)},
        "Expert",
        "14",
        3,
    ),
    ("excluded organization", [], {"organizations": ("18",)}, None, None, 3),
]


@pytest.mark.parametrize(
    ("history", "given", "tier", "decided_by", "level"),
    [case[1:] for case in NOTHING_RUNS],
    ids=[case[0] for case in NOTHING_RUNS],
)
def test_an_answer_without_a_clock_is_complete(
    history: list[HistoryEntry],
    given: dict[str, object],
    tier: str | None,
    decided_by: str | None,
    level: int,
) -> None:
    """Key, severity and calendar are told, and the tier of whoever decides: of a withdrawn request as of any other."""
    known = request(
        REPORT,
        *history,
        **{"severity": 3, "organizations": ("12", "11"), **given},
    )
    assessment = seen(known, LATER)
    assert (assessment.key, assessment.calendar, assessment.severity) == (
        "SUP-1",
        "sweden",
        level,
    )
    assert (assessment.tier, assessment.organization) == (tier, decided_by)


def test_an_answer_with_a_clock_is_complete() -> None:
    """Key and calendar as given, and which rungs escalate."""
    assessment = seen(request(REPORT), REPORT)
    assert (assessment.key, assessment.calendar) == ("SUP-1", "sweden")
    assert [rung.escalate for rung in assessment.rungs] == [False, True]


def test_the_calendar_told_is_the_organizations_own() -> None:
    """R12: on what is not measured, too."""
    own = lay_out(
        CalendarSpec("own", "UTC", UTC, (NINE_TO_FIVE,) * 7, {}, 2026, 2026)
    )
    known = request(
        REPORT, organizations=("1",), request_type="Feature request"
    )
    assert seen(known, REPORT, only(calendar=own)).calendar == "own"


EMPTY: list[tuple[str, HistoryEntry, dict[str, object]]] = [
    (
        "labels",
        entry("2026-03-02 11:00", Deed.LABELS, None, frozenset({"x"})),
        {},
    ),
    (
        "organizations",
        entry("2026-03-02 11:00", Deed.ORGANIZATIONS, None, ("11",)),
        {"organizations": ()},
    ),
    ("status", entry("2026-03-02 11:00", Deed.STATUS, None, IN_PROGRESS), {}),
]


@pytest.mark.parametrize(
    ("deed", "given"),
    [case[1:] for case in EMPTY],
    ids=[case[0] for case in EMPTY],
)
def test_nothing_and_empty_are_the_same(
    deed: HistoryEntry, given: dict[str, object]
) -> None:
    """A history that ends with nothing does not contradict a field that is empty."""
    assert Because.HISTORY_DISAGREES not in told(
        seen(request(REPORT, deed, **given), LATER)
    )


def test_nothing_and_empty_chain_at_one_instant() -> None:
    """Changes of one instant are put in order across them."""
    at = "2026-03-02 11:00"
    history = [
        entry(at, Deed.ORGANIZATIONS, ("11",), None),
        entry(at, Deed.ORGANIZATIONS, (), ("12",)),
        entry(at, Deed.LABELS, frozenset({"b", "a", "c"}), frozenset({"a"})),
    ]
    for pair in (history, history[::-1]):
        assessment = seen(
            request(
                REPORT,
                *pair,
                organizations=("11",),
                severity=3,
                labels=frozenset({"a", "b", "c"}),
            ),
            LATER,
        )
        assert Because.HISTORY_DISAGREES not in told(assessment)
        assert assessment.promised_due == local("2026-03-05 10:00")


def test_an_open_phase_against_nothing_is_no_contradiction_but_a_closed_one_is() -> (
    None
):
    """Of a status only the phase counts, and nothing is as good as open."""
    ended = entry("2026-03-02 11:00", Deed.STATUS, None, OPEN)
    assert Because.HISTORY_DISAGREES in told(
        seen(request(REPORT, ended, status=IN_PROGRESS), LATER)
    )


def test_a_due_time_that_a_change_leaves_alone_is_not_called_dated() -> None:
    """D8: due at the very instant of the change it is due there of its own."""
    at_change = seen(
        request(REPORT, severity("2026-03-04 10:00", 1, 2), severity=2), LATER
    )
    assert at_change.due == local("2026-03-04 10:00")
    assert Because.BREACH_DATED_AT_CHANGE not in told(at_change)
    kept = seen(request(REPORT, severity("2026-03-04 10:00", 3, 1)), LATER)
    assert kept.due == local("2026-03-05 10:00")
    assert Because.DUE_KEPT in told(kept)


def test_a_correction_of_the_report_itself_is_none() -> None:
    """R6: what was put right in the same instant was right from the start."""
    at_report = entry(REPORT, Deed.ORGANIZATIONS, ("11",), ("12",))
    assessment = seen(
        request(REPORT, at_report, severity=3, organizations=("11",)), LATER
    )
    assert Because.ORGANIZATIONS_CHANGED not in told(assessment)
    assert assessment.promised_due == local("2026-03-04 10:00")


def test_a_correction_due_at_its_own_instant_is_not_called_dated() -> None:
    """R6: it falls due there of its own."""
    corrected = entry("2026-03-04 10:00", Deed.ORGANIZATIONS, ("11",), ("12",))
    assessment = seen(
        request(REPORT, corrected, severity=3, organizations=("11",)), LATER
    )
    assert assessment.due == local("2026-03-04 10:00")
    assert Because.BREACH_DATED_AT_CHANGE not in told(assessment)


def test_corrections_keep_each_other() -> None:
    """A corrected organization keeps the corrected product, and the other way round, in either order."""
    called = call("2026-03-07 12:05")
    organizations = Deed.ORGANIZATIONS, ("11",), ("12",)
    product = Deed.PRODUCT, "Outscan NX", "EASM"
    for one, two in ((organizations, product), (product, organizations)):
        history = [
            called,
            entry("2026-03-07 12:10", *one),
            entry("2026-03-07 12:20", *two),
        ]
        assessment = seen(
            request("2026-03-07 12:00", *history, organizations=("11",)),
            "2026-03-07 12:30",
        )
        assert (assessment.due, assessment.promised_due) == (
            local("2026-03-07 14:05"),
            local("2026-03-09 17:00"),
        )


def test_both_corrected_at_one_instant() -> None:
    """One edit may put organization and product right together, to nothing even."""
    at = "2026-03-02 11:00"
    history = [
        entry(at, Deed.PRODUCT, None, "EASM"),
        entry(at, Deed.ORGANIZATIONS, (), ("11",)),
        call("2026-03-02 10:05"),
    ]
    assessment = seen(
        request(REPORT, *history, product=None, organizations=(), severity=3),
        LATER,
    )
    corrections = [one for one in told(assessment) if one.endswith("_changed")]
    assert corrections == [
        Because.ORGANIZATIONS_CHANGED,
        Because.PRODUCT_CHANGED,
    ]


def test_a_product_changed_twice_at_one_instant() -> None:
    """The corrections stay in the order in which each follows from the other."""
    at = "2026-03-02 11:00"
    history = [
        entry(at, Deed.PRODUCT, "EASM", "Outscan NX"),
        entry(at, Deed.PRODUCT, None, "EASM"),
    ]
    assessment = seen(request(REPORT, *history, product=None), LATER)
    products = [
        one.fact("product")
        for one in assessment.because
        if one.because is Because.PRODUCT_CHANGED
    ]
    assert products == ["EASM", None]


Ids = tuple[str, ...] | None
CHAINS: list[tuple[str, list[tuple[Ids, Ids]], tuple[str, ...]]] = [
    ("to nobody", [(("12",), ("11",)), (("11",), None)], ()),
    (
        "by way of nobody",
        [(("13",), ("12",)), (("12",), ()), (None, ("11",))],
        ("11",),
    ),
]


@pytest.mark.parametrize(
    ("chain", "present"),
    [case[1:] for case in CHAINS],
    ids=[case[0] for case in CHAINS],
)
def test_organizations_of_one_instant_chain_by_way_of_nobody(
    chain: list[tuple[Ids, Ids]], present: tuple[str, ...]
) -> None:
    """Nothing and an empty tuple are the same link."""
    history = [
        entry("2026-03-02 11:00", Deed.ORGANIZATIONS, after, before)
        for before, after in chain
    ]
    ordered = in_order(
        request(REPORT, *history[::-1], organizations=present)
    ).history
    assert [(one.before, one.after) for one in ordered] == chain


def test_a_label_that_the_history_ends_with_must_be_there() -> None:
    """A field emptied behind the history's back is told."""
    label = entry(
        "2026-03-02 11:00", Deed.LABELS, frozenset({"x"}), frozenset()
    )
    assert Because.HISTORY_DISAGREES in told(
        seen(request(REPORT, label), LATER)
    )


def test_several_with_a_term_and_a_call_are_judged_at_the_answer() -> None:
    """D11, D4, R7: whose rule it is that counts is worked out from all that was known then."""
    strict = AcknowledgementRule(
        public_comment=False, status=True, severity=False
    )
    own = terms("Expert", acknowledgement=strict)
    under = policy(
        organizations={
            "1": organization(
                "1", "A", "Expert", terms=own, valid_until=date(2026, 12, 31)
            ),
            "2": organization("2", "B", "Knowledge"),
        }
    )
    said = answer("2026-03-07 12:10")
    called = request(
        "2026-03-07 12:00",
        call("2026-03-07 12:05"),
        said,
        organizations=("2", "1"),
    )
    assert seen(called, LATER, under).acknowledged_at is None
    quiet = request("2026-03-07 12:00", said, organizations=("2", "1"))
    assert seen(quiet, LATER, under).acknowledged_at == local(
        "2026-03-07 12:10"
    )


def test_a_product_promised_round_the_clock_counts_in_the_promise() -> None:
    """The promise at the start is that of the product of the start."""
    at_once = replace(terms("Expert").targets[1], phone=False)
    under = only("Expert", targets={**terms("Expert").targets, 1: at_once})
    raised = request("2026-03-07 12:00", organizations=("1",))
    assert seen(raised, "2026-03-07 12:00", under).promised_due == local(
        "2026-03-07 14:00"
    )
    corrected = entry("2026-03-07 12:30", Deed.PRODUCT, "EASM", "Outscan NX")
    raised = request(
        "2026-03-07 12:00", corrected, organizations=("1",), product="EASM"
    )
    assessment = seen(raised, "2026-03-07 13:00", under)
    assert (assessment.promised_due, assessment.due) == (
        local("2026-03-07 14:00"),
        local("2026-03-09 11:00"),
    )


def test_a_pause_moves_no_promise() -> None:
    """D7: what was promised at the report was promised without any pause."""
    history = [
        moved("2026-03-02 11:00", WAITING),
        moved("2026-03-02 13:00", OPEN, WAITING),
    ]
    assessment = seen(
        request(REPORT, *history, organizations=("1",)),
        LATER,
        only(pauses_in=frozenset({"waiting for customer"})),
    )
    assert (assessment.promised_due, assessment.due) == (
        local("2026-03-03 10:00"),
        local("2026-03-03 12:00"),
    )


def test_a_pause_that_begins_at_the_due_time_comes_too_late() -> None:
    """D7: the target had run out."""
    history = [
        moved("2026-03-03 10:00", WAITING),
        moved("2026-03-03 13:00", OPEN, WAITING),
    ]
    assessment = seen(
        request(REPORT, *history, organizations=("1",)),
        LATER,
        only(pauses_in=frozenset({"waiting for customer"})),
    )
    assert (assessment.due, assessment.status) == (
        local("2026-03-03 10:00"),
        SlaStatus.BREACHED,
    )


def test_a_breach_dated_at_a_change_has_its_last_rung_there() -> None:
    """R10, D8: the rung of the whole target is the due time, wherever that came to be."""
    dated = seen(
        request(REPORT, severity("2026-03-05 12:00", 1, 2), severity=2), LATER
    )
    assert dated.rungs[-1].at == dated.due == local("2026-03-05 12:00")


def test_a_lapsed_organization_beside_one_makes_no_several() -> None:
    """D11: only who may decide is counted."""
    assessment = seen(
        request(REPORT, severity=3, organizations=("15", "12")), REPORT
    )
    assert Because.SEVERAL_ORGANIZATIONS not in told(assessment)
    assert Because.ORGANIZATION_LAPSED in told(assessment)


def test_an_unknown_product_is_named() -> None:
    """D1: so that somebody can put it on the list."""
    known = request(
        REPORT, call(REPORT), product="Abacus", organizations=("11",)
    )
    unknown = [
        one.fact("product")
        for one in seen(known, REPORT).because
        if one.because is Because.PRODUCT_UNKNOWN
    ]
    assert unknown == ["Abacus"]


def test_a_night_call_starts_its_clock_at_once() -> None:
    """D5 holds for business hours alone."""
    assessment = seen(
        request(
            "2026-03-06 22:10", call("2026-03-06 22:20"), organizations=("11",)
        ),
        "2026-03-06 22:30",
    )
    assert assessment.owed is not None
    assert assessment.owed.clock is ClockKind.ROUND_THE_CLOCK
    assert Because.CLOCK_STARTS in told(assessment)


def test_a_calendar_covers_its_years_where_it_is() -> None:
    """D16: from midnight to midnight of its own zone."""
    calendar = lay_out(
        CalendarSpec(
            "tokyo", "Asia/Tokyo", TOKYO, (NINE_TO_FIVE,) * 7, {}, 2026, 2026
        )
    )
    assert calendar.covers_from == datetime(2026, 1, 1, tzinfo=TOKYO)
    assert calendar.covers_until == datetime(2027, 1, 1, tzinfo=TOKYO)
    assert calendar.covers_from.tzinfo is calendar.opens[0].tzinfo is UTC
    assert calendar.local_date(utc("2026-03-02 15:00")) == date(2026, 3, 3)
    with pytest.raises(CalendarError, match="covers 2026-2026 only"):
        calendar.elapsed(utc("2026-03-02"), utc("2027-01-01"))
    with pytest.raises(
        RequestError,
        match="expected an instant with a time zone, found 2026-03-02T00:00:00",
    ):
        calendar.spans(datetime(2026, 3, 2), utc("2026-03-03"))


@pytest.mark.parametrize(
    ("first", "last", "fine"),
    [(2, 2, True), (9998, 9998, True), (1, 2, False)],
)
def test_the_years_that_can_be_laid_out(
    first: int, last: int, fine: bool
) -> None:
    """From the second year to the last but one."""
    spec = CalendarSpec(
        "c",
        "Europe/Stockholm",
        STOCKHOLM,
        (NINE_TO_FIVE,) * 7,
        {},
        first,
        last,
    )
    if fine:
        assert lay_out(spec).opens
    else:
        with pytest.raises(
            CalendarError, match=f"must lie in 2-9998, found {first}-{last}"
        ):
            lay_out(spec)


def test_an_hour_that_the_clocks_swallow_is_no_opening() -> None:
    """A window that ends where it begins, once the clocks have moved, opens nothing."""
    hour = CalendarSpec(
        "c", "Europe/Stockholm", STOCKHOLM, (NIGHT_HOUR,) * 7, {}, 2026, 2026
    )
    calendar = lay_out(hour)
    assert len(calendar.opens) == 364
    assert all(
        opens < closes
        for opens, closes in zip(calendar.opens, calendar.closes, strict=True)
    )


NIGHT_HOUR = (
    replace(
        NINE_TO_FIVE[0], opens=timedelta(hours=2), closes=timedelta(hours=3)
    ),
)


def test_round_the_clock_says_where_it_is() -> None:
    """A calendar like any other: zone, hours of every day, years."""
    always = round_the_clock()
    assert (always.spec.zone_name, always.spec.zone) == ("UTC", UTC)
    assert (always.covers_from, always.covers_until) == (
        utc("1970-01-01"),
        utc("9999-01-01"),
    )
    assert len(always.spec.week) == 7
    for day in (date(1970, 1, 1), date(2026, 3, 1)):
        (window,) = always.spec.windows(day)
        assert (window.opens, window.closes) == (
            timedelta(0),
            timedelta(hours=24),
        )
    assert always.next_open(utc("1970-01-01")) == utc("1970-01-01")
    last = utc("9998-12-31 23:59")
    assert always.due(last, timedelta(minutes=1)) == utc("9999-01-01")


def test_declined_is_told_by_the_status_that_declined() -> None:
    """R8: not by the one in which the request was filed afterwards."""
    filed = Status("Filed", Phase.CLOSED)
    history = [
        moved("2026-03-02 11:00", DECLINED),
        moved("2026-03-02 12:00", filed, DECLINED),
    ]
    assessment = seen(request(REPORT, *history, status=filed), LATER)
    assert assessment.because[-1].fact("status") == "Declined"
