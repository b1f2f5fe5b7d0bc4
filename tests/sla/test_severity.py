"""Severity: R5 with D8 in both directions and countings, D10."""

import pytest

from jsm_sla_bot.sla.assessment import Flag, SlaStatus
from jsm_sla_bot.sla.contract import Counting, SeverityRule
from jsm_sla_bot.sla.reason import Because
from tests.sla.contract import (
    BY_TIER,
    answer,
    call,
    local,
    only,
    request,
    seen,
    severity,
    told,
)

NOW = "2026-03-05 16:59"
FROM, BACK = Counting.FROM_CHANGE, Counting.RETROACTIVE
# reported Mon 2026-03-02 10:00 by a Knowledge customer: S1 8 h, S2 16 h, S3 24 h, S4 40 h
CHANGES = [
    (
        "raised, from the change",
        FROM,
        BACK,
        [("03-02 12:00", 3, 1)],
        "03-03 12:00",
    ),
    (
        "raised, from the report",
        BACK,
        BACK,
        [("03-02 12:00", 3, 1)],
        "03-03 10:00",
    ),
    (
        "raised late: the earlier due time stays",
        FROM,
        BACK,
        [("03-05 09:00", 3, 1)],
        "03-05 10:00",
    ),
    (
        "raised, from the report, into the past",
        BACK,
        BACK,
        [("03-04 12:00", 3, 1)],
        "03-04 12:00",
    ),
    (
        "raised after the breach",
        BACK,
        BACK,
        [("03-05 12:00", 3, 1)],
        "03-05 10:00",
    ),
    (
        "lowered, from the report",
        FROM,
        BACK,
        [("03-02 12:00", 1, 3)],
        "03-05 10:00",
    ),
    (
        "lowered, from the change",
        FROM,
        FROM,
        [("03-02 12:00", 1, 3)],
        "03-05 12:00",
    ),
    (
        "lowered, from the report, into the past",
        FROM,
        BACK,
        [("03-05 12:00", 1, 2)],
        "03-05 12:00",
    ),
    (
        "lowered to what was due just then",
        FROM,
        BACK,
        [("03-04 10:00", 1, 2)],
        "03-04 10:00",
    ),
    (
        "raised at the very report",
        FROM,
        BACK,
        [("03-02 10:00", 3, 1)],
        "03-03 10:00",
    ),
    (
        "lowered at the very report",
        FROM,
        FROM,
        [("03-02 10:00", 1, 3)],
        "03-05 10:00",
    ),
    (
        "set: none counted as S3",
        FROM,
        BACK,
        [("03-02 12:00", None, 1)],
        "03-03 12:00",
    ),
    (
        "set to the default",
        FROM,
        BACK,
        [("03-02 12:00", None, 3)],
        "03-05 10:00",
    ),
    (
        "set below the default",
        FROM,
        BACK,
        [("03-02 12:00", None, 4)],
        "03-09 10:00",
    ),
    (
        "taken away: S3 counts again",
        FROM,
        BACK,
        [("03-02 12:00", 1, None)],
        "03-05 10:00",
    ),
    (
        "taken away from S4: raised",
        FROM,
        BACK,
        [("03-02 12:00", 4, None)],
        "03-05 12:00",
    ),
    (
        "raised twice",
        FROM,
        BACK,
        [("03-02 12:00", 4, 2), ("03-02 15:00", 2, 1)],
        "03-03 15:00",
    ),
    (
        "raised and lowered again",
        FROM,
        BACK,
        [("03-02 12:00", 3, 1), ("03-02 13:00", 1, 3)],
        "03-05 10:00",
    ),
    (
        "lowered and raised again",
        FROM,
        BACK,
        [("03-02 12:00", 1, 3), ("03-02 13:00", 3, 1)],
        "03-03 13:00",
    ),
    (
        "out of order",
        FROM,
        BACK,
        [("03-02 13:00", 3, 1), ("03-02 12:00", 1, 3)],
        "03-03 13:00",
    ),
]


@pytest.mark.parametrize(
    ("raised", "lowered", "changes", "due"),
    [case[1:] for case in CHANGES],
    ids=[case[0] for case in CHANGES],
)
def test_a_changed_severity_moves_the_due_time(
    raised: Counting,
    lowered: Counting,
    changes: list[tuple[str, int | None, int | None]],
    due: str,
) -> None:
    """D8: raised, the earlier of the due time so far and the new one; lowered, the new one, never before the change."""
    history = [
        severity(f"2026-{at}", before, after) for at, before, after in changes
    ]
    last = max(changes, key=lambda change: change[0])[2]
    known = request(
        "2026-03-02 10:00", *history, severity=last, organizations=("1",)
    )
    under = only(severity_change=SeverityRule(raised=raised, lowered=lowered))
    assert seen(known, NOW, under).due == local(f"2026-{due}")


def test_an_expert_raises_to_a_target_that_asks_for_a_call() -> None:
    """D8 with R3: uncalled, the Knowledge target from the change; called before, the Expert one from the change."""
    changed = severity("2026-03-02 12:00", 4, 1)
    uncalled = request("2026-03-02 10:00", changed, organizations=("11",))
    assert seen(uncalled, "2026-03-02 12:00").due == local("2026-03-03 12:00")
    called = request(
        "2026-03-02 10:00",
        changed,
        call("2026-03-02 11:00"),
        organizations=("11",),
    )
    assert seen(called, "2026-03-02 12:00").due == local("2026-03-02 14:00")
    later = request(
        "2026-03-02 10:00",
        changed,
        call("2026-03-02 12:30"),
        organizations=("11",),
    )
    assert seen(later, "2026-03-02 12:30").due == local("2026-03-02 14:30")


def test_a_kept_due_time_is_told_with_the_target_that_it_belongs_to() -> None:
    """D8: the request is an S1 now, but what is due first is still the S3 target."""
    raised = request("2026-03-02 10:00", severity("2026-03-05 09:00", 3, 1))
    assessment = seen(raised, "2026-03-05 09:00")
    target = next(
        reason
        for reason in assessment.because
        if reason.because is Because.TARGET
    )
    assert (assessment.severity, target.fact("severity")) == (1, 3)
    assert assessment.owed is not None
    assert target.fact("goal") == assessment.owed.goal
    assert told(assessment).index(Because.SEVERITY_RAISED) < told(
        assessment
    ).index(Because.DUE_KEPT)


def test_a_breach_is_dated_at_the_change_that_made_it() -> None:
    """D8: nobody can have missed a time that was not yet due."""
    raised = request(
        "2026-03-02 10:00", severity("2026-03-05 12:00", 1, 2), severity=2
    )
    assert seen(raised, "2026-03-05 11:59").status is SlaStatus.BREACHED
    at_change = seen(raised, "2026-03-05 12:00")
    assert at_change.status is SlaStatus.AT_RISK
    assert Because.BREACH_DATED_AT_CHANGE in told(at_change)
    assert all(
        rung.at <= local("2026-03-05 12:00") for rung in at_change.rungs
    )


def test_a_change_with_the_answer_still_counts_and_one_after_it_does_not() -> (
    None
):
    """D9: entries of the instant of the acknowledgement count, later ones never."""
    with_it = request(
        "2026-03-02 10:00",
        severity("2026-03-05 09:30", 1, 3),
        answer("2026-03-05 09:30"),
        severity=3,
    )
    assert seen(with_it, NOW).status is SlaStatus.MET
    assert seen(with_it, NOW).due == local("2026-03-05 10:00")
    after = request(
        "2026-03-02 10:00",
        severity("2026-03-05 09:31", 1, 3),
        answer("2026-03-05 09:30"),
        severity=3,
    )
    assert seen(after, NOW).status is SlaStatus.MET_LATE
    assert (seen(after, NOW).due, seen(after, NOW).severity) == (
        local("2026-03-03 10:00"),
        1,
    )


def test_no_severity_counts_as_the_default_and_is_flagged() -> None:
    """D10: S3 counts and agents are told, until somebody sets one."""
    raised = request(
        "2026-03-02 10:00", severity("2026-03-02 12:00", None, 3), severity=3
    )
    before, after = (
        seen(raised, "2026-03-02 11:59"),
        seen(raised, "2026-03-02 12:00"),
    )
    assert before.severity == after.severity == 3
    assert before.due == after.due == local("2026-03-05 10:00")
    assert (before.flags, after.flags) == ((Flag.NO_SEVERITY,), ())
    assert Because.SEVERITY_DEFAULT in told(before)
    assert Because.SEVERITY in told(after)


@pytest.mark.parametrize("tier", BY_TIER)
@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_what_was_promised_at_the_report_stays_known(
    tier: str, level: int
) -> None:
    """Whatever happens later, the due time of the report is told beside the present one."""
    calm = request(
        "2026-03-02 10:00", severity=level, organizations=(BY_TIER[tier],)
    )
    loud = request(
        "2026-03-02 10:00",
        severity("2026-03-02 11:00", level, 1),
        call("2026-03-02 10:30"),
        organizations=(BY_TIER[tier],),
    )
    assert (
        seen(loud, "2026-03-02 12:00").promised_due
        == seen(calm, "2026-03-02 10:00").due
    )
