"""The manager's report: against a naive double on random desks, and by hand where days and hours meet."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from jsm_sla_bot.plan.ledger import Ledger, MetricLedger, Settled
from jsm_sla_bot.plan.request_state import RequestState, request_state
from jsm_sla_bot.review.report import Kind, Report, report
from jsm_sla_bot.sla.assess import assess
from jsm_sla_bot.sla.assessment import FIRST_RESPONSE, SlaStatus
from jsm_sla_bot.sla.contract import Policy
from jsm_sla_bot.sla.history import as_of, in_order
from jsm_sla_bot.sla.request import RequestSnapshot
from tests.review.naive import BEGIN, HOUR, Story, stories
from tests.sla.contract import (
    POLICY,
    RESOLVED,
    answer,
    call,
    local,
    moved,
    request,
)

SEEDS = range(100)
WEEK = timedelta(days=7)
DUE = "2026-03-02 17:00"
"""Knowledge owes S1 an answer within 8 business hours of Monday, 09:00."""
MONDAY = "2026-03-02 09:00"


def state(
    raised: RequestSnapshot,
    at: datetime,
    ledger: Ledger | None = None,
    policy: Policy = POLICY,
) -> RequestState:
    """Return how a request stood at an instant."""
    known = as_of(in_order(raised), at)
    return request_state(
        assess(known, policy, at),
        ledger,
        policy.hash,
        at,
        is_open=not known.status.is_done,
    )


def told(
    requests: Iterable[RequestSnapshot], at: datetime, span: timedelta = WEEK
) -> Report:
    """Report on requests as they stood."""
    states = [state(one, at) for one in requests if one.reported <= at]
    return report(states, POLICY, at - span, at)


def decided_at(story: Story, at: datetime) -> datetime | None:
    """Return when a promise was kept or missed, as known at an instant; counted on one's fingers."""
    answered = story.answer(at)
    match story.kind(at):
        case "met":
            return answered
        case "met_late" | "breached":
            return story.due(answered or at)
        case _:
            return None


@pytest.mark.parametrize("seed", SEEDS)
def test_a_report_says_what_a_naive_double_says(seed: int) -> None:
    """Open, breached, kept and missed, at an instant in the middle of a desk's life."""
    told_of = stories(seed)
    at = BEGIN + HOUR * (24 * 20 + seed * 29)
    known = [each for each in told_of if each.reported <= at]
    found = told([each.request() for each in known], at)
    kinds = Counter(
        each.kind(at)
        for each in known
        if (decided := decided_at(each, at)) and at - WEEK < decided <= at
    )
    assert found.whole.met == kinds["met"]
    assert found.whole.missed == kinds["breached"] + kinds["met_late"]
    assert len(found.missed) == found.whole.missed
    is_open = {
        each.key
        for each in known
        if (each.closed is None or each.closed > at)
        and (each.declined is None or each.declined > at)
    }
    assert {one.key for one in found.open} == is_open
    assert {one.key for one in found.breached} == {
        each.key
        for each in known
        if each.key in is_open and each.kind(at) == "breached"
    }
    assert sum(found.by_status.values()) == len(found.open)


@pytest.mark.parametrize("seed", SEEDS[:20])
def test_weeks_that_follow_one_another_count_each_promise_once(
    seed: int,
) -> None:
    """So that a year is the sum of its weeks."""
    requests = [each.request() for each in stories(seed)]
    counted: Counter[str] = Counter()
    for week in range(1, 30):
        at = BEGIN + WEEK * week
        since = at - WEEK
        states = [state(one, at) for one in requests if one.reported <= at]
        for one in states:
            if one.decided_at and since < one.decided_at <= at:
                counted[one.key] += 1
        found = report(states, POLICY, since, at)
        assert found.whole.attainment.counted == sum(
            decided.met + decided.missed for decided in found.decided.values()
        )
    assert set(counted.values()) <= {1}


@pytest.mark.parametrize(
    ("at", "status", "decided"),
    [
        ("2026-03-02 10:00", SlaStatus.RUNNING, None),
        ("2026-03-02 16:59", SlaStatus.AT_RISK, None),
        (DUE, SlaStatus.AT_RISK, None),
        ("2026-03-02 17:01", SlaStatus.BREACHED, DUE),
        ("2026-03-03 12:00", SlaStatus.MET_LATE, DUE),
    ],
)
def test_a_promise_is_missed_at_its_due_time(
    at: str, status: SlaStatus, decided: str | None
) -> None:
    """Whenever the answer comes: an answer the day after moves no miss into the next day's report."""
    late = request(MONDAY, answer("2026-03-03 09:00"))
    found = state(late, local(at))
    assert found.status is status
    assert found.decided_at == (local(decided) if decided else None)


@pytest.mark.parametrize(
    ("at", "due_next"),
    [
        ("2026-03-02 10:00", ["SUP-1"]),
        ("2026-03-01 12:00", []),
        ("2026-03-02 17:00", ["SUP-1"]),
        ("2026-03-02 17:01", []),
    ],
)
def test_due_next_are_those_of_the_hours_that_run(
    at: str, due_next: list[str]
) -> None:
    """One that is due when they end is among them; one that is breached is not due any more."""
    found = told([replace(request(MONDAY), key="SUP-1")], local(at))
    assert [one.key for one in found.due_next] == due_next


def test_on_a_weekend_monday_is_next() -> None:
    """What was reported on Friday at four is due on Monday at four, which Saturday's reader should know."""
    friday = replace(request("2026-03-06 16:00"), key="SUP-1")
    saturday = local("2026-03-07 11:00")
    found = told([friday], saturday)
    assert [one.key for one in found.due_next] == ["SUP-1"]
    assert found.next_due == local("2026-03-09 16:00")
    thursday = local("2026-03-06 16:30")
    assert not told([friday], thursday).due_next


def test_a_phoned_request_is_due_next_in_the_night_before() -> None:
    """A clock round the clock does not wait for the office: its due time lies before the next closing."""
    night = replace(
        request("2026-03-06 22:10", call("2026-03-06 22:20"), organizations=("11",)),
        key="SUP-1",
    )  # fmt: skip
    found = told([night], local("2026-03-06 22:30"))
    assert [one.key for one in found.due_next] == ["SUP-1"]


def test_what_was_settled_counts_as_settled() -> None:
    """A later policy makes no miss of an answer that was in time (D9)."""
    raised = request(MONDAY, answer(DUE), moved("2026-03-04 09:00", RESOLVED))
    at = local("2026-03-05 12:00")
    settled = Settled(
        status="Met late",
        tier="Knowledge",
        target="4 h",
        basis="",
        due=local("2026-03-02 13:00"),
        acknowledged_at=local(DUE),
        policy="of its time",
        at=local("2026-03-04 09:00"),
    )
    ledger = Ledger(metrics={FIRST_RESPONSE: MetricLedger(settled=settled)})
    found = state(raised, at, ledger)
    assert found.status is SlaStatus.MET_LATE
    assert found.decided_at == local("2026-03-02 13:00")
    assert state(raised, at).status is SlaStatus.MET
    before = local("2026-03-03 12:00")
    assert state(raised, before, ledger).status is SlaStatus.MET


def test_figures_stand_by_tier_and_severity() -> None:
    """In order, each with what share was kept, rounded down."""
    kept = request(MONDAY, answer("2026-03-02 12:00"))
    missed = request(MONDAY)
    expert = request(MONDAY, answer("2026-03-02 12:00"), organizations=("11",))
    found = told([expert, missed, kept, kept], local("2026-03-04 12:00"))
    assert list(found.decided) == [Kind("Expert", 1), Kind("Knowledge", 1)]
    assert found.decided[Kind("Knowledge", 1)].attainment.percent == 66.6
    assert found.whole.attainment.fraction == "3 of 4"


def test_the_calendars_end_stops_no_report() -> None:
    """Behind the last year of the snapshot a day stands for the opening hours."""
    at = datetime(2029, 1, 1, tzinfo=UTC)
    running = RequestState(
        key="SUP-1",
        status=SlaStatus.RUNNING,
        severity=1,
        tier="Knowledge",
        organization="12",
        due=at + timedelta(hours=23),
        answered_at=None,
        is_open=True,
    )
    later = replace(running, key="SUP-2", due=at + timedelta(hours=25))
    found = report([later, running], POLICY, at - WEEK, at)
    assert [one.key for one in found.due_next] == ["SUP-1"]
