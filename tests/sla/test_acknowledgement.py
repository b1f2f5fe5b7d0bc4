"""When the clock starts and what stops it: R4 with D4, D5, D6, D9, D17."""

from datetime import timedelta

import pytest

from jsm_sla_bot.sla.assessment import SlaStatus
from jsm_sla_bot.sla.contract import AcknowledgementRule
from jsm_sla_bot.sla.reason import Because
from jsm_sla_bot.sla.request import Deed, HistoryEntry, Role, Status
from tests.sla.contract import (
    CLOSED,
    DECLINED,
    IN_PROGRESS,
    OPEN,
    RESOLVED,
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
)

REPORT = (
    "2026-03-02 10:00"  # S1 of a Knowledge customer: due Tue 2026-03-03 10:00
)
LATER = "2026-03-20 12:00"
AT = "2026-03-02 11:00"
TRIAGE = Status("Triage")

DEEDS = [
    ("a public comment of an agent", answer(AT), True),
    ("an internal note", answer(AT, Deed.INTERNAL_NOTE), False),
    ("a comment of the bot", answer(AT, role=Role.BOT), False),
    ("a comment of an automation", answer(AT, role=Role.AUTOMATION), False),
    ("a comment of a customer", answer(AT, role=Role.CUSTOMER), False),
    ("a transition by an agent", moved(AT, IN_PROGRESS), True),
    (
        "a transition by an automation",
        moved(AT, IN_PROGRESS, role=Role.AUTOMATION),
        False,
    ),
    (
        "a transition by the customer",
        moved(AT, IN_PROGRESS, role=Role.CUSTOMER),
        False,
    ),
    ("a transition elsewhere", moved(AT, TRIAGE), False),
    ("a severity set by an agent", severity(AT, 2, 1), False),
    ("a label", entry(AT, Deed.LABELS, frozenset({"x"}), frozenset()), False),
    ("a product", entry(AT, Deed.PRODUCT, "Outscan NX", None), False),
    ("an organization", entry(AT, Deed.ORGANIZATIONS, ("12",), ()), False),
    ("a call written down", call(AT), False),
]


@pytest.mark.parametrize(
    ("deed", "counts"),
    [case[1:] for case in DEEDS],
    ids=[case[0] for case in DEEDS],
)
def test_only_an_agent_acknowledges(deed: HistoryEntry, counts: bool) -> None:
    """D4: a public comment or a transition into an acknowledged status, by who holds the role on this project."""
    now_status = deed.after if isinstance(deed.after, Status) else OPEN
    known = request(
        REPORT,
        deed,
        status=now_status,
        labels=frozenset({"x"} if deed.what is Deed.LABELS else ()),
    )
    assessment = seen(known, "2026-03-02 12:00")
    assert assessment.acknowledged_at == (local(AT) if counts else None)
    assert assessment.settled is counts
    assert assessment.status is (
        SlaStatus.MET if counts else SlaStatus.RUNNING
    )
    assert (assessment.next_change_at is None) is counts


RULES = [
    (
        AcknowledgementRule(public_comment=True, status=False, severity=False),
        "13:00",
    ),
    (
        AcknowledgementRule(public_comment=False, status=True, severity=False),
        "12:00",
    ),
    (
        AcknowledgementRule(public_comment=False, status=False, severity=True),
        "11:00",
    ),
    (
        AcknowledgementRule(public_comment=True, status=True, severity=True),
        "11:00",
    ),
    (
        AcknowledgementRule(
            public_comment=False, status=False, severity=False
        ),
        None,
    ),
]


@pytest.mark.parametrize(
    ("rule", "at"),
    RULES,
    ids=["comment", "status", "severity", "all three", "none"],
)
def test_which_deeds_count_is_policy(
    rule: AcknowledgementRule, at: str | None
) -> None:
    """D4: the earliest of those that the policy names."""
    known = request(
        REPORT,
        severity("2026-03-02 10:30", 1, None),
        severity("2026-03-02 11:00", None, 1),
        moved("2026-03-02 12:00", IN_PROGRESS),
        answer("2026-03-02 13:00"),
        organizations=("1",),
        status=IN_PROGRESS,
    )
    assessment = seen(known, "2026-03-02 14:00", only(acknowledgement=rule))
    assert assessment.acknowledged_at == (
        local(f"2026-03-02 {at}") if at else None
    )


@pytest.mark.parametrize(
    ("reported", "opens"),
    [
        ("2026-03-02 08:59", "2026-03-02 09:00"),
        ("2026-03-02 09:00", None),
        ("2026-03-02 16:59", None),
        ("2026-03-02 17:00", "2026-03-03 09:00"),
        ("2026-03-06 17:00", "2026-03-09 09:00"),
        ("2026-04-02 18:00", "2026-04-07 09:00"),
    ],
    ids=[
        "before opening",
        "at opening",
        "before closing",
        "at closing",
        "friday evening",
        "before easter",
    ],
)
def test_a_report_outside_business_hours_waits_for_the_opening(
    reported: str, opens: str | None
) -> None:
    """D5: and the answer says so."""
    assessment = seen(request(reported), reported)
    if opens:
        assert assessment.due == local(opens) + timedelta(hours=8)
    starts = [
        one
        for one in assessment.because
        if one.because is Because.CLOCK_STARTS_AT_OPENING
    ]
    assert [one.fact("opens") for one in starts] == (
        [local(opens)] if opens else []
    )


def test_due_at_closing_stays_at_closing_and_is_breached_only_after_it() -> (
    None
):
    """D6: 8 business hours from 09:00 end at 17:00, and 17:00 sharp is still in time."""
    raised = request("2026-03-02 09:00")
    at_due = seen(raised, "2026-03-02 17:00")
    assert at_due.due == local("2026-03-02 17:00")
    assert at_due.status is SlaStatus.AT_RISK
    assert at_due.next_change_at == local("2026-03-02 17:00:00.001")
    assert seen(raised, "2026-03-02 17:00:00.001").status is SlaStatus.BREACHED


@pytest.mark.parametrize(
    ("at", "status"),
    [
        ("2026-03-03 09:59:59.999", SlaStatus.MET),
        ("2026-03-03 10:00", SlaStatus.MET),
        ("2026-03-03 10:00:00.001", SlaStatus.MET_LATE),
    ],
    ids=["before due", "at due", "a millisecond after"],
)
def test_in_time_is_up_to_the_due_time(at: str, status: SlaStatus) -> None:
    """D9: in time is Met, after due is Met late, to the millisecond."""
    assert seen(request(REPORT, answer(at)), LATER).status is status


LATE_DEEDS = [
    ("severity raised", severity("2026-03-03 10:30", 3, 1), {"severity": 1}),
    ("severity lowered", severity("2026-03-03 10:30", 3, 4), {"severity": 4}),
    ("a call", call("2026-03-02 10:05", "2026-03-03 10:30"), {}),
    (
        "another organization",
        entry("2026-03-03 10:30", Deed.ORGANIZATIONS, ("12",), ("11",)),
        {"organizations": ("12",)},
    ),
    (
        "an unentitled organization",
        entry("2026-03-03 10:30", Deed.ORGANIZATIONS, ("15",), ("11",)),
        {"organizations": ("15",)},
    ),
    (
        "another product",
        entry("2026-03-03 10:30", Deed.PRODUCT, "EASM", "Outscan NX"),
        {"product": "EASM"},
    ),
    ("a second answer", answer("2026-03-03 10:30"), {}),
    (
        "closed by the customer",
        moved("2026-03-03 10:30", CLOSED, role=Role.CUSTOMER),
        {"status": CLOSED},
    ),
    ("reopened", moved("2026-03-03 10:30", OPEN, CLOSED, Role.CUSTOMER), {}),
]


@pytest.mark.parametrize(
    ("deed", "present"),
    [case[1:] for case in LATE_DEEDS],
    ids=[case[0] for case in LATE_DEEDS],
)
@pytest.mark.parametrize("level", [1, 3])
def test_after_the_acknowledgement_nothing_moves(
    deed: HistoryEntry, present: dict[str, object], level: int
) -> None:
    """D9: no severity, call, organization, product or status changes an answer that was given."""
    if deed.what is Deed.SEVERITY:
        level = 3
    calm = request(
        REPORT,
        answer("2026-03-03 10:15"),
        severity=level,
        organizations=("11",),
    )
    given = {"severity": level, "organizations": ("11",), **present}
    loud = request(REPORT, answer("2026-03-03 10:15"), deed, **given)
    assert seen(loud, LATER) == seen(calm, "2026-03-03 10:20")


def test_a_call_stamped_after_the_acknowledgement_never_counts() -> None:
    """D9: even one that was written down ahead of its time and of the answer."""
    history = [
        call("2026-03-02 12:00", "2026-03-02 10:05"),
        answer("2026-03-02 11:00"),
    ]
    raised = request(REPORT, *history, organizations=("11",))
    assert (
        seen(raised, LATER).due
        == seen(raised, "2026-03-02 11:30").due
        == local("2026-03-03 10:00")
    )


def test_a_correction_cannot_undo_an_acknowledgement() -> None:
    """D9: the terms that decided at the answer say whether it counts, not those of an organization put right later."""
    strict = AcknowledgementRule(
        public_comment=False, status=True, severity=False
    )
    under = policy(
        organizations={
            "1": organization("1", "Lenient AB", "Knowledge"),
            "2": organization(
                "2",
                "Strict AB",
                "Knowledge",
                terms=terms(acknowledgement=strict),
            ),
        }
    )
    changed = entry("2026-03-02 12:00", Deed.ORGANIZATIONS, ("2",), ("1",))
    known = request(REPORT, answer(AT), changed, organizations=("2",))
    assert seen(known, LATER, under).acknowledged_at == local(AT)
    before = entry("2026-03-02 10:30", Deed.ORGANIZATIONS, ("2",), ("1",))
    assert (
        seen(
            request(REPORT, answer(AT), before, organizations=("2",)),
            LATER,
            under,
        ).acknowledged_at
        is None
    )


@pytest.mark.parametrize(
    ("strict_tier", "counts"),
    [("Expert", False), ("Knowledge", True)],
    ids=["the strict one", "the other"],
)
def test_the_organization_that_decides_says_what_acknowledges(
    strict_tier: str, counts: bool
) -> None:
    """D11 with D4: of several organizations the one whose target falls due first."""
    strict = AcknowledgementRule(
        public_comment=False, status=True, severity=False
    )
    other = "Knowledge" if strict_tier == "Expert" else "Expert"
    under = policy(
        organizations={
            "1": organization("1", "Lenient AB", other),
            "2": organization(
                "2",
                "Strict AB",
                strict_tier,
                terms=terms(strict_tier, acknowledgement=strict),
            ),
        }
    )
    known = request(REPORT, answer(AT), severity=3, organizations=("1", "2"))
    assert (
        seen(known, "2026-03-02 12:00", under).acknowledged_at is not None
    ) is counts


CLOSINGS = [
    (
        "resolved by an agent",
        [moved(AT, RESOLVED)],
        RESOLVED,
        SlaStatus.MET,
        Because.ACKNOWLEDGED,
    ),
    (
        "closed by the customer",
        [moved(AT, CLOSED, role=Role.CUSTOMER)],
        CLOSED,
        None,
        Because.WITHDRAWN,
    ),
    (
        "closed by automation",
        [moved(AT, CLOSED, role=Role.AUTOMATION)],
        CLOSED,
        None,
        Because.WITHDRAWN,
    ),
    (
        "closed by the bot",
        [moved(AT, CLOSED, role=Role.BOT)],
        CLOSED,
        None,
        Because.WITHDRAWN,
    ),
    ("closed by nobody knows whom", [], CLOSED, None, Because.CLOSED_UNTOLD),
    (
        "closed by an agent after the customer",
        [
            moved(AT, RESOLVED, role=Role.CUSTOMER),
            moved("2026-03-02 12:00", CLOSED, RESOLVED),
        ],
        CLOSED,
        None,
        Because.WITHDRAWN,
    ),
    (
        "answered only after the customer had closed",
        [moved(AT, CLOSED, role=Role.CUSTOMER), answer("2026-03-05 12:00")],
        CLOSED,
        None,
        Because.WITHDRAWN,
    ),
    (
        "answered only after automation had closed, then closed again",
        [
            moved(AT, RESOLVED, role=Role.AUTOMATION),
            answer("2026-03-02 12:00"),
            moved("2026-03-02 13:00", CLOSED, RESOLVED),
        ],
        CLOSED,
        None,
        Because.WITHDRAWN,
    ),
    (
        "answered after the customer had closed, reopened, closed again",
        [
            moved(AT, CLOSED, role=Role.CUSTOMER),
            answer("2026-03-02 12:00"),
            moved("2026-03-02 13:00", OPEN, CLOSED, Role.CUSTOMER),
            moved("2026-03-02 14:00", CLOSED, OPEN, Role.CUSTOMER),
        ],
        CLOSED,
        SlaStatus.MET,
        Because.ACKNOWLEDGED,
    ),
    (
        "answered, then closed by the customer",
        [answer("2026-03-02 10:30"), moved(AT, CLOSED, role=Role.CUSTOMER)],
        CLOSED,
        SlaStatus.MET,
        Because.ACKNOWLEDGED,
    ),
    (
        "withdrawn, reopened, resolved by an agent",
        [
            moved(AT, CLOSED, role=Role.CUSTOMER),
            moved("2026-03-02 12:00", OPEN, CLOSED, Role.CUSTOMER),
            moved("2026-03-02 13:00", RESOLVED),
        ],
        RESOLVED,
        SlaStatus.MET,
        Because.ACKNOWLEDGED,
    ),
    (
        "withdrawn, reopened, closed untold",
        [
            moved(AT, CLOSED, role=Role.CUSTOMER),
            moved("2026-03-02 12:00", OPEN, CLOSED, Role.CUSTOMER),
        ],
        CLOSED,
        None,
        Because.CLOSED_UNTOLD,
    ),
    (
        "declined by an agent",
        [moved(AT, DECLINED)],
        DECLINED,
        None,
        Because.DECLINED,
    ),
    (
        "declined, then closed for good",
        [moved(AT, DECLINED), moved("2026-03-02 12:00", CLOSED, DECLINED)],
        CLOSED,
        None,
        Because.DECLINED,
    ),
    (
        "answered, then declined",
        [answer(AT), moved("2026-03-02 12:00", DECLINED)],
        DECLINED,
        None,
        Because.DECLINED,
    ),
]


@pytest.mark.parametrize(
    ("history", "status", "told_status", "because"),
    [case[1:] for case in CLOSINGS],
    ids=[case[0] for case in CLOSINGS],
)
def test_a_closed_request_is_acknowledged_withdrawn_or_declined(
    history: list[HistoryEntry],
    status: Status,
    told_status: SlaStatus | None,
    because: Because,
) -> None:
    """D17, R8: an agent's closing is the answer; anybody else's before any answer withdraws the request."""
    assessment = seen(request(REPORT, *history, status=status), LATER)
    assert assessment.status is (told_status or SlaStatus.NOT_APPLICABLE)
    assert because in told(assessment)
    assert assessment.settled
    assert assessment.next_change_at is None
    assert assessment.rungs_reached == ()


def test_a_withdrawn_request_that_is_reopened_runs_again() -> None:
    """D14, D17: from the report, since the promise was given then."""
    history = [
        moved(AT, CLOSED, role=Role.CUSTOMER),
        moved("2026-03-02 12:00", OPEN, CLOSED, Role.CUSTOMER),
    ]
    assessment = seen(request(REPORT, *history), "2026-03-02 13:00")
    assert (assessment.status, assessment.due) == (
        SlaStatus.RUNNING,
        local("2026-03-03 10:00"),
    )


def test_milliseconds_are_kept() -> None:
    """The due time has the report's own milliseconds."""
    assert seen(request("2026-03-02 10:00:00.123"), LATER).due == local(
        "2026-03-03 10:00:00.123"
    )


def test_a_comment_dated_before_the_report_answers_nothing() -> None:
    """The response clock starts at the report: what is dated before it cannot have stopped it (R4)."""
    raised = request("2026-03-02 10:00", answer("2026-03-02 09:00"))
    assert seen(raised, "2026-03-02 11:00").acknowledged_at is None
