"""A calendar laid out: from the hours and days of a snapshot to sorted UTC intervals over its years (D16).

The calendar's own zone matters here only: at an opening or closing that the local clock skips, the instant moves
forward by the gap; at one that the local clock shows twice, the first counts.
"""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import accumulate

from jsm_sla_bot.sla.calendar import (
    EARLIEST_DAY,
    LATEST_DAY,
    NOTHING,
    ONE_DAY,
    BusinessCalendar,
    CalendarSpec,
    Window,
)
from jsm_sla_bot.sla.errors import CalendarError

MIDNIGHT = time()
EARLIEST = EARLIEST_DAY.year
LATEST = LATEST_DAY.year


def lay_out(spec: CalendarSpec) -> BusinessCalendar:
    """Lay a snapshot's hours out over its years; raises CalendarError for hours or years that make no sense.

    Hours that run past midnight belong to the day they start on. Those of the last day before the snapshot are not
    known, so the first day is covered only from where they may end.
    """
    _check(spec)
    merged = _merged(sorted(_stretches(spec)))
    spill = max(
        (
            window.closes - ONE_DAY
            for windows in spec.week
            for window in windows
        ),
        default=NOTHING,
    )
    covers_from = _instant(
        date(spec.first_year, 1, 1), max(spill, NOTHING), spec.zone
    )
    covers_until = _instant(date(spec.last_year, 12, 31), ONE_DAY, spec.zone)
    return _calendar(
        spec,
        merged,
        covers_from,
        max([covers_until, *(closes for _, closes in merged[-1:])]),
    )


def round_the_clock() -> BusinessCalendar:
    """Return the calendar that never closes: elapsed real time (R4), a calendar like any other."""
    always = Window(NOTHING, ONE_DAY)
    first, last = (
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(9999, 1, 1, tzinfo=UTC),
    )
    spec = CalendarSpec(
        "round the clock",
        "UTC",
        UTC,
        ((always,),) * 7,
        {},
        first.year,
        last.year - 1,
    )
    length = last - first
    return BusinessCalendar(
        spec,
        (first,),
        (last,),
        (NOTHING,),
        (length,),
        bytes(length.days + 1),
        first,
        last,
    )


def _calendar(
    spec: CalendarSpec,
    merged: list[tuple[datetime, datetime]],
    covers_from: datetime,
    covers_until: datetime,
) -> BusinessCalendar:
    opens = tuple(begins for begins, _ in merged)
    closes = tuple(ends for _, ends in merged)
    through = tuple(accumulate(ends - begins for begins, ends in merged))
    return BusinessCalendar(
        spec=spec,
        opens=opens,
        closes=closes,
        before=(NOTHING, *through[:-1]) if through else (),
        through=through,
        first=tuple(_first(closes, covers_from, covers_until)),
        covers_from=covers_from,
        covers_until=covers_until,
    )


def _first(
    closes: tuple[datetime, ...], covers_from: datetime, covers_until: datetime
) -> Iterable[int]:
    at = 0
    day = covers_from
    while day <= covers_until:
        at = bisect_right(closes, day, at)
        yield at
        day += ONE_DAY


def _check(spec: CalendarSpec) -> None:
    if spec.first_year > spec.last_year:
        raise CalendarError(
            f"calendar {spec.name!r} ends ({spec.last_year}) before it begins ({spec.first_year})"
        )
    if spec.first_year < EARLIEST or spec.last_year > LATEST:
        raise CalendarError(
            f"calendar {spec.name!r} must lie in {EARLIEST}-{LATEST}, found {spec.first_year}-{spec.last_year}"
        )
    exceptions = [exception.windows for exception in spec.exceptions.values()]
    for windows in (*spec.week, *exceptions):
        for window in windows:
            _check_window(window, spec.name)


def _check_window(window: Window, name: str) -> None:
    begins_within = NOTHING <= window.opens < ONE_DAY
    lasts = NOTHING < window.closes - window.opens <= ONE_DAY
    if not (begins_within and lasts):
        message = f"calendar {name!r} has hours from {window.opens} until {window.closes}"
        raise CalendarError(
            f"{message}: they must begin within the day and last up to 24 h"
        )


def _stretches(spec: CalendarSpec) -> Iterable[tuple[datetime, datetime]]:
    day = date(spec.first_year, 1, 1)
    end = date(spec.last_year, 12, 31)
    while day <= end:
        midnight = datetime.combine(day, MIDNIGHT, spec.zone)
        for window in spec.windows(day):
            opens = _on_the_wall(midnight, window.opens)
            closes = _on_the_wall(midnight, window.closes)
            if opens < closes:
                yield opens, closes
        day += ONE_DAY


def _merged(
    stretches: Iterable[tuple[datetime, datetime]],
) -> list[tuple[datetime, datetime]]:
    merged: list[tuple[datetime, datetime]] = []
    for opens, closes in stretches:
        if merged and opens <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], closes))
        else:
            merged.append((opens, closes))
    return merged


def _instant(day: date, offset: timedelta, zone: tzinfo) -> datetime:
    return _on_the_wall(datetime.combine(day, MIDNIGHT, zone), offset)


def _on_the_wall(midnight: datetime, offset: timedelta) -> datetime:
    """Turn an offset on the wall clock from a midnight into UTC: forward in a gap, the first time in an overlap."""
    return (midnight + offset).astimezone(UTC)
