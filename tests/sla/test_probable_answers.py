"""Answers by people who may have been agents (D35), and by setting the severity (D36)."""

from dataclasses import replace

import pytest

from jsm_sla_bot.sla.assessment import Assessment, Flag, SlaStatus
from jsm_sla_bot.sla.contract import AcknowledgementRule, Policy
from jsm_sla_bot.sla.reason import Because
from jsm_sla_bot.sla.request import Deed, HistoryEntry, Role
from tests.sla.contract import (
    CLOSED,
    POLICY,
    answer,
    local,
    moved,
    only,
    request,
    seen,
    severity,
)

REPORT = "2026-03-02 10:00"  # S1, Knowledge: at risk Mon 16:00, due Tue 10:00
PROBABLE = answer("2026-03-02 11:00", role=Role.PROBABLE_AGENT)
NOTE = answer("2026-03-02 11:00", Deed.INTERNAL_NOTE, Role.PROBABLE_AGENT)


def reached(*history: HistoryEntry, at: str) -> tuple[str, ...]:
    """Return the rungs reached at an instant."""
    return seen(request(REPORT, *history), at).rungs_reached


def test_a_probable_answer_acknowledges_nothing_and_escalates_nothing() -> (
    None
):
    """D35: the clock runs on and out, but no rung is reached; one flag says why."""
    known = request(REPORT, PROBABLE)
    running, breached = (
        seen(known, "2026-03-02 16:30"),
        seen(known, "2026-03-04 10:00"),
    )
    assert (running.status, running.next_change_at) == (
        SlaStatus.RUNNING,
        local("2026-03-03 10:00:00.001"),
    )
    assert (breached.status, breached.rungs_reached) == (
        SlaStatus.BREACHED,
        (),
    )
    assert breached.acknowledged_at is None
    assert breached.flags == (Flag.PROBABLE_ANSWER,)


@pytest.mark.parametrize(
    ("history", "withheld"),
    [
        ((PROBABLE,), True),
        ((NOTE,), False),
        ((answer("2026-03-02 11:00", role=Role.CUSTOMER),), False),
        ((answer("2026-03-02 09:00", role=Role.PROBABLE_AGENT),), False),
        (
            (moved("2026-03-02 11:00", CLOSED, role=Role.PROBABLE_AGENT),),
            False,
        ),
        ((), False),
    ],
    ids=[
        "comment",
        "note",
        "customer",
        "before the report",
        "transition",
        "nothing",
    ],
)
def test_only_a_public_comment_since_the_report_is_one(
    history: tuple[HistoryEntry, ...], withheld: bool
) -> None:
    """D35: what the customer cannot read answers nothing, nor what came before."""
    assert (reached(*history, at="2026-03-02 16:30") == ()) is withheld


def test_rungs_act_until_the_probable_answer_is_given() -> None:
    """What was reached before is reached again in every earlier answer."""
    late = replace(PROBABLE, at=local("2026-03-03 12:00"))
    assert reached(late, at="2026-03-03 11:59") == ("at risk", "breach")
    assert reached(late, at="2026-03-03 12:00") == ()


def test_an_agents_answer_settles_the_question() -> None:
    """Once somebody who is known as an agent has answered there is nothing to ask."""
    met = seen(
        request(REPORT, PROBABLE, answer("2026-03-02 12:00")),
        "2026-03-05 10:00",
    )
    assert (met.status, met.flags) == (SlaStatus.MET, ())
    assert met.acknowledged_at == local("2026-03-02 12:00")


def test_the_first_of_several_is_named() -> None:
    """One flag, one person."""
    second = replace(PROBABLE, at=local("2026-03-02 12:00"), by="another")
    known = request(REPORT, second, PROBABLE)
    named = [
        one.fact("by")
        for one in seen(known, "2026-03-02 13:00").because
        if one.because is Because.PROBABLY_ANSWERED
    ]
    assert named == ["somebody"]


def by_severity(*, on: bool = True) -> Policy:
    """Return a policy in which setting the severity acknowledges, or does not."""
    rule = AcknowledgementRule(public_comment=True, status=True, severity=on)
    return only(acknowledgement=rule)


def judged(*history: HistoryEntry, last: int, policy: Policy) -> Assessment:
    """Judge a request of the organization with that policy, long afterwards."""
    known = request(REPORT, *history, severity=last, organizations=("1",))
    return seen(known, "2026-03-20 10:00", policy)


LOWERED_LATE = severity("2026-03-03 12:00", 1, 3)
SAME_INSTANT = answer("2026-03-03 12:00")
ANSWERS = [
    ("lowered late", [LOWERED_LATE], 3, 1, SlaStatus.MET_LATE),
    (
        "lowered in time",
        [severity("2026-03-03 09:59", 1, 3)],
        3,
        1,
        SlaStatus.MET,
    ),
    ("raised", [severity("2026-03-04 10:00", 3, 1)], 1, 3, SlaStatus.MET),
    ("with a comment", [LOWERED_LATE, SAME_INSTANT], 3, 1, SlaStatus.MET_LATE),
    (
        "lowered by the customer first",
        [
            severity("2026-03-03 11:00", 1, 3, Role.CUSTOMER),
            severity("2026-03-03 12:00", 3, 4),
        ],
        4,
        3,
        SlaStatus.MET,
    ),
    (
        "twice at one instant",
        [LOWERED_LATE, severity("2026-03-03 12:00", 3, 4)],
        4,
        1,
        SlaStatus.MET_LATE,
    ),
    (
        "set for the first time",
        [severity("2026-03-05 10:01", None, 4)],
        4,
        3,
        SlaStatus.MET_LATE,
    ),
]


@pytest.mark.parametrize(
    ("history", "last", "counted", "status"),
    [case[1:] for case in ANSWERS],
    ids=[case[0] for case in ANSWERS],
)
def test_setting_the_severity_is_judged_by_the_target_before_it(
    history: list[HistoryEntry], last: int, counted: int, status: SlaStatus
) -> None:
    """D36: a target that was missed is not met by lowering it."""
    found = judged(*history, last=last, policy=by_severity())
    assert (found.status, found.severity) == (status, counted)


def test_where_the_severity_does_not_acknowledge_nothing_changes() -> None:
    """D36: a severity lowered with the answer, or before it, counts as it always did."""
    found = judged(
        LOWERED_LATE, SAME_INSTANT, last=3, policy=by_severity(on=False)
    )
    assert (found.status, found.due) == (
        SlaStatus.MET,
        local("2026-03-05 10:00"),
    )
    assert POLICY.default_terms.acknowledgement.severity is False
