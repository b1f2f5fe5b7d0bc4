"""Ten calendars that are hard to get right, and what `workclock` can say of each."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from workclock import Holidays, Schedule, WorkDay

from jsm_sla_bot.sla.calendar import (
    BusinessCalendar,
    CalendarSpec,
    DayException,
    Window,
)
from jsm_sla_bot.sla.laying_out import lay_out
from tests.sla.contract import SWEDISH_DAYS

YEARS = (2024, 2027)
DAY = timedelta(days=1)


def window(opens: str, closes: str) -> Window:
    """Read opening hours; at or before the opening the closing is on the next day."""
    first, last = (
        timedelta(hours=int(text[:2]), minutes=int(text[3:]))
        for text in (opens, closes)
    )
    return Window(first, last if last > first else last + DAY)


def weekly(days: int, *windows: Window) -> tuple[tuple[Window, ...], ...]:
    """Return a week that is open on its first days."""
    return (windows,) * days + ((),) * (7 - days)


DAYTIME, MORNING = window("09:00", "17:00"), window("09:00", "13:00")
CLOSED = {day: DayException(name) for day, name in SWEDISH_DAYS.items()}
HALF_DAYS = {
    date(2026, 1, 5): DayException("Twelfth Night", (MORNING,)),
    date(2026, 4, 2): DayException("x", (MORNING,)),
}
CLOSED_DAY = {
    date(2026, 3, 27): DayException("closed"),
    date(2026, 11, 2): DayException("closed"),
}


def made(
    name: str,
    zone: str,
    week: tuple[tuple[Window, ...], ...],
    days: dict[date, DayException] | None = None,
) -> CalendarSpec:
    """Return the hours of a calendar."""
    return CalendarSpec(
        name,
        zone,
        ZoneInfo(zone),
        week,
        days or {},
        *YEARS,
        source=f"calendars/{name}.yaml",
    )


SPECS = [
    made(
        "stockholm", "Europe/Stockholm", weekly(5, DAYTIME), CLOSED | HALF_DAYS
    ),
    made(
        "new york, half days",
        "America/New_York",
        (*weekly(4, DAYTIME)[:4], (MORNING,), (), ()),
        CLOSED_DAY,
    ),
    made(
        "beirut, split days",
        "Asia/Beirut",
        weekly(6, window("08:00", "12:00"), window("13:30", "18:00")),
    ),
    made(
        "beirut, from midnight",
        "Asia/Beirut",
        weekly(7, window("00:00", "08:00")),
    ),
    made(
        "lord howe", "Australia/Lord_Howe", weekly(7, window("01:45", "09:15"))
    ),
    made(
        "london, overnight",
        "Europe/London",
        weekly(5, window("22:00", "06:00")),
        CLOSED_DAY,
    ),
    made(
        "new york, overnight",
        "America/New_York",
        weekly(7, window("20:00", "01:30"), window("01:15", "02:30")),
    ),
    made(
        "sydney, round the clock",
        "Australia/Sydney",
        weekly(7, window("00:00", "00:00")),
    ),
    made(
        "stockholm, until 24:00",
        "Europe/Stockholm",
        weekly(5, window("16:00", "00:00")),
        CLOSED,
    ),
    made(
        "stockholm, from 02:30",
        "Europe/Stockholm",
        weekly(7, window("02:30", "10:30")),
    ),
]
CALENDARS = [lay_out(spec) for spec in SPECS]


def schedule(spec: CalendarSpec) -> Schedule:
    """Return the calendar for `workclock`; it knows closed dates but no dated hours."""
    rules: list[WorkDay | Holidays] = [
        WorkDay(_time(one.opens), _time(one.closes), [weekday])
        for weekday, windows in enumerate(spec.week)
        for one in windows
    ]
    closed = [
        day
        for day, exception in spec.exceptions.items()
        if not exception.windows
    ]
    return Schedule([*rules, Holidays(closed)], time_zone=spec.zone_name)


def is_shared(spec: CalendarSpec, start: datetime, end: datetime) -> bool:
    """Tell whether `workclock` means the same by this calendar between two instants.

    It cannot be given other hours for a date. Its closed dates cut from midnight to midnight, ours close the shifts
    that begin on that date: over night the two differ around every closed date.
    """
    overnight = any(
        one.closes > DAY for windows in spec.week for one in windows
    )
    first, last = (
        start.astimezone(spec.zone).date() - DAY,
        end.astimezone(spec.zone).date() + DAY,
    )
    return not any(
        first <= day <= last and (overnight or one.windows)
        for day, one in spec.exceptions.items()
    )


def instants(
    calendar: BusinessCalendar, chance: Random, amount: int
) -> list[datetime]:
    """Return instants of the middle years: anywhere, near a change of the clocks, near an opening or a closing."""
    turns = _turns(calendar.spec)
    found = []
    for _ in range(amount):
        near = chance.choice(["anywhere", "turn", "edge"])
        base = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(
            milliseconds=chance.randrange(63_072_000_000)
        )
        if near == "turn" and turns:
            base = chance.choice(turns) + timedelta(
                minutes=chance.randrange(-3000, 3000)
            )
        elif near == "edge" and len(calendar.opens) > 1:
            edges = chance.choice([calendar.opens, calendar.closes])
            middle = edges[len(edges) // 4 : len(edges) * 3 // 4]
            base = chance.choice(middle) + timedelta(
                milliseconds=chance.choice([-60_000, -1, 0, 1, 60_000])
            )
        found.append(base)
    return found


def _turns(spec: CalendarSpec) -> list[datetime]:
    hours = [
        datetime(2025, 1, 1, tzinfo=UTC) + timedelta(hours=number)
        for number in range(0, 2 * 8760, 6)
    ]
    return [
        one
        for one in hours
        if one.astimezone(spec.zone).utcoffset()
        != (one + 6 * DAY / 24).astimezone(spec.zone).utcoffset()
    ]


def _time(offset: timedelta) -> time:
    return (datetime(2026, 1, 1, tzinfo=UTC) + offset % DAY).time()
