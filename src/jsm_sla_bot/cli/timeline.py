"""The time line of one answer as rows of a day each: what was open, counted or stood still, and what happened when.

Only what happened is marked, or what lies ahead if nothing happens before. Plain values that both the terminal and the
SVG draw.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from operator import attrgetter
from typing import NamedTuple

from jsm_sla_bot.plan.explanation.explained import calendar_of
from jsm_sla_bot.plan.sentences import FOR_CUSTOMERS
from jsm_sla_bot.sla.assessment import Assessment, Owed, RungAt, SlaStatus
from jsm_sla_bot.sla.calendar import ONE_DAY, BusinessCalendar
from jsm_sla_bot.sla.contract import Policy
from jsm_sla_bot.sla.reason import Because
from jsm_sla_bot.sla.tally import Kind, tally

CHANGES = {
    Because.SEVERITY_RAISED: "severity raised",
    Because.SEVERITY_LOWERED: "severity lowered",
    Because.ORGANIZATIONS_CHANGED: "organization corrected",
    Because.PRODUCT_CHANGED: "product corrected",
    Because.CALLED: "called",
    Because.CALLED_AGAIN: "called again",
    Because.CALL_BEFORE_REPORT: "called (before the report)",
    Because.CALL_NOT_COUNTED: "called (does not count)",
    Because.PROBABLY_ANSWERED: "probable answer",
    Because.CLOCK_RESTARTED: "reopened",
}


class Shade(StrEnum):
    """What a stretch of a day is."""

    OPEN = "open"
    COUNTED = "counted"
    STOOD_STILL = "stood still"


SHADES = {Kind.COUNTED: Shade.COUNTED, Kind.STOOD_STILL: Shade.STOOD_STILL}


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


class Happening(NamedTuple):
    """Something that happened, aware UTC."""

    at: datetime
    what: str


class _Length(NamedTuple):
    """A stretch of time with its shade, aware UTC."""

    begins: datetime
    ends: datetime
    shade: Shade


def days_of(
    assessment: Assessment,
    policy: Policy,
    reported: datetime,
    zone: tzinfo,
    *,
    for_customer: bool,
) -> list[Day]:
    """Return the days of an answer in that zone; none where no clock runs. `reported` is aware UTC."""
    owed = assessment.owed
    if owed is None:
        return []
    calendar = calendar_of(owed, policy)
    events = happened(assessment, reported, for_customer=for_customer)
    return days(owed, calendar, events, zone)


def days(
    owed: Owed,
    calendar: BusinessCalendar,
    happened: Iterable[Happening],
    zone: tzinfo,
) -> list[Day]:
    """Lay an answer out by local days of that zone, from the first to the last thing that happened.

    What comes after the last of it was not counted any more, and is not shown as counted.
    """
    marks = sorted(happened, key=attrgetter("at"))
    begins = marks[0].at
    ends = marks[-1].at
    first = begins.astimezone(zone).date()
    last = ends.astimezone(zone).date()
    midnight = _midnight(last + ONE_DAY, zone)
    lengths = list(_lengths(owed, calendar, ends, midnight))
    return [
        _day(first + timedelta(days=number), calendar, lengths, marks, zone)
        for number in range((last - first).days + 1)
    ]


def happened(
    assessment: Assessment, reported: datetime, *, for_customer: bool = False
) -> Iterator[Happening]:
    """Yield what happened to the request and its clock; rungs and internal matters are not the customer's."""
    ended = assessment.acknowledged_at
    yield Happening(reported, "reported")
    for reason in assessment.because:
        at = reason.fact("at")
        theirs = reason.because in FOR_CUSTOMERS or not for_customer
        if ended and isinstance(at, datetime) and at > ended:
            continue
        if reason.because in CHANGES and isinstance(at, datetime) and theirs:
            yield Happening(at, CHANGES[reason.because])
    if assessment.owed:
        yield from _clock(
            assessment, assessment.owed, for_customer=for_customer
        )
    if ended:
        yield Happening(ended, "acknowledged")


def _clock(
    assessment: Assessment, owed: Owed, *, for_customer: bool
) -> Iterator[Happening]:
    """Yield what the clock did until the answer; while it stands still nothing lies ahead."""
    ended = assessment.acknowledged_at
    found = list(_stops(owed))
    if not for_customer:
        found += _rungs(assessment, owed)
    if assessment.status is not SlaStatus.PAUSED:
        found.append(
            Happening(owed.due, "due (dated)" if owed.ran_out else "due")
        )
    for one in found:
        if ended is None or one.at < ended:
            yield one


def _stops(owed: Owed) -> Iterator[Happening]:
    for pause in owed.pauses:
        yield Happening(pause.begins, "clock stops")
        if pause.ends:
            yield Happening(pause.ends, "clock goes on")


def _rungs(assessment: Assessment, owed: Owed) -> Iterator[Happening]:
    """Yield the rungs before the due time: none was reached before what is owed came to be owed.

    None is reached after a probable answer (D35), nor while the clock stands still.
    """
    limits = [owed.due]
    probable = _probable(assessment)
    if probable:
        limits.append(probable)
    if assessment.status is SlaStatus.PAUSED:
        limits.append(owed.pauses[-1].begins)
    until = min(limits)
    for rung in assessment.rungs:
        at = _reached(rung, assessment)
        if at < until:
            name = rung.name.replace("_", " ")
            yield Happening(at, name)


def _reached(rung: RungAt, assessment: Assessment) -> datetime:
    since = assessment.owed_since
    return max(rung.at, since) if since else rung.at


def _probable(assessment: Assessment) -> datetime | None:
    for reason in assessment.because:
        at = reason.fact("at")
        if reason.because is Because.PROBABLY_ANSWERED and isinstance(
            at, datetime
        ):
            return at
    return None


def _lengths(
    owed: Owed, calendar: BusinessCalendar, until: datetime, midnight: datetime
) -> Iterator[_Length]:
    for row in tally(owed, calendar):
        if row.kind in SHADES:
            ends = min(row.ends, until) if row.ends else midnight
            yield _Length(row.begins, ends, SHADES[row.kind])


def _day(
    day: date,
    calendar: BusinessCalendar,
    lengths: Iterable[_Length],
    happened: Iterable[Happening],
    zone: tzinfo,
) -> Day:
    begins = _midnight(day, zone)
    ends = _midnight(day + ONE_DAY, zone)
    marks = tuple(
        Mark(_share(one.at, begins, ends), one.at, one.what)
        for one in happened
        if begins <= one.at < ends
    )
    open_ = [
        _Length(span.opens, span.closes, Shade.OPEN)
        for span in calendar.spans(begins, ends)
    ]
    stretches = tuple(_stretches([*open_, *lengths], begins, ends))
    is_closed = not open_ and not calendar.spec.windows(day)
    name = calendar.spec.day_name(day) if is_closed else None
    return Day(day, name, stretches, marks)


def _stretches(
    lengths: Iterable[_Length], begins: datetime, ends: datetime
) -> Iterator[Stretch]:
    for length in lengths:
        start = max(length.begins, begins)
        end = min(length.ends, ends)
        if start < end:
            share = _share(start, begins, ends)
            yield Stretch(share, _share(end, begins, ends), length.shade)


def _share(instant: datetime, begins: datetime, ends: datetime) -> float:
    return (instant - begins) / (ends - begins)


def _midnight(day: date, zone: tzinfo) -> datetime:
    """Return local midnight in UTC: a day with a change of the clocks is 23 or 25 hours long."""
    return datetime.combine(day, datetime.min.time(), zone).astimezone(UTC)
