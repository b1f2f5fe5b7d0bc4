"""The ladder and what time alone changes: R10."""

from datetime import timedelta

import pytest

from jsm_sla_bot.sla.assessment import SlaStatus
from jsm_sla_bot.sla.contract import Rung
from tests.sla.contract import (
    answer,
    call,
    local,
    policy,
    request,
    seen,
    severity,
)

MILLISECOND = timedelta(milliseconds=1)
LADDER = (
    Rung("half", 0.5, escalate=False),
    Rung("at risk", 0.75, escalate=False),
    Rung("breach", 1.0, escalate=True),
)

AT_RISK = [
    ("within a day", "2026-03-02 09:00", {}, "2026-03-02 15:00"),
    ("over night", "2026-03-02 14:00", {}, "2026-03-03 12:00"),
    ("over a week-end", "2026-03-06 16:00", {}, "2026-03-09 14:00"),
    ("at closing", "2026-03-02 11:00", {}, "2026-03-02 17:00"),
    ("of three days", "2026-03-02 09:00", {"severity": 3}, "2026-03-04 11:00"),
]


@pytest.mark.parametrize(
    ("reported", "given", "at"),
    [case[1:] for case in AT_RISK],
    ids=[case[0] for case in AT_RISK],
)
def test_a_rung_is_counted_on_the_targets_own_clock(
    reported: str, given: dict[str, object], at: str
) -> None:
    """R10: three quarters of the business hours, never in closed hours."""
    assessment = seen(request(reported, **given), reported)
    assert [(rung.name, rung.at) for rung in assessment.rungs] == [
        ("at risk", local(at)),
        ("breach", assessment.due),
    ]


def test_a_rung_round_the_clock_falls_into_the_night() -> None:
    """R10: three quarters of two hours from the call, on a Friday night."""
    raised = request(
        "2026-03-06 22:10", call("2026-03-06 22:20"), organizations=("11",)
    )
    assert seen(raised, "2026-03-06 22:20").rungs[0].at == local(
        "2026-03-06 23:50"
    )


LIFE = [
    ("2026-03-02 09:00", SlaStatus.RUNNING, (), "2026-03-02 13:00"),
    ("2026-03-02 12:59:59.999", SlaStatus.RUNNING, (), "2026-03-02 13:00"),
    ("2026-03-02 13:00", SlaStatus.AT_RISK, ("half",), "2026-03-02 15:00"),
    (
        "2026-03-02 15:00",
        SlaStatus.AT_RISK,
        ("half", "at risk"),
        "2026-03-02 17:00:00.001",
    ),
    (
        "2026-03-02 17:00",
        SlaStatus.AT_RISK,
        ("half", "at risk"),
        "2026-03-02 17:00:00.001",
    ),
    (
        "2026-03-02 17:00:00.001",
        SlaStatus.BREACHED,
        ("half", "at risk", "breach"),
        None,
    ),
    (
        "2026-03-20 12:00",
        SlaStatus.BREACHED,
        ("half", "at risk", "breach"),
        None,
    ),
]


@pytest.mark.parametrize(
    ("at", "status", "reached", "then"), LIFE, ids=[row[0] for row in LIFE]
)
def test_the_life_of_a_request_that_nobody_answers(
    at: str, status: SlaStatus, reached: tuple[str, ...], then: str | None
) -> None:
    """R10: each rung at its instant, the breach only after the due time, and always the next instant known."""
    assessment = seen(request("2026-03-02 09:00"), at, policy(rungs=LADDER))
    assert (assessment.status, assessment.rungs_reached) == (status, reached)
    assert assessment.next_change_at == (local(then) if then else None)


def test_an_answered_request_has_reached_no_rung() -> None:
    """R10: what was answered late is told in the fields, not escalated afterwards."""
    assessment = seen(
        request("2026-03-02 09:00", answer("2026-03-04 10:00")),
        "2026-03-04 10:00",
    )
    assert (assessment.status, assessment.rungs_reached) == (
        SlaStatus.MET_LATE,
        (),
    )


def test_no_rung_lies_after_the_due_time() -> None:
    """R10: a due time dated at a change takes its rungs along, and they are reached only once it has passed."""
    # raised at 16:00 from S4 (Mon 09:00 + 40 h) to S1: due so far is the earlier
    raised = request("2026-03-02 09:00", severity("2026-03-06 16:00", 4, 1))
    assessment = seen(raised, "2026-03-06 16:00")
    assert assessment.due == local("2026-03-06 17:00")
    assert all(rung.at <= assessment.due for rung in assessment.rungs)
    dated = seen(
        request("2026-03-02 09:00", severity("2026-03-03 12:00", 3, 1)),
        "2026-03-03 12:00",
    )
    assert dated.rungs[-1].at == dated.due


@pytest.mark.parametrize(
    "share", [0.999999, 1.0, 1.5], ids=["just below", "whole", "beyond"]
)
def test_a_share_beyond_the_whole_is_the_due_time(share: float) -> None:
    """R10: never after it."""
    under = policy(rungs=(Rung("last", share, escalate=True),))
    (rung,) = seen(
        request("2026-03-02 09:00"), "2026-03-02 09:00", under
    ).rungs
    assert (
        local("2026-03-02 17:00") - timedelta(seconds=1)
        < rung.at
        <= local("2026-03-02 17:00")
    )


def test_without_rungs_only_the_breach_is_to_come() -> None:
    """A policy may have no ladder at all."""
    assessment = seen(
        request("2026-03-02 09:00"), "2026-03-02 16:59", policy(rungs=())
    )
    assert (assessment.status, assessment.next_change_at) == (
        SlaStatus.RUNNING,
        local("2026-03-02 17:00") + MILLISECOND,
    )
