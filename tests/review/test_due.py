"""When the next review of an organization is due: months counted on from the last one, or from the agreement (D28)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from jsm_sla_bot.review.due import DueReview, Plan, due_reviews
from jsm_sla_bot.sla.contract import (
    Exclusion,
    ExclusionBy,
    Organization,
    Policy,
)
from jsm_sla_bot.sla.request import (
    Deed,
    HistoryEntry,
    RequestSnapshot,
    Role,
    Status,
)
from jsm_sla_bot.sla.review_plan import ReviewKind, ReviewRule
from tests.sla.contract import (
    CLOSED,
    DECLINED,
    IN_PROGRESS,
    OPEN,
    POLICY,
    RESOLVED,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LABELS = {
    ReviewKind.SERVICE_REVIEW: "service-review",
    ReviewKind.HEALTH_CHECK: "health-check",
}
EXPERT = POLICY.tiers["Expert"]
KNOWLEDGE = POLICY.tiers["Knowledge"]


def rule(months: int, with_csm: int | None = None) -> ReviewRule:
    """Return a rule for the tier Expert."""
    return ReviewRule(
        every={"Expert": months},
        with_csm={"Expert": with_csm} if with_csm else {},
        ahead=timedelta(days=30),
        raises_requests=False,
        summary="",
        description="",
    )


REVIEWED = {ReviewKind.SERVICE_REVIEW: rule(3)}


def agreed(
    first: date | None = None, last: date | None = None
) -> Organization:
    """Return an organization with the tier Expert."""
    return Organization(
        "1", "North", EXPERT, valid_from=first, valid_until=last
    )


def policy(*organizations: Organization) -> Policy:
    """Return the contract with these organizations."""
    return replace(
        POLICY, organizations={each.id: each for each in organizations}
    )


def done(
    at: datetime, key: str = "SUP-1", status: Status = RESOLVED
) -> RequestSnapshot:
    """Return a service review that was closed at an instant."""
    return RequestSnapshot(
        key=key,
        reported=at - timedelta(days=20),
        organizations=("1",),
        labels=frozenset({"Service-Review"}),
        status=status,
        history=(
            HistoryEntry(at, Role.AGENT, Deed.STATUS, IN_PROGRESS, status),
        ),
    )


def due(
    organization: Organization,
    *requests: RequestSnapshot,
    now: datetime = NOW,
    rule: ReviewRule = REVIEWED[ReviewKind.SERVICE_REVIEW],
) -> DueReview:
    """Return when the only organization's service review is due."""
    plan = Plan(
        policy(organization), {ReviewKind.SERVICE_REVIEW: rule}, LABELS
    )
    [found] = due_reviews(requests, plan, now)
    return found


@pytest.mark.parametrize(
    ("last", "months", "wanted"),
    [
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2023, 11, 30), 3, date(2024, 2, 29)),
        (date(2025, 12, 31), 3, date(2026, 3, 31)),
        (date(2025, 12, 31), 6, date(2026, 6, 30)),
        (date(2026, 2, 28), 3, date(2026, 5, 28)),
    ],
)
def test_the_day_of_the_month_is_kept_or_cut(
    last: date, months: int, wanted: date
) -> None:
    """30 November + 3 months = 28 February; 29 February + 12 = 28 February."""
    at = datetime.combine(last, datetime.min.time(), UTC) + timedelta(hours=12)
    found = due(agreed(), done(at), rule=rule(months))
    assert (found.done, found.due) == (last, wanted)


def test_the_day_is_that_of_the_organizations_calendar() -> None:
    """Resolved at 23:30 UTC it is the next day in Stockholm already."""
    found = due(agreed(), done(datetime(2026, 1, 14, 23, 30, tzinfo=UTC)))
    assert found.done == date(2026, 1, 15)
    assert found.due == date(2026, 4, 15)


def test_the_last_one_counts() -> None:
    """Whatever the order in which they were found; closed for good later changes nothing."""
    january = done(datetime(2026, 1, 10, 12, tzinfo=UTC), "SUP-2")
    closed = HistoryEntry(
        datetime(2026, 2, 20, tzinfo=UTC),
        Role.AUTOMATION,
        Deed.STATUS,
        RESOLVED,
        CLOSED,
    )
    january = replace(
        january, status=CLOSED, history=(*january.history, closed)
    )
    earlier = done(datetime(2025, 7, 1, tzinfo=UTC))
    for requests in ((january, earlier), (earlier, january)):
        found = due(agreed(), *requests)
        assert (found.done, found.done_key) == (date(2026, 1, 10), "SUP-2")


def test_one_that_was_declined_was_not_done() -> None:
    """It is counted from the beginning of the agreement."""
    at = datetime(2026, 2, 1, tzinfo=UTC)
    found = due(
        agreed(date(2026, 1, 31)), done(at, status=DECLINED), rule=rule(1)
    )
    assert found.done is None
    assert found.due == date(2026, 2, 28)


def test_an_open_one_is_named_and_is_not_done() -> None:
    """The oldest of several."""
    last = done(datetime(2025, 12, 1, 12, tzinfo=UTC))
    young = replace(last, key="SUP-8", status=OPEN, history=())
    old = replace(
        young, key="SUP-9", reported=young.reported - timedelta(days=1)
    )
    found = due(agreed(), last, young, old)
    assert found.open_key == "SUP-9"
    assert found.done == date(2025, 12, 1)


def test_other_organizations_and_kinds_do_not_count() -> None:
    """A health check is no service review, and another one's is not ours."""
    at = datetime(2026, 1, 10, tzinfo=UTC)
    other = replace(done(at), organizations=("2",))
    health = replace(done(at), labels=frozenset({"health-check"}))
    found = due(agreed(date(2026, 1, 1)), other, health)
    assert (found.done, found.due) == (None, date(2026, 4, 1))


def test_a_manager_makes_it_more_often() -> None:
    """With a named Customer Success Manager every three months in place of twelve."""
    often = rule(12, with_csm=3)
    plain = agreed(date(2026, 1, 1))
    managed = replace(plain, csm="5b10")
    assert due(plain, rule=often).due == date(2027, 1, 1)
    assert due(managed, rule=often).due == date(2026, 4, 1)
    assert due(managed, rule=often).csm == "5b10"


@pytest.mark.parametrize(
    ("organization", "why"),
    [
        (agreed(), "never done, and organizations.yaml gives no valid_from"),
        (agreed(date(2026, 4, 1)), "the agreement has not begun"),
        (
            agreed(date(2025, 1, 1), date(2026, 3, 1)),
            "the agreement has ended",
        ),
        (
            replace(agreed(date(2025, 1, 1)), suspended=True),
            "support is suspended",
        ),
    ],
)
def test_who_has_none_due_is_told_why(
    organization: Organization, why: str
) -> None:
    """Neither known, not begun, lapsed, suspended."""
    found = due(organization)
    assert (found.due, found.why_not) == (None, why)


def test_an_agreement_ends_with_its_last_day() -> None:
    """On that day a review is still due."""
    assert due(agreed(date(2025, 1, 1), date(2026, 3, 2))).due


def periods(*spans: tuple[str, date | None, date | None]) -> Organization:
    """Return an organization whose agreement has periods."""
    stretches = tuple(
        replace(agreed(first, last), terms=POLICY.tiers[tier])
        for tier, first, last in spans
    )
    return replace(stretches[-1], periods=stretches)


def test_a_renewed_agreement_counts_from_its_first_day() -> None:
    """Else one that is renewed every year would never be due; a gap begins a new one."""
    year = rule(24)
    renewed = periods(
        ("Expert", date(2024, 3, 1), date(2024, 12, 31)),
        ("Expert", date(2025, 1, 1), date(2025, 12, 31)),
        ("Expert", date(2026, 1, 1), None),
    )
    assert due(renewed, rule=year).due == date(2026, 3, 1)
    gap = periods(
        ("Expert", date(2024, 3, 1), date(2024, 12, 31)),
        ("Expert", date(2025, 1, 2), None),
    )
    assert due(gap, rule=year).due == date(2027, 1, 2)


def test_the_tier_of_the_day_decides() -> None:
    """An organization that was Expert and is Knowledge now has none of Expert's."""
    lowered = periods(
        ("Expert", date(2025, 1, 1), date(2025, 12, 31)),
        ("Knowledge", date(2026, 1, 1), None),
    )
    plan = Plan(policy(lowered), REVIEWED, LABELS)
    assert due_reviews([], plan, NOW) == []
    before = datetime(2025, 12, 31, 12, tzinfo=UTC)
    assert len(due_reviews([], plan, before)) == 1


def test_an_organization_that_is_not_measured_has_none() -> None:
    """It has an agreement of its own (R8)."""
    excluded = Exclusion(ExclusionBy.ORGANIZATION, "1", "Own agreement")
    mapped = replace(policy(agreed()), exclusions=(excluded,))
    assert not due_reviews([], Plan(mapped, REVIEWED, LABELS), NOW)


def test_the_earliest_comes_first() -> None:
    """What is not planned comes last."""
    days: Sequence[date | None] = (None, date(2026, 2, 1), date(2026, 1, 1))
    organizations = [
        replace(agreed(day), id=str(number)) for number, day in enumerate(days)
    ]
    plan = Plan(policy(*organizations), REVIEWED, LABELS)
    found = due_reviews([], plan, NOW)
    assert [each.organization for each in found] == ["2", "1", "0"]


@pytest.mark.parametrize(
    ("today", "is_near"),
    [
        (date(2026, 3, 1), False),
        (date(2026, 3, 2), True),
        (date(2026, 6, 1), True),
    ],
)
def test_it_is_near_from_so_many_days_ahead(
    today: date, *, is_near: bool
) -> None:
    """Thirty days before 1 April is 2 March."""
    found = due(agreed(date(2026, 1, 1)))
    assert found.due == date(2026, 4, 1)
    assert found.is_near(today, timedelta(days=30)) is is_near
