"""The review against a naive double: every request in one class, every figure the length of its list."""

import random
import statistics
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

import pytest

from jsm_sla_bot.review.figures import Figures
from jsm_sla_bot.review.period import Period
from jsm_sla_bot.review.review import Review, review
from jsm_sla_bot.review.row import Class, Record, Row
from tests.review.naive import HOUR, Story, stories
from tests.sla.contract import POLICY, STOCKHOLM

G = TypeVar("G", str, int, bool)


def chosen(seed: int) -> tuple[Period, datetime]:
    """Return a period and an instant to look at it from, after some of it or all."""
    chance = random.Random(-seed)  # noqa: S311 - a simulation
    first = date(2026, 1, 5) + timedelta(days=chance.randint(0, 100))
    period = Period(first, first + timedelta(days=chance.randint(0, 90)))
    begins, _ = period.bounds(STOCKHOLM)
    as_of = begins + HOUR * chance.uniform(0, 24 * 120)
    return period, as_of.astimezone(UTC)


def received(
    desk: list[Story], period: Period, as_of: datetime, organization: str
) -> list[Story]:
    """Return the requests that the review is about."""
    return [
        story
        for story in desk
        if story.organization == organization
        and story.reported <= as_of
        and period.first
        <= story.reported.astimezone(STOCKHOLM).date()
        <= period.last
    ]


@pytest.mark.parametrize("seed", range(200))
def test_a_review_says_what_a_naive_double_says(seed: int) -> None:
    """On a random desk and period every request is in the class that its story puts it into."""
    desk = stories(seed)
    period, as_of = chosen(seed)
    records = [Record(story.request()) for story in desk]
    for organization in ("11", "12"):
        found = review(
            records,
            POLICY,
            POLICY.organizations[organization],
            period,
            as_of,
        )
        wanted = {
            story.key: story.kind(as_of)
            for story in received(desk, period, as_of, organization)
        }
        assert {row.key: str(row.kind) for row in found.rows} == wanted
        assert_closes(found)
        counts = Counter(wanted.values())
        counted = counts["met"] + counts["met_late"] + counts["breached"]
        assert found.whole.attainment.counted == counted
        assert found.whole.attainment.met == counts["met"]
        assert found.whole.attainment.percent == floored(
            counts["met"], counted
        )


def floored(met: int, counted: int) -> float | None:
    """Return the share in per cent, the second decimal cut off as text."""
    if not counted:
        return None
    whole, tenths = divmod(met * 1000 // counted, 10)
    return float(f"{whole}.{tenths}")


def assert_closes(found: Review) -> None:
    """Every figure is the length of its list, and the sums close."""
    assert_counts(found.whole, found.rows)
    assert_groups(found, found.by_severity, lambda row: row.severity)
    assert_groups(found, found.by_month, lambda row: row.month)
    assert_groups(found, found.by_product, lambda row: row.product)
    assert_groups(found, found.by_call, lambda row: row.called)


def assert_groups(
    review: Review,
    groups: Mapping[G, Figures],
    of: Callable[[Row], G],
) -> None:
    """Each group counts its own rows, and together they are all of them."""
    for group, counted in groups.items():
        rows = [row for row in review.rows if of(row) == group]
        assert_counts(counted, rows)
    whole = sum(counted.received for counted in groups.values())
    assert whole == review.whole.received


def assert_counts(found: Figures, rows: Sequence[Row]) -> None:
    """Received is the sum of the classes, each the length of its list."""
    assert_responses(found, rows)
    assert found.received == len(rows) == sum(found.classes.values())
    for kind in Class:
        assert found.classes[kind] == sum(row.kind is kind for row in rows)


def assert_responses(found: Figures, rows: Sequence[Row]) -> None:
    """Half of the answers lie on either side of the median; the ninetieth is the least that nine of ten came within."""
    answered = [row for row in rows if row.kind is not Class.EXCLUDED]
    spans = [row.response for row in answered if row.response is not None]
    if found.responses is None:
        assert not spans
        return
    told = found.responses
    middle = statistics.median(each.total_seconds() for each in spans)
    assert told.median.total_seconds() == pytest.approx(middle)
    within = [each for each in spans if each <= told.ninety]
    sooner = [each for each in spans if each < told.ninety]
    assert told.ninety in spans
    assert len(within) * 10 >= len(spans) * 9 > len(sooner) * 10
    assert told.worst == max(spans)
