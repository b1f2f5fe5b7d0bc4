"""Periods and months, as D28 and D30 count them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from jsm_sla_bot.review.period import Period, months_later, named
from tests.sla.contract import STOCKHOLM, utc


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 8, 31), 1, date(2026, 9, 30)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 5, 1), 0, date(2026, 5, 1)),
    ],
)
def test_months_keep_the_day_or_end_with_the_month(
    day: date, months: int, later: date
) -> None:
    """The day of the month is kept, cut to the month's end."""
    assert months_later(day, months) == later


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
    ],
)
def test_a_period_has_a_name(name: str, first: date, last: date) -> None:
    """Years, quarters and months are named as people write them."""
    assert named(name) == Period(first, last)


@pytest.mark.parametrize(
    "name", ["", "2026-Q5", "2026-13", "2026-00", "Q1", "0000", "26", "2026-1"]
)
def test_what_names_no_period_is_none(name: str) -> None:
    """Nothing is guessed."""
    assert named(name) is None


@pytest.mark.parametrize(
    ("reported", "is_covered"),
    [
        ("2026-03-31 21:59", True),
        ("2026-03-31 22:00", False),
        ("2026-02-28 23:00", True),
        ("2026-02-28 22:59", False),
    ],
)
def test_days_are_those_of_the_organizations_calendar(
    reported: str, *, is_covered: bool
) -> None:
    """March lasts from 23:00 UTC in winter to 22:00 UTC in summer time, in Stockholm."""
    march = Period(date(2026, 3, 1), date(2026, 3, 31))
    assert march.covers(utc(reported), STOCKHOLM) is is_covered


def test_a_period_has_bounds_in_a_zone() -> None:
    """From 00:00 of the first day to 24:00 of the last."""
    zone = ZoneInfo("America/New_York")
    begins, ends = Period(date(2026, 3, 1), date(2026, 3, 31)).bounds(zone)
    assert begins == datetime(2026, 3, 1, tzinfo=zone)
    assert ends == datetime(2026, 4, 1, tzinfo=zone)


@pytest.mark.parametrize(
    ("period", "following"),
    [
        (
            Period(date(2026, 1, 1), date(2026, 3, 31)),
            Period(date(2026, 4, 1), date(2026, 6, 30)),
        ),
        (
            Period(date(2026, 1, 1), date(2026, 12, 31)),
            Period(date(2027, 1, 1), date(2027, 12, 31)),
        ),
        (
            Period(date(2026, 3, 2), date(2026, 3, 8)),
            Period(date(2026, 3, 9), date(2026, 3, 15)),
        ),
    ],
)
def test_the_period_that_follows_is_as_long(
    period: Period, following: Period
) -> None:
    """As many months, or as many days where it is no whole months."""
    assert period.following() == following


def test_a_period_touches_months() -> None:
    """Each month of which a day is in it, in order."""
    period = Period(date(2026, 11, 30), date(2027, 1, 1))
    assert list(period.months()) == ["2026-11", "2026-12", "2027-01"]
