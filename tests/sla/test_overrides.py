"""What policy and an organization's own contract may choose otherwise: R12, D7, D14."""

from datetime import timedelta

import pytest

from jsm_sla_bot.sla.assessment import Assessment, SlaStatus
from jsm_sla_bot.sla.contract import (
    AcknowledgementRule,
    ClockKind,
    Counting,
    Reopening,
    SeverityRule,
    Target,
)
from jsm_sla_bot.sla.reason import Because, Fact
from jsm_sla_bot.sla.request import HistoryEntry, Role, Status
from tests.sla.contract import (
    CLOSED,
    EXPERT_TARGETS,
    IN_PROGRESS,
    OPEN,
    RESOLVED,
    answer,
    business,
    calendar,
    call,
    local,
    moved,
    only,
    phoned,
    request,
    seen,
    severity,
    told,
)

REPORT = "2026-03-02 10:00"
NEW_YORK = calendar("new-york", "America/New_York")

NO_PRODUCT: dict[str, object] = {"round_the_clock_products": frozenset()}
NOT_FOR = ("round_the_clock_products", "not for Outscan NX")
PHONE_RULE = "Knowledge until the call, counted from the call"
RESTART = {"reopen": Reopening.RESTART, "pauses_in": frozenset({"waiting"})}
# what its contract overrides; the due time of a call at 10:30; what is named, with its value
OVERRIDES = [
    ("nothing", {}, "2026-03-02 12:30", []),
    (
        "a target",
        {"targets": {**EXPERT_TARGETS, 1: business(4)}},
        "2026-03-02 14:00",
        [("targets.1", "4 h, business hours")],
    ),
    (
        "a target that asks for a call",
        {"targets": {**EXPERT_TARGETS, 1: phoned(1.5)}},
        "2026-03-02 12:00",
        [("targets.1", "1.5 h, round the clock once the customer calls")],
    ),
    (
        "another severity's target",
        {"targets": {**EXPERT_TARGETS, 2: business(4)}},
        "2026-03-02 12:30",
        [],
    ),
    (
        "the calendar",
        {"calendar": NEW_YORK, **NO_PRODUCT},
        "2026-03-02 17:00",
        [("calendar", "new-york"), NOT_FOR],
    ),
    (
        "a calendar that the clock does not go by",
        {"calendar": NEW_YORK},
        "2026-03-02 12:30",
        [],
    ),
    (
        "the products",
        {"round_the_clock_products": frozenset({"easm"})},
        "2026-03-02 12:30",
        [NOT_FOR],
    ),
    (
        "the phone rule",
        {"fallback": {1: business(1)}},
        "2026-03-02 11:00",
        [("phone", PHONE_RULE)],
    ),
    ("what has not happened", RESTART, "2026-03-02 12:30", []),
]


@pytest.mark.parametrize(
    ("overrides", "due", "named"),
    [case[1:] for case in OVERRIDES],
    ids=[case[0] for case in OVERRIDES],
)
def test_its_own_contract_takes_precedence(
    overrides: dict[str, object], due: str, named: list[tuple[str, str]]
) -> None:
    """R12: any value for one organization; the answer names what decided, with its value, and nothing else."""
    raised = request(REPORT, call("2026-03-02 10:30"), organizations=("1",))
    assessment = seen(raised, "2026-03-02 10:30", only("Expert", **overrides))
    assert assessment.due == local(due)
    assert overridden(assessment) == named


def overridden(assessment: Assessment) -> list[tuple[Fact, Fact]]:
    """Return what an answer names as overridden, with its value."""
    found = [
        one for one in assessment.because if one.because is Because.OVERRIDE
    ]
    return [(one.fact("what"), one.fact("value")) for one in found]


LATER = [
    (
        "a pause",
        {"pauses_in": frozenset({"waiting for customer"})},
        [
            moved("2026-03-02 11:00", Status("Waiting for Customer")),
            moved("2026-03-02 13:00", OPEN, Status("Waiting for Customer")),
        ],
        ("pauses_in", ("Waiting for Customer",)),
    ),
    (
        "a severity that was changed",
        {
            "severity_change": SeverityRule(
                Counting.FROM_CHANGE, Counting.FROM_CHANGE
            )
        },
        [severity("2026-03-02 11:00", 2, 1)],
        ("severity_change", "raised from change"),
    ),
    (
        "an answer",
        {"acknowledgement": AcknowledgementRule(False, True, True)},  # noqa: FBT003 - a table
        [severity("2026-03-02 11:00", 2, 1)],
        ("acknowledgement", "status or severity"),
    ),
    (
        "a reopening",
        {"reopen": Reopening.RESTART},
        [
            moved("2026-03-02 11:00", RESOLVED),
            moved("2026-03-02 13:00", OPEN, RESOLVED),
        ],
        ("reopen", "restart"),
    ),
]


@pytest.mark.parametrize(
    ("overrides", "history", "named"),
    [case[1:] for case in LATER],
    ids=[case[0] for case in LATER],
)
def test_what_has_happened_calls_for_its_rule(
    overrides: dict[str, object],
    history: list[HistoryEntry],
    named: tuple[Fact, Fact],
) -> None:
    """R12: a rule of its own is named once something happens that it decides."""
    own = only("Expert", **overrides)
    plain = seen(
        request(REPORT, organizations=("1",)), "2026-03-02 14:00", own
    )
    after = seen(
        request(REPORT, *history, organizations=("1",)),
        "2026-03-02 14:00",
        own,
    )
    assert (overridden(plain), overridden(after)) == ([], [named])


WAITING = Status("Waiting for Customer")
STATUSES = frozenset({"waiting for customer"})
# reported Mon 10:00, S1: 8 business hours, at risk after 6, due Tue 10:00
PAUSES = [
    ("none", [], "2026-03-03 09:00", "2026-03-03 10:00", SlaStatus.AT_RISK),
    (
        "two hours",
        [
            moved("2026-03-02 11:00", WAITING),
            moved("2026-03-02 13:00", OPEN, WAITING),
        ],
        "2026-03-03 09:30",
        "2026-03-03 12:00",
        SlaStatus.RUNNING,
    ),
    (
        "two hours, at risk by then",
        [
            moved("2026-03-02 11:00", WAITING),
            moved("2026-03-02 13:00", OPEN, WAITING),
        ],
        "2026-03-03 10:00",
        "2026-03-03 12:00",
        SlaStatus.AT_RISK,
    ),
    (
        "over night: closed hours do not count twice",
        [
            moved("2026-03-02 16:00", WAITING),
            moved("2026-03-03 10:00", OPEN, WAITING),
        ],
        "2026-03-03 10:00",
        "2026-03-03 12:00",
        SlaStatus.AT_RISK,
    ),
    (
        "twice",
        [
            moved("2026-03-02 11:00", WAITING),
            moved("2026-03-02 12:00", OPEN, WAITING),
            moved("2026-03-02 13:00", WAITING),
            moved("2026-03-02 14:00", OPEN, WAITING),
        ],
        "2026-03-02 14:00",
        "2026-03-03 12:00",
        SlaStatus.RUNNING,
    ),
    (
        "lasting",
        [moved("2026-03-02 11:00", WAITING)],
        "2026-03-20 10:00",
        "2026-03-03 10:00",
        SlaStatus.PAUSED,
    ),
    (
        "lasting, begun after the breach",
        [moved("2026-03-03 10:00:00.001", WAITING)],
        "2026-03-20 10:00",
        "2026-03-03 10:00",
        SlaStatus.BREACHED,
    ),
    (
        "after the breach",
        [
            moved("2026-03-03 12:00", WAITING),
            moved("2026-03-03 13:00", OPEN, WAITING),
        ],
        "2026-03-20 10:00",
        "2026-03-03 10:00",
        SlaStatus.BREACHED,
    ),
    (
        "lasting until the answer",
        [moved("2026-03-02 11:00", WAITING), answer("2026-03-10 11:00")],
        "2026-03-20 10:00",
        "2026-03-10 11:00",
        SlaStatus.MET,
    ),
]


@pytest.mark.parametrize(
    ("history", "at", "due", "status"),
    [case[1:] for case in PAUSES],
    ids=[case[0] for case in PAUSES],
)
def test_where_the_contract_says_so_the_clock_stands_still(
    history: list[HistoryEntry], at: str, due: str, status: SlaStatus
) -> None:
    """D7, R12: while the request is in such a status, before the answer."""
    last = next(
        (
            one.after
            for one in reversed(history)
            if isinstance(one.after, Status)
        ),
        OPEN,
    )
    known = request(REPORT, *history, organizations=("1",), status=last)
    assessment = seen(known, at, only(pauses_in=STATUSES))
    assert assessment.status is status
    if status is SlaStatus.MET:
        assert assessment.due is not None
        assert assessment.due > local(due)
    else:
        assert assessment.due == local(due)
    if status is SlaStatus.PAUSED:
        assert (assessment.next_change_at, assessment.rungs_reached) == (
            None,
            (),
        )
        assert Because.PAUSE_LASTS in told(assessment)


def test_by_default_nothing_pauses_the_clock() -> None:
    """D7: the contract knows no pause before the acknowledgement."""
    known = request(REPORT, moved("2026-03-02 11:00", WAITING), status=WAITING)
    assert seen(known, "2026-03-03 10:01").status is SlaStatus.BREACHED


def test_a_pause_stops_the_night_clock_too() -> None:
    """D7 on a round-the-clock target."""
    history = [
        call("2026-03-06 22:20"),
        moved("2026-03-06 23:00", WAITING),
        moved("2026-03-07 01:00", OPEN, WAITING),
    ]
    assessment = seen(
        request("2026-03-06 22:10", *history, organizations=("1",)),
        "2026-03-07 01:00",
        only("Expert", pauses_in=STATUSES),
    )
    assert assessment.due == local("2026-03-07 02:20")


REOPENED = [
    answer("2026-03-02 11:00"),
    moved("2026-03-04 10:00", CLOSED),
    moved("2026-03-06 12:00", OPEN, CLOSED),
]


@pytest.mark.parametrize(
    ("rule", "status", "due"),
    [
        (Reopening.KEEP, SlaStatus.MET, "2026-03-03 10:00"),
        (Reopening.RESTART, SlaStatus.RUNNING, "2026-03-09 12:00"),
    ],
)
def test_whether_reopening_starts_a_new_clock_is_policy(
    rule: Reopening, status: SlaStatus, due: str
) -> None:
    """D14: by default it does not."""
    assessment = seen(
        request(REPORT, *REOPENED, organizations=("1",)),
        "2026-03-06 13:00",
        only(reopen=rule),
    )
    assert (assessment.status, assessment.due) == (status, local(due))
    assert (Because.CLOCK_RESTARTED in told(assessment)) is (
        rule is Reopening.RESTART
    )


ANSWERS = [
    ("by a comment", [answer("2026-03-06 12:30")], OPEN, "2026-03-06 12:30"),
    ("with the reopening itself", [], IN_PROGRESS, "2026-03-06 12:00"),
    (
        "by resolving it again",
        [moved("2026-03-06 14:00", RESOLVED)],
        RESOLVED,
        "2026-03-06 14:00",
    ),
]


@pytest.mark.parametrize(
    ("more", "status", "at"),
    [case[1:] for case in ANSWERS],
    ids=[case[0] for case in ANSWERS],
)
def test_a_new_clock_wants_a_new_answer(
    more: list[HistoryEntry], status: Status, at: str
) -> None:
    """D14: what was answered before the reopening does not count for it."""
    after = IN_PROGRESS if status is IN_PROGRESS else OPEN
    history = [*REOPENED[:2], moved("2026-03-06 12:00", after, CLOSED), *more]
    known = request(REPORT, *history, organizations=("1",), status=status)
    assessment = seen(
        known, "2026-03-20 12:00", only(reopen=Reopening.RESTART)
    )
    assert (assessment.status, assessment.acknowledged_at) == (
        SlaStatus.MET,
        local(at),
    )


def test_a_new_clock_runs_on_the_severity_of_then() -> None:
    """D14: what was promised at the reopening is what is owed, and an old call is not a new one."""
    target = Target(timedelta(hours=2), ClockKind.ROUND_THE_CLOCK, phone=True)
    history = [
        call("2026-03-02 10:05"),
        severity("2026-03-03 10:00", 1, 3),
        *REOPENED,
        severity("2026-03-06 12:00", 3, 1),
    ]
    known = request(REPORT, *history, organizations=("1",), severity=1)
    under = only(
        "Expert",
        reopen=Reopening.RESTART,
        targets={**EXPERT_TARGETS, 1: target},
    )
    assessment = seen(known, "2026-03-06 13:00", under)
    assert (
        assessment.due == assessment.promised_due == local("2026-03-09 12:00")
    )
    assert Because.CALL_BEFORE_REPORT in told(assessment)


def test_a_withdrawn_new_clock_is_not_applicable() -> None:
    """D14, D17: reopened and closed by the customer again, unanswered."""
    history = [
        *REOPENED,
        moved("2026-03-06 14:00", CLOSED, role=Role.CUSTOMER),
    ]
    known = request(REPORT, *history, organizations=("1",), status=CLOSED)
    assert (
        seen(known, "2026-03-20 12:00", only(reopen=Reopening.RESTART)).status
        is SlaStatus.NOT_APPLICABLE
    )
    assert seen(known, "2026-03-20 12:00", only()).status is SlaStatus.MET
