"""How long and on which clock: R1, R2, R3 with D1, D2, D3."""

from datetime import timedelta

import pytest

from jsm_sla_bot.sla.assessment import SlaStatus
from jsm_sla_bot.sla.contract import ClockKind, ClockStarts
from jsm_sla_bot.sla.reason import Because
from jsm_sla_bot.sla.request import Deed, Status
from tests.sla.contract import (
    BY_TIER,
    answer,
    call,
    entry,
    local,
    moved,
    only,
    request,
    seen,
    severity,
    told,
)

TABLE_1 = [
    ("Knowledge", {1: 8, 2: 16, 3: 24, 4: 40}),
    ("Expert Partner", {1: 2, 2: 8, 3: 16, 4: 24}),
    ("Expert", {1: 2, 2: 8, 3: 16, 4: 24}),
]


@pytest.mark.parametrize(
    ("tier", "level", "hours"),
    [
        (tier, level, hours)
        for tier, targets in TABLE_1
        for level, hours in targets.items()
    ],
    ids=str,
)
def test_each_tier_and_severity_has_its_target(
    tier: str, level: int, hours: int
) -> None:
    """R1: Table 1, the customer having called at once where that matters."""
    at = "2026-03-02 09:00"
    raised = request(
        at, call(at), severity=level, organizations=(BY_TIER[tier],)
    )
    owed = seen(raised, at).owed
    assert owed is not None
    assert owed.goal == timedelta(hours=hours)
    round_the_clock = tier != "Knowledge" and level < 3
    assert owed.clock is (
        ClockKind.ROUND_THE_CLOCK if round_the_clock else ClockKind.BUSINESS
    )


@pytest.mark.parametrize(
    ("product", "due", "because"),
    [
        ("Outscan NX", "2026-03-07 00:20", None),
        ("OUTSCAN nx", "2026-03-07 00:20", None),
        ("EASM", "2026-03-09 11:00", Because.PRODUCT_NOT_ROUND_THE_CLOCK),
        ("Abacus", "2026-03-09 11:00", Because.PRODUCT_UNKNOWN),
        (None, "2026-03-09 11:00", Because.PRODUCT_UNKNOWN),
    ],
    ids=[
        "vulnerability management",
        "in other letters",
        "another product",
        "unknown",
        "none",
    ],
)
def test_only_some_products_are_supported_round_the_clock(
    product: str | None, due: str, because: Because | None
) -> None:
    """R2, D1: any other product has the same hours in business hours; an unknown one is told as such."""
    raised = request(
        "2026-03-06 22:10",
        call("2026-03-06 22:20"),
        product=product,
        organizations=("11",),
    )
    assessment = seen(raised, "2026-03-06 22:21")
    assert assessment.due == local(due)
    products = {Because.PRODUCT_NOT_ROUND_THE_CLOCK, Because.PRODUCT_UNKNOWN}
    assert products & set(told(assessment)) == (
        {because} if because else set()
    )


CALLS = [
    ("nobody called", [], "2026-03-03 10:00", [Because.NOT_CALLED]),
    ("called", ["10:30"], "2026-03-02 12:30", [Because.CALLED]),
    ("called at the report", ["10:00"], "2026-03-02 12:00", [Because.CALLED]),
    (
        "called before the report",
        ["09:59"],
        "2026-03-03 10:00",
        [Because.CALL_BEFORE_REPORT, Because.NOT_CALLED],
    ),
    (
        "will call",
        ["14:00"],
        "2026-03-03 10:00",
        [Because.CALL_AHEAD, Because.NOT_CALLED],
    ),
    ("corrected", ["10:30", "11:15"], "2026-03-02 13:15", [Because.CALLED]),
    ("taken back", ["10:30", None], "2026-03-03 10:00", [Because.NOT_CALLED]),
]


@pytest.mark.parametrize(
    ("calls", "due", "because"),
    [case[1:] for case in CALLS],
    ids=[case[0] for case in CALLS],
)
def test_the_phoned_target_runs_from_the_call(
    calls: list[str | None], due: str, because: list[Because]
) -> None:
    """R3, D3: what the request shows as the call counts, from when it was made; a call before the report does not."""
    history = [
        entry(
            f"2026-03-02 12:0{number}",
            Deed.CALLED,
            local(f"2026-03-02 {at}") if at else None,
        )
        for number, at in enumerate(calls)
    ]
    assessment = seen(
        request("2026-03-02 10:00", *history, organizations=("11",)),
        "2026-03-02 12:10",
    )
    assert assessment.due == local(due)
    calls_told = [one for one in told(assessment) if "call" in one]
    assert calls_told == because


CALLED_TWICE = [
    ("a further call", [("10:31", "10:30"), ("11:16", "11:15")], "2026-03-02 12:30", ["10:30", "11:15"]),
    ("a slip put right", [("10:40", "10:30"), ("10:41", "10:35")], "2026-03-02 12:35", ["10:35"]),
    ("an earlier call found out", [("11:16", "11:15"), ("11:30", "10:30")], "2026-03-02 12:30", ["10:30"]),
    ("the first before the report", [("10:05", "09:55"), ("10:31", "10:30")], "2026-03-02 12:30", ["09:55", "10:30"]),
    ("taken back, then called", [("10:31", "10:30"), ("10:45", None), ("11:16", "11:15")], "2026-03-02 13:15",
     ["11:15"]),
    ("one ahead put right", [("10:05", "14:00"), ("10:31", "10:30")], "2026-03-02 12:30", ["10:30"]),
    ("two calls, then an earlier one found out", [("10:31", "10:30"), ("11:16", "11:15"), ("11:30", "10:10")],
     "2026-03-02 12:10", ["10:10", "10:30"]),
    ("a further one mistyped and set back",
     [("10:31", "10:30"), ("11:16", "11:15"), ("11:20", "09:15"), ("11:21", "11:15")],
     "2026-03-02 12:30", ["10:30", "11:15"]),
    ("the second mistyped", [("10:31", "10:30"), ("11:16", "11:15"), ("11:17", "09:15")], "2026-03-02 12:30",
     ["09:15", "10:30"]),
    ("the second of two put right", [("10:31", "10:30"), ("11:16", "11:15"), ("11:17", "11:10")], "2026-03-02 12:30",
     ["10:30", "11:10"]),
    ("three calls", [("10:30", "10:30"), ("11:00", "11:00"), ("11:30", "11:30")], "2026-03-02 12:30",
     ["10:30", "11:00", "11:30"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("writes", "due", "standing"),
    [case[1:] for case in CALLED_TWICE],
    ids=[case[0] for case in CALLED_TWICE],
)
def test_calling_again_makes_no_deadline_later(
    writes: list[tuple[str, str | None]], due: str, standing: list[str]
) -> None:
    """D2: a call made after another was written down leaves it standing; what was meant by the first is put right."""
    history = [
        entry(
            f"2026-03-02 {at}",
            Deed.CALLED,
            local(f"2026-03-02 {called}") if called else None,
        )
        for at, called in writes
    ]
    assessment = seen(
        request("2026-03-02 10:00", *history, organizations=("11",)),
        "2026-03-02 12:10",
    )
    assert assessment.due == local(due)
    calls = {Because.CALLED, Because.CALLED_AGAIN, Because.CALL_BEFORE_REPORT}
    assert [
        one.fact("at") for one in assessment.because if one.because in calls
    ] == [local(f"2026-03-02 {at}") for at in standing]


def test_a_call_written_down_later_counts_from_when_it_was_made() -> None:
    """R3: evidence may come late; before it does, nobody can know."""
    raised = request(
        "2026-03-06 22:10",
        call("2026-03-06 22:20", "2026-03-08 10:00"),
        organizations=("11",),
    )
    assert seen(raised, "2026-03-08 09:59").due == local("2026-03-09 17:00")
    assert seen(raised, "2026-03-08 10:00").due == local("2026-03-07 00:20")


TWO_CALLS = [
    call("2026-03-02 10:30"),
    call("2026-03-02 12:00", "2026-03-02 11:00"),
]


@pytest.mark.parametrize(
    ("answered", "until", "because"),
    [
        (None, "11:30", [Because.CALLED, Because.CALL_AHEAD]),
        (None, "12:00", [Because.CALLED, Because.CALLED_AGAIN]),
        ("11:30", "13:00", [Because.CALLED]),
        ("12:10", "13:00", [Because.CALLED, Because.CALLED_AGAIN]),
    ],
    ids=["ahead", "made", "answered before", "answered after"],
)
def test_a_second_call_is_one_once_it_is_made(
    answered: str | None, until: str, because: list[Because]
) -> None:
    """A call that is entered ahead of its time has not happened, and never does once the request is answered."""
    history = [*TWO_CALLS]
    if answered:
        history.append(answer(f"2026-03-02 {answered}"))
    raised = request("2026-03-02 10:00", *history, organizations=("11",))
    assessment = seen(raised, f"2026-03-02 {until}")
    calls = {Because.CALLED, Because.CALLED_AGAIN, Because.CALL_AHEAD}
    assert [one for one in told(assessment) if one in calls] == because


def test_a_call_that_lies_ahead_is_the_next_change() -> None:
    """A call stamped in the future counts from its instant on."""
    raised = request(
        "2026-03-02 10:00",
        call("2026-03-02 14:00", "2026-03-02 10:05"),
        organizations=("11",),
    )
    assert seen(raised, "2026-03-02 10:10").next_change_at == local(
        "2026-03-02 14:00"
    )
    assert seen(raised, "2026-03-02 14:00").due == local("2026-03-02 16:00")


@pytest.mark.parametrize(
    ("called", "due", "kept"),
    [
        ("2026-03-02 14:59", "2026-03-02 16:59", False),
        ("2026-03-02 15:00", "2026-03-02 17:00", True),
    ],
    ids=["in time", "too late to help"],
)
def test_calling_never_makes_a_deadline_later(
    called: str, due: str, kept: bool
) -> None:
    """D2: the earlier of the Knowledge due time and the Expert one; the answer tells which."""
    assessment = seen(
        request("2026-03-02 09:00", call(called), organizations=("11",)),
        called,
    )
    assert assessment.due == local(due)
    assert (Because.FALLBACK_EARLIER in told(assessment)) is kept


def test_the_phoned_target_may_run_from_the_report() -> None:
    """D2: `clock_starts: report` is the other choice."""
    raised = request(
        "2026-03-02 10:00", call("2026-03-02 10:30"), organizations=("1",)
    )
    under = only("Expert", clock_starts=ClockStarts.REPORT)
    assert seen(raised, "2026-03-02 10:31", under).due == local(
        "2026-03-02 12:00"
    )


@pytest.mark.parametrize(
    ("called", "due"),
    [
        ("2026-03-02 11:59", "2026-03-02 12:00"),
        ("2026-03-02 15:00", "2026-03-02 15:00"),
        ("2026-03-03 09:59", "2026-03-03 09:59"),
        ("2026-03-03 10:00", "2026-03-03 10:00"),
        ("2026-03-03 10:01", "2026-03-03 10:00"),
        ("2026-03-05 12:00", "2026-03-03 10:00"),
    ],
    ids=[
        "in time",
        "after the target",
        "just before the breach",
        "at the due time",
        "just after the breach",
        "days after the breach",
    ],
)
def test_a_call_dates_no_breach_before_itself(called: str, due: str) -> None:
    """D33: counted from the report too, nobody can have missed a target that no call had brought yet."""
    raised = request("2026-03-02 10:00", call(called), organizations=("1",))
    under = only("Expert", clock_starts=ClockStarts.REPORT)
    assert seen(raised, called, under).due == local(due)
    assert seen(raised, "2026-03-09 10:00", under).due == local(due)


def test_a_breach_dated_at_its_call_says_so() -> None:
    """The explanation adds up: two hours counted, and the rest of the time until the call is dated."""
    called = "2026-03-02 15:00"
    raised = request("2026-03-02 10:00", call(called), organizations=("1",))
    under = only("Expert", clock_starts=ClockStarts.REPORT)
    dated = seen(raised, called, under)
    assert (dated.owed and dated.owed.ran_out) == local("2026-03-02 12:00")
    assert dated.status is SlaStatus.AT_RISK
    assert [
        one.fact("at")
        for one in dated.because
        if one.because is Because.BREACH_DATED_AT_CHANGE
    ] == [local(called)]
    breached = seen(raised, "2026-03-02 15:01", under)
    assert breached.status is SlaStatus.BREACHED


def test_a_call_dates_its_breach_once_whatever_was_changed_before() -> None:
    """The severity was raised long before the call: it is the call that dates the breach, not the severity."""
    raised = request(
        "2026-03-02 10:00",
        severity("2026-03-02 11:00", 3, 1),
        call("2026-03-02 15:00"),
        organizations=("1",),
    )
    under = only("Expert", clock_starts=ClockStarts.REPORT)
    dated = seen(raised, "2026-03-02 16:00", under)
    assert dated.due == local("2026-03-02 15:00")
    assert told(dated).count(Because.BREACH_DATED_AT_CHANGE) == 1


def test_a_call_in_a_pause_is_not_past() -> None:
    """While the clock stands still nothing is dated: the target goes on when the clock does (D7)."""
    waiting = Status("Waiting for customer")
    under = only(
        "Expert",
        clock_starts=ClockStarts.REPORT,
        pauses_in=frozenset({"waiting for customer"}),
    )
    raised = request(
        "2026-03-02 10:00",
        moved("2026-03-02 11:00", waiting),
        call("2026-03-02 15:00"),
        organizations=("1",),
        status=waiting,
    )
    paused = seen(raised, "2026-03-02 16:00", under)
    assert paused.status is SlaStatus.PAUSED
    assert Because.BREACH_DATED_AT_CHANGE not in told(paused)


@pytest.mark.parametrize(
    ("tier", "level"),
    [("Knowledge", 1), ("Expert", 3), ("Expert Partner", 4)],
    ids=["tier", "S3", "S4"],
)
def test_there_is_no_phone_support_for_any_other(
    tier: str, level: int
) -> None:
    """R3: a call changes nothing there, and the answer says so."""
    calm = request(
        "2026-03-02 10:00", severity=level, organizations=(BY_TIER[tier],)
    )
    loud = request(
        "2026-03-02 10:00",
        call("2026-03-02 10:05"),
        severity=level,
        organizations=(BY_TIER[tier],),
    )
    assessment = seen(loud, "2026-03-02 10:06")
    assert assessment.due == seen(calm, "2026-03-02 10:06").due
    assert Because.CALL_NOT_COUNTED in told(assessment)
    assert Because.NOT_CALLED not in told(assessment)


def test_the_target_names_the_tier_that_it_comes_from() -> None:
    """R3: until the call the fallback tier's target is owed, afterwards the tier's own."""
    raised = request(
        "2026-03-02 10:00", call("2026-03-02 10:30"), organizations=("11",)
    )
    before, after = (
        seen(raised, "2026-03-02 10:29"),
        seen(raised, "2026-03-02 10:30"),
    )
    tiers = [
        reason.fact("tier")
        for one in (before, after)
        for reason in one.because
        if reason.because is Because.TARGET
    ]
    assert tiers == ["Knowledge", "Expert"]
    assert (
        before.promised_due == after.promised_due == local("2026-03-03 10:00")
    )
