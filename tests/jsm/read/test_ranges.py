"""A large search in ranges: together they cover everything, once, and counting them costs little."""

import itertools
from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsm_sla_bot.jsm.errors import IdentityError
from jsm_sla_bot.jsm.read import poll
from jsm_sla_bot.jsm.read.ranges import ROUNDS, Span, ranges
from tests.jsm.scene import AGO, NOW, Scene

SECOND = timedelta(seconds=1)
ages = st.lists(st.integers(0, 10**9) | st.integers(0, 10**5), max_size=300)


class Desk:
    """Requests by their instants of creation, and what was asked about them."""

    def __init__(self, ages: Sequence[int]) -> None:
        self.created = sorted(NOW - age * SECOND for age in ages)
        self.rounds: list[int] = []

    def counts(self, spans: Sequence[Span]) -> Sequence[int]:
        """Count the requests of some ranges."""
        self.rounds.append(len(spans))
        return [self.count(span) for span in spans]

    def count(self, span: Span) -> int:
        """Count the requests of a range."""
        begin = bisect_left(self.created, span.begin) if span.begin else 0
        return (
            bisect_left(self.created, span.end)
            if span.end
            else len(self.created)
        ) - begin


@given(ages, st.integers(1, 10), st.integers(1, 50))
def test_ranges_follow_each_other_without_a_gap(
    ages: Sequence[int], parts: int, page: int
) -> None:
    """The first has no beginning, the last no end, and each begins where the one before it ends."""
    desk = Desk(ages)
    found = ranges(len(ages), NOW, parts, page, desk.counts)
    assert (found[0].begin, found[-1].end) == (None, None)
    assert all(
        one.end == after.begin is not None
        for one, after in itertools.pairwise(found)
    )
    assert sum(desk.count(span) for span in found) == len(ages)
    assert len(desk.rounds) <= ROUNDS


@given(ages, st.integers(1, 10), st.integers(1, 50))
def test_no_more_ranges_than_are_worth_it(
    ages: Sequence[int], parts: int, page: int
) -> None:
    """Two neighbours are never so small that one range would have done for both."""
    desk = Desk(ages)
    found = ranges(len(ages), NOW, parts, page, desk.counts)
    most = max(page, -(-len(ages) // parts))
    assert all(
        desk.count(one) + desk.count(after) > most
        for one, after in itertools.pairwise(found)
    )


def test_an_ordinary_desk_is_cut_evenly() -> None:
    """A hundred thousand requests, most of them young: eight ranges or a few more, after few counts."""
    desk = Desk(
        [60 + round(1.0002**number) for number in range(80_000)]
        + list(range(0, 10**8, 5000))
    )
    found = ranges(100_000, NOW, 8, 5000, desk.counts)
    assert 8 <= len(found) <= 14
    assert max(map(desk.count, found)) < 2 * 12_500
    assert sum(desk.rounds) <= 30


@pytest.mark.parametrize(
    "now", [NOW, NOW - timedelta(days=30), NOW + timedelta(days=3000)]
)
def test_a_clock_that_is_wrong_loses_nothing(now: datetime) -> None:
    """How the ranges are cut is a matter of speed."""
    desk = Desk(range(0, 10**6, 1000))
    assert (
        sum(desk.count(span) for span in ranges(1000, now, 8, 50, desk.counts))
        == 1000
    )


@pytest.fixture
def crowded(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """Open a desk with 300 requests, raised over the last days, and a site that gives twenty ids a page."""
    for number in range(300):
        scene.tracker.raise_request(at=NOW - timedelta(minutes=5 * number))
    monkeypatch.setattr(poll, "IDS_PAGE", 20)
    return scene


def test_a_sweep_of_a_large_desk_is_split(crowded: Scene) -> None:
    """Every request is found once; no range takes more than a few pages."""
    every = {str(issue.id) for issue in crowded.tracker.issues.values()}
    crowded.asked()
    found = [seen.id for seen in crowded.source.open_or_changed_since(AGO[3])]
    assert len(found) == len(set(found))
    assert set(found) == every
    asked = crowded.asked()
    assert asked.count("POST /rest/api/3/search/approximate-count") > 3
    assert asked.count("POST /rest/api/3/search/jql") < 1 + 15 + 10


def test_a_sweep_of_a_small_desk_is_one_search(scene: Scene) -> None:
    """Nothing is counted where one page holds them all."""
    scene.tracker.raise_request(at=AGO[3])
    scene.source.check_identity()
    list(scene.source.open_or_changed_since(AGO[3]))
    scene.asked()
    list(scene.source.open_or_changed_since(AGO[3]))
    assert scene.asked() == ["POST /rest/api/3/search/jql"]


def test_where_nobody_counts_the_search_stays_whole(crowded: Scene) -> None:
    """An endpoint that is gone costs speed, not requests."""
    crowded.trouble("POST .*approximate-count", "404", times=0)
    assert len(list(crowded.source.open_or_changed_since(AGO[3]))) == 300


def test_a_foreign_identity_is_told_while_counting(crowded: Scene) -> None:
    """An answer that is not for us is no reason to go on."""
    crowded.trouble("POST .*approximate-count", "anonymous", times=0)
    with pytest.raises(IdentityError):
        list(crowded.source.open_or_changed_since(AGO[3]))
