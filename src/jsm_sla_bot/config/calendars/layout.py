"""Calendar snapshots laid out, and how long they still last (D16)."""

from datetime import date
from functools import lru_cache
from operator import itemgetter
from typing import TypeAlias
from zoneinfo import ZoneInfo

from jsm_sla_bot.config.document import Document
from jsm_sla_bot.config.problem import Problem
from jsm_sla_bot.config.schema import CalendarShape
from jsm_sla_bot.config.validate import checked
from jsm_sla_bot.sla.calendar import (
    BusinessCalendar,
    CalendarSpec,
    DayException,
    Window,
)
from jsm_sla_bot.sla.contract import Policy
from jsm_sla_bot.sla.errors import CalendarError
from jsm_sla_bot.sla.laying_out import lay_out

NOTICE_DAYS = 400
"""A warning this long before a snapshot ends leaves a whole year-end to refresh it in."""


def calendar(
    document: Document,
) -> tuple[BusinessCalendar | None, list[Problem]]:
    """Return a file's calendar laid out over its years, or its problems."""
    shape, problems = checked(document, CalendarShape)
    if shape is None:
        return None, problems
    try:
        return _laid_out(*_meaning(spec(shape, document.file))), []
    except (CalendarError, OverflowError) as error:
        return None, [
            document.problem(
                (),
                found=str(error),
                expected="hours that can be laid out",
            )
        ]


_Week: TypeAlias = tuple[tuple[Window, ...], ...]
_Days: TypeAlias = tuple[tuple[date, DayException], ...]
_Meaning: TypeAlias = tuple[str, str, _Week, _Days, int, int, str]


def _meaning(spec: CalendarSpec) -> _Meaning:
    days = tuple(sorted(spec.exceptions.items(), key=itemgetter(0)))
    return (
        spec.name,
        spec.zone_name,
        spec.week,
        days,
        spec.first_year,
        spec.last_year,
        spec.source,
    )


@lru_cache(maxsize=64)
def _laid_out(  # noqa: PLR0913, PLR0917 - the whole meaning of a snapshot, so that nothing kept can be stale
    name: str,
    zone: str,
    week: _Week,
    days: _Days,
    first_year: int,
    last_year: int,
    source: str,
) -> BusinessCalendar:
    """Lay a calendar out once: a configuration that is read again has most of its calendars unchanged."""
    return lay_out(
        CalendarSpec(
            name,
            zone,
            ZoneInfo(zone),
            week,
            dict(days),
            first_year,
            last_year,
            source,
        )
    )


def spec(shape: CalendarShape, source: str) -> CalendarSpec:
    """Return what a snapshot holds; days put in by hand win over early closings, those over the rest (D15)."""
    early = {
        day: entry
        for day, entry in shape.early_closings.items()
        if entry.hours
    }
    others = {**shape.days, **early, **shape.own_days}
    return CalendarSpec(
        name=shape.name,
        zone_name=shape.zone,
        zone=ZoneInfo(shape.zone),
        week=shape.week.windows(),
        exceptions={
            day: DayException(other.name, tuple(other.hours))
            for day, other in others.items()
        },
        first_year=shape.years[0],
        last_year=shape.years[1],
        source=source,
    )


def never_opens(calendar: BusinessCalendar) -> bool:
    """Return whether no clock can ever run on that calendar."""
    return not calendar.opens


def expiring(policy: Policy, today: date) -> list[str]:
    """Return a sentence for every snapshot that has ended or ends within 400 days of today (D16)."""
    warnings = []
    for name, calendar in sorted(policy.calendars.items()):
        last = date(calendar.spec.last_year, 12, 31)
        left = (last - today).days
        if left < 0:
            warnings.append(
                f"calendar {name!r} ended on {last}: no clock can run on it; {_remedy(calendar)}"
            )
        elif left <= NOTICE_DAYS:
            warnings.append(
                f"calendar {name!r} ends on {last}, in {left} days; {_remedy(calendar)}"
            )
    return warnings


def _remedy(calendar: BusinessCalendar) -> str:
    return f"refresh {calendar.spec.source} with `jsm-sla-bot calendars refresh {calendar.name}`"
