"""The time line of one answer as rows of a day each: what was open, what was counted, and what happened when.

Plain values that both the terminal and the SVG draw.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum

from jsm_sla_bot.sla.assessment import Assessment, Owed
from jsm_sla_bot.sla.calendar import ONE_DAY, BusinessCalendar
from jsm_sla_bot.sla.reason import Because

CHANGES = {
    Because.SEVERITY_RAISED: "severity raised",
    Because.SEVERITY_LOWERED: "severity lowered",
    Because.ORGANIZATIONS_CHANGED: "organization corrected",
    Because.PRODUCT_CHANGED: "product corrected",
    Because.CALLED: "called",
    Because.CALLED_AGAIN: "called again",
    Because.CALL_BEFORE_REPORT: "called (before the report)",
    Because.CALL_NOT_COUNTED: "called (does not count)",
    Because.CLOCK_RESTARTED: "reopened",
}


class Shade(StrEnum):
    """What a stretch of a day is."""

    OPEN = "open"
    COUNTED = "counted"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Part of a day, as shares of it from 0 to 1."""

    start: float
    end: float
    shade: Shade


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened, at a share of its day."""

    at: float
    instant: datetime
    what: str


@dataclass(frozen=True, slots=True)
class Day:
    """One local day. `closed` is the name of a day without opening hours."""

    day: date
    closed: str | None
    stretches: tuple[Stretch, ...]
    marks: tuple[Mark, ...]


def days(
    assessment: Assessment, calendar: BusinessCalendar, reported: datetime, zone: tzinfo
) -> list[Day]:
    """Lay an answer out by local days of that zone, from the first to the last thing that happened."""
    if assessment.owed is None:
        return []
    instants = sorted(happened(assessment, reported))
    first, last = (
        instant.astimezone(zone).date() for instant in (instants[0][0], instants[-1][0])
    )
    return [
        _day(first + timedelta(days=number), assessment.owed, calendar, instants, zone)
        for number in range((last - first).days + 1)
    ]


def happened(
    assessment: Assessment, reported: datetime
) -> Iterator[tuple[datetime, str]]:
    """Yield what happened to the request and its clock, each with its instant (aware UTC)."""
    yield reported, "reported"
    for reason in assessment.because:
        at = reason.fact("at")
        if reason.because in CHANGES and isinstance(at, datetime):
            yield at, CHANGES[reason.because]
    for rung in assessment.rungs:
        if rung.at != assessment.due:
            yield rung.at, rung.name.replace("_", " ")
    if assessment.due:
        yield assessment.due, "due"
    if assessment.acknowledged_at:
        yield assessment.acknowledged_at, "acknowledged"


def _day(
    day: date,
    owed: Owed,
    calendar: BusinessCalendar,
    instants: Iterable[tuple[datetime, str]],
    zone: tzinfo,
) -> Day:
    begins, ends = _midnight(day, zone), _midnight(day + ONE_DAY, zone)
    counted = _stretches(
        calendar,
        max(begins, owed.start),
        min(ends, owed.due),
        (begins, ends),
        Shade.COUNTED,
    )
    marks = tuple(
        Mark(_share(at, begins, ends), at, what)
        for at, what in instants
        if begins <= at < ends
    )
    open_ = tuple(_stretches(calendar, begins, ends, (begins, ends), Shade.OPEN))
    name = None if open_ or calendar.spec.windows(day) else calendar.spec.day_name(day)
    return Day(day, name, (*open_, *counted), marks)


def _stretches(
    calendar: BusinessCalendar,
    start: datetime,
    end: datetime,
    day: tuple[datetime, datetime],
    shade: Shade,
) -> Iterator[Stretch]:
    if start < end:
        for span in calendar.spans(start, end):
            yield Stretch(_share(span.opens, *day), _share(span.closes, *day), shade)


def _share(instant: datetime, begins: datetime, ends: datetime) -> float:
    return (instant - begins) / (ends - begins)


def _midnight(day: date, zone: tzinfo) -> datetime:
    """Return local midnight in UTC: a day with a change of the clocks is 23 or 25 hours long."""
    return datetime.combine(day, datetime.min.time(), zone).astimezone(UTC)
