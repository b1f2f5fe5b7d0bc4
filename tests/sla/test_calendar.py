"""Business time on one calendar: half-open, in UTC, right across changes of the clocks (R4, D5, D6, D16)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from jsm_sla_bot.sla.calendar import (
    BusinessCalendar,
    CalendarSpec,
    ClosedDay,
    DayException,
    Interval,
    Window,
)
from jsm_sla_bot.sla.errors import CalendarError
from jsm_sla_bot.sla.laying_out import lay_out, round_the_clock
from tests.sla.calendars import window
from tests.sla.contract import SWEDEN, local, utc

HOUR = timedelta(hours=1)


def daily(
    zone: str, *windows: Window, years: tuple[int, int] = (2026, 2026)
) -> BusinessCalendar:
    """Return a calendar with the same hours every day."""
    return lay_out(
        CalendarSpec(
            "daily",
            zone,
            ZoneInfo(zone),
            (windows,) * 7,
            {},
            *years,
            "daily.yaml",
        )
    )


OPENINGS = [
    (
        "in the gap: forward",
        "Europe/Stockholm",
        "02:30",
        "2026-03-29",
        "2026-03-29 01:30",
    ),
    (
        "at the gap",
        "Europe/Stockholm",
        "02:00",
        "2026-03-29",
        "2026-03-29 01:00",
    ),
    (
        "in the overlap: the first",
        "Europe/Stockholm",
        "02:30",
        "2026-10-25",
        "2026-10-25 00:30",
    ),
    (
        "midnight in the gap",
        "Asia/Beirut",
        "00:00",
        "2026-03-29",
        "2026-03-28 22:00",
    ),
    (
        "half an hour's gap",
        "Australia/Lord_Howe",
        "02:15",
        "2026-10-04",
        "2026-10-03 15:45",
    ),
    (
        "half an hour's overlap",
        "Australia/Lord_Howe",
        "01:45",
        "2026-04-05",
        "2026-04-04 14:45",
    ),
]


@pytest.mark.parametrize(
    ("zone", "opens", "day", "at"),
    [case[1:] for case in OPENINGS],
    ids=[case[0] for case in OPENINGS],
)
def test_an_opening_when_the_clocks_change(
    zone: str, opens: str, day: str, at: str
) -> None:
    """A time that the wall clock skips lies after the gap; one that it shows twice is the first."""
    calendar = daily(zone, window(opens, "12:00"))
    just_before = utc(at) - timedelta(milliseconds=1)
    assert calendar.local_date(utc(at)) == date.fromisoformat(day)
    assert calendar.next_open(just_before) == utc(at)


LENGTHS = [
    (
        "spring night",
        "Europe/Stockholm",
        window("22:00", "06:00"),
        "2026-03-28 21:00",
        7,
    ),
    (
        "autumn night",
        "Europe/Stockholm",
        window("22:00", "06:00"),
        "2026-10-24 20:00",
        9,
    ),
    (
        "ordinary night",
        "Europe/Stockholm",
        window("22:00", "06:00"),
        "2026-06-10 20:00",
        8,
    ),
    (
        "spring day round the clock",
        "Europe/Stockholm",
        window("00:00", "00:00"),
        "2026-03-28 23:00",
        23,
    ),
    (
        "closing in the gap",
        "Europe/Stockholm",
        window("01:00", "02:30"),
        "2026-03-29 00:00",
        1.5,
    ),
    (
        "opening past the closing",
        "Europe/Stockholm",
        window("02:30", "03:00"),
        "2026-03-29 01:00",
        0,
    ),
    (
        "closing in the overlap",
        "Europe/Stockholm",
        window("01:00", "02:30"),
        "2026-10-24 23:00",
        1.5,
    ),
]


@pytest.mark.parametrize(
    ("zone", "hours", "from_", "length"),
    [case[1:] for case in LENGTHS],
    ids=[case[0] for case in LENGTHS],
)
def test_hours_are_as_long_as_they_really_are(
    zone: str, hours: Window, from_: str, length: float
) -> None:
    """Wall-clock hours, counted in elapsed time."""
    start = utc(from_)
    assert daily(zone, hours).elapsed(
        start, start + 10 * HOUR if length < 9 else start + length * HOUR
    ) == (timedelta(hours=length))


def test_hours_that_touch_or_overlap_are_one_stretch() -> None:
    """Until 24:00 and from 00:00 is open all night; what overlaps is counted once."""
    always = daily("UTC", window("00:00", "12:00"), window("11:00", "00:00"))
    assert (always.opens, always.closes) == (
        (utc("2026-01-01"),),
        (utc("2027-01-01"),),
    )
    nights = daily("UTC", window("20:00", "02:00"), window("01:00", "03:00"))
    assert (
        nights.elapsed(utc("2026-03-02 12:00"), utc("2026-03-03 12:00"))
        == 7 * HOUR
    )


def test_the_night_before_the_snapshot_is_not_known() -> None:
    """D16: hours that run past midnight belong to the day they start on, and that day is not in the snapshot."""
    nights = daily("UTC", window("22:00", "06:00"))
    assert (nights.covers_from, nights.covers_until) == (
        utc("2026-01-01 06:00"),
        utc("2027-01-01 06:00"),
    )
    with pytest.raises(CalendarError):
        nights.due(utc("2026-01-01 05:59"), HOUR)
    assert nights.due(utc("2026-01-01 06:00"), HOUR) == utc("2026-01-01 23:00")
    assert nights.due(utc("2026-12-31 23:00"), 7 * HOUR) == utc(
        "2027-01-01 06:00"
    )
    with pytest.raises(CalendarError):
        nights.due(
            utc("2026-12-31 23:00"), 7 * HOUR + timedelta(milliseconds=1)
        )


def test_a_day_belongs_to_the_snapshot_as_a_whole() -> None:
    """D16: from local midnight to local midnight, both ends covered."""
    assert SWEDEN.covers_from == local("2025-01-01 00:00")
    assert SWEDEN.covers_until == local("2028-01-01 00:00")
    assert SWEDEN.elapsed(SWEDEN.covers_from, SWEDEN.covers_from) == timedelta(
        0
    )
    evening = local("2027-12-31 20:00")
    assert SWEDEN.elapsed(evening, SWEDEN.covers_until) == timedelta(0)
    assert SWEDEN.elapsed(evening - 4 * HOUR, evening) == HOUR
    assert SWEDEN.due(local("2027-12-31 16:00"), HOUR) == local(
        "2027-12-31 17:00"
    )


def test_an_exception_replaces_the_hours_of_its_date() -> None:
    """Closed, or other hours, on that date alone."""
    days = {
        date(2026, 3, 3): DayException(
            "Inventory", (window("10:00", "12:00"),)
        )
    }
    week = ((window("09:00", "17:00"),),) * 7
    calendar = lay_out(CalendarSpec("c", "UTC", UTC, week, days, 2026, 2026))
    assert calendar.due(utc("2026-03-02 16:00"), 4 * HOUR) == utc(
        "2026-03-04 10:00"
    )
    assert calendar.spec.day_name(date(2026, 3, 3)) == "Inventory"
    assert calendar.spec.day_name(date(2026, 3, 4)) == "Wednesday"
    assert calendar.name == "c"


def test_no_time_at_all_ends_at_the_next_opening() -> None:
    """`next_open` is the instant itself while open; closing time is closed."""
    assert SWEDEN.next_open(local("2026-03-02 09:00")) == local(
        "2026-03-02 09:00"
    )
    assert SWEDEN.next_open(local("2026-03-02 16:59:59")) == local(
        "2026-03-02 16:59:59"
    )
    assert SWEDEN.next_open(local("2026-03-02 17:00")) == local(
        "2026-03-03 09:00"
    )


def test_elapsed_counts_backwards_below_zero() -> None:
    """From the later to the earlier instant it is negative."""
    start, end = local("2026-03-02 16:00"), local("2026-03-03 10:00")
    assert (SWEDEN.elapsed(start, end), SWEDEN.elapsed(end, start)) == (
        2 * HOUR,
        -2 * HOUR,
    )


def test_the_stretches_that_were_counted() -> None:
    """Clipped to what is asked about, in UTC, half-open."""
    assert SWEDEN.spans(
        local("2026-03-06 16:00"),
        local("2026-03-09 10:00").astimezone(ZoneInfo("Asia/Tokyo")),
    ) == (
        Interval(local("2026-03-06 16:00"), local("2026-03-06 17:00")),
        Interval(local("2026-03-09 09:00"), local("2026-03-09 10:00")),
    )
    assert (
        SWEDEN.spans(local("2026-03-06 17:00"), local("2026-03-09 09:00"))
        == ()
    )
    asked = datetime(2026, 3, 6, 16, tzinfo=ZoneInfo("Europe/Stockholm"))
    (span,) = SWEDEN.spans(asked, asked + HOUR / 2)
    assert span.opens.tzinfo is span.closes.tzinfo is UTC


def test_the_days_that_were_skipped_have_names() -> None:
    """Week-ends and holidays between two instants, both days included."""
    days = SWEDEN.closed_days(
        local("2026-04-02 12:00"), local("2026-04-07 12:00")
    )
    assert days == (
        ClosedDay(date(2026, 4, 3), "Good Friday"),
        ClosedDay(date(2026, 4, 4), "Saturday"),
        ClosedDay(date(2026, 4, 5), "Easter Sunday"),
        ClosedDay(date(2026, 4, 6), "Easter Monday"),
    )
    assert (
        SWEDEN.closed_days(
            local("2026-04-03 12:00"), local("2026-04-03 13:00")
        )
        == days[:1]
    )


def test_round_the_clock_is_a_calendar_like_any_other() -> None:
    """Elapsed real time, with the same refusals."""
    always = round_the_clock()
    assert always.due(utc("2026-03-28 20:05"), 8 * HOUR) == utc(
        "2026-03-29 04:05"
    )
    assert always.elapsed(utc("2026-01-01"), utc("2027-01-01")) == timedelta(
        days=365
    )
    assert always.closed_days(utc("2026-01-01"), utc("2026-02-01")) == ()
    assert always.elapsed(utc("2026-01-01"), utc("9999-01-01")) > timedelta(
        days=365 * 7000
    )
    for instant in (utc("1969-12-31 23:59"), utc("9999-01-01 00:00")):
        with pytest.raises(
            CalendarError, match="'round the clock' covers 1970-9998 only"
        ):
            always.due(instant, HOUR)
