"""Due and elapsed business time, beside workclock, businesstimedelta, NumPy by hand and two bare bisects.

Ten years of Swedish business hours, aware datetimes in, aware datetimes out, for everybody alike. Each answer is
checked against ours before it is timed. The floor does nothing but the two bisects: no check of its arguments, no
refusal past its end.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import accumulate
from zoneinfo import ZoneInfo

import businesstimedelta  # type: ignore[import-untyped]
import holidays
import numpy as np
import pytz  # type: ignore[import-untyped]
import workclock

from benchmarks.stopwatch import seconds, tell
from jsm_sla_bot.sla.calendar import (
    BusinessCalendar,
    CalendarSpec,
    DayException,
    Window,
)
from jsm_sla_bot.sla.laying_out import lay_out

ZONE = ZoneInfo("Europe/Stockholm")
YEARS = (2020, 2029)
WORKING_DAYS = (0, 1, 2, 3, 4)
CLOSED = {
    day: name
    for day, name in holidays.country_holidays(
        "SE", years=range(YEARS[0], YEARS[1] + 1)
    ).items()
    if day.weekday() < len(WORKING_DAYS)
}
OPENS, CLOSES = timedelta(hours=9), timedelta(hours=17)
LENGTH = CLOSES - OPENS
START = datetime(2026, 3, 2, 9, 17, tzinfo=UTC)
GOALS = [timedelta(hours=hours) for hours in (8, 40, 200)]
SPANS = [timedelta(days=days) for days in (1, 30, 365)]

Due = Callable[[datetime, timedelta], datetime]
Elapsed = Callable[[datetime, datetime], timedelta]


@dataclass(frozen=True, slots=True)
class Contestant:
    """One way to count business time."""

    name: str
    due: Due
    elapsed: Elapsed


def ours() -> BusinessCalendar:
    """Return our calendar."""
    week = ((Window(OPENS, CLOSES),),) * 5 + ((), ())
    days = {day: DayException(name) for day, name in CLOSED.items()}
    return lay_out(
        CalendarSpec("sweden", "Europe/Stockholm", ZONE, week, days, *YEARS)
    )


def floor() -> Contestant:
    """Return two bisects over lists, and nothing else."""
    calendar = ours()
    opens, closes = list(calendar.opens), list(calendar.closes)
    through = list(
        accumulate(
            close - opened for opened, close in zip(opens, closes, strict=True)
        )
    )

    def due(start: datetime, goal: timedelta) -> datetime:
        at = bisect_right(closes, start)
        opened = opens[at]
        target = through[at] - (closes[at] - (max(opened, start))) + goal
        end = bisect_left(through, target, at)
        return closes[end] - (through[end] - target)

    def position(instant: datetime) -> timedelta:
        at = bisect_right(closes, instant)
        opened = opens[at]
        begun = instant if instant > opened else opened  # noqa: FURB136 - a call is slower
        return through[at] - (closes[at] - begun)

    return Contestant(
        "bare bisect", due, lambda start, end: position(end) - position(start)
    )


def peer_workclock() -> Contestant:
    """Return the fastest library that was found."""
    rules: list[workclock.WorkDay | workclock.Holidays] = [
        workclock.WorkDay(time(9), time(17)),
        workclock.Holidays(CLOSED),
    ]
    schedule = workclock.Schedule(rules, time_zone="Europe/Stockholm")
    return Contestant("workclock", schedule.add, schedule.between)


def peer_businesstimedelta() -> Contestant:
    """Return the library that most people find."""
    zone = pytz.timezone("Europe/Stockholm")
    day = businesstimedelta.WorkDayRule(
        start_time=time(9),
        end_time=time(17),
        working_days=list(WORKING_DAYS),
        tz=zone,
    )
    rules = businesstimedelta.Rules(
        [day, businesstimedelta.HolidayRule(_Dates(CLOSED), tz=zone)]
    )

    def due(start: datetime, goal: timedelta) -> datetime:
        answer: datetime = start + businesstimedelta.BusinessTimeDelta(
            rules, timedelta=goal
        )
        return answer

    def elapsed(start: datetime, end: datetime) -> timedelta:
        answer: timedelta = rules.difference(start, end).timedelta
        return answer

    return Contestant("businesstimedelta", due, elapsed)


class _Dates(dict[date, str]):
    """Holidays that never end: businesstimedelta fails past the last one."""


def by_hand() -> Contestant:
    """Return `numpy.busday_offset` with the hours of the day around it, as one would write it."""
    days = np.busdaycalendar(holidays=[np.datetime64(day) for day in CLOSED])

    def due(start: datetime, goal: timedelta) -> datetime:
        local = start.astimezone(ZONE)
        today = np.datetime64(local.date())
        first = np.busday_offset(today, 0, roll="forward", busdaycal=days)
        into = timedelta(0)
        if first == today:
            passed = (
                timedelta(
                    hours=local.hour,
                    minutes=local.minute,
                    seconds=local.second,
                )
                - OPENS
            )
            into = min(max(passed, timedelta(0)), LENGTH)
        whole, rest = divmod(into + goal, LENGTH)
        if not rest:
            whole, rest = whole - 1, LENGTH
        last = np.busday_offset(first, whole, busdaycal=days).astype(date)
        return (
            datetime.combine(last, time(), ZONE) + OPENS + rest
        ).astimezone(UTC)

    def position(instant: datetime) -> timedelta:
        local = instant.astimezone(ZONE)
        today = np.datetime64(local.date())
        total = LENGTH * int(
            np.busday_count(np.datetime64("2020-01-01"), today, busdaycal=days)
        )
        if np.is_busday(today, busdaycal=days):
            passed = (
                timedelta(
                    hours=local.hour,
                    minutes=local.minute,
                    seconds=local.second,
                )
                - OPENS
            )
            total += min(max(passed, timedelta(0)), LENGTH)
        return total

    return Contestant(
        "numpy by hand",
        due,
        lambda start, end: position(end) - position(start),
    )


def main() -> None:
    """Print nanoseconds a call, and how many times ours that is."""
    calendar = ours()
    mine = Contestant("jsm-sla-bot", calendar.due, calendar.elapsed)
    peers = [
        mine,
        floor(),
        peer_workclock(),
        by_hand(),
        peer_businesstimedelta(),
    ]
    tell(
        f"business time: {len(calendar.opens)} intervals of {YEARS[0]}-{YEARS[1]}, ns a call (times ours)"
    )
    tell(f"{'':26}" + "".join(f"{peer.name:>25}" for peer in peers))
    for goal in GOALS:
        row(
            f"due +{goal.total_seconds() / 3600:.0f} h",
            [partial(peer.due, START, goal) for peer in peers],
        )
    for span in SPANS:
        row(
            f"elapsed over {span.days} days",
            [partial(peer.elapsed, START, START + span) for peer in peers],
        )
    tell(f"a calendar of ten years laid out: {seconds(ours) * 1e3:.1f} ms")


def row(name: str, calls: list[Callable[[], object]]) -> None:
    """Time one question, everybody in turn, and print the answers' price."""
    expected = calls[0]()
    wrong = [number for number, call in enumerate(calls) if call() != expected]
    rounds = [[seconds(call, 3) for call in calls] for _ in range(5)]
    best = [min(column) for column in zip(*rounds, strict=True)]
    prices = [f"{each * 1e9:,.0f} ({each / best[0]:,.2f})" for each in best]
    told = "".join(
        f"{price + ('!' if number in wrong else ''):>25}"
        for number, price in enumerate(prices)
    )
    tell(f"{name:26}{told}")


if __name__ == "__main__":
    main()
