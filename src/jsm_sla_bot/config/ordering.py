"""What stands in the wrong order within a file: dates, rungs, opening hours, days outside of the years.

Like the cross-checks these read the documents, so that a slip elsewhere hides nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import TypeVar

from jsm_sla_bot.config import literals
from jsm_sla_bot.config.document import Document, Path
from jsm_sla_bot.config.folder import Folder
from jsm_sla_bot.config.problem import Problem
from jsm_sla_bot.config.schema.calendar import DAYS, WEEKDAYS
from jsm_sla_bot.config.validate import shown
from jsm_sla_bot.config.word import WordError
from jsm_sla_bot.sla.calendar import ONE_DAY, Window

T = TypeVar("T")


def out_of_order(folder: Folder) -> Iterator[Problem]:
    """Yield every problem of order."""
    yield from _rungs(folder.policy)
    yield from _terms_of_agreements(folder.organizations)
    for calendar in folder.calendars.values():
        yield from _days(calendar)
        yield from _nights(calendar)
        for path in hour_lists(calendar):
            yield from _overlaps(calendar, path)


def _read(word: Callable[[object], T], value: object) -> T | None:
    try:
        return word(value)
    except WordError:
        return None


def _count(document: Document, path: Path) -> int:
    value = document.find(path)
    return len(value) if isinstance(value, list) else 0


def _rungs(policy: Document) -> Iterator[Problem]:
    here: Path = ("escalation", "rungs")
    names: list[object] = []
    for index in range(_count(policy, here)):
        name, path = policy.find((*here, index, "name")), (*here, index, "share")
        before = (
            _read(literals.share, policy.find((*here, index - 1, "share")))
            if index
            else None
        )
        share = _read(literals.share, policy.find(path))
        if before and share and share <= before:
            yield policy.problem(
                path,
                shown(policy.find(path)),
                "a larger share than the rung before it has",
            )
        if isinstance(name, str) and name in names:
            yield policy.problem(
                (*here, index, "name"), shown(name), "a name that no other rung has"
            )
        names.append(name)


def _terms_of_agreements(organizations: Document) -> Iterator[Problem]:
    entries = organizations.find(("organizations",))
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        if not isinstance(entry, dict):
            continue
        here: Path = ("organizations", index)
        yield from _term(organizations, here, entry)
        if entry.get("periods") is not None:
            yield from _periods(organizations, (*here, "periods"))


def _term(
    organizations: Document, here: Path, agreed: dict[str, object]
) -> Iterator[Problem]:
    first = _read(literals.day, agreed.get("valid_from"))
    last = _read(literals.day, agreed.get("valid_until"))
    if first and last and last < first:
        path = (*here, "valid_until")
        expected = f"a day not before valid_from, {first}"
        yield organizations.problem(path, shown(last.isoformat()), expected)


@dataclass(frozen=True, slots=True, order=True)
class _Period:
    """The first and the last day of a period; where they are left out, those of all days."""

    first: date
    last: date
    index: int


def _periods(organizations: Document, here: Path) -> Iterator[Problem]:
    """Find periods that end before they begin, and periods that share a day with another (R7)."""
    periods = []
    entries = organizations.find(here)
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict):
            yield from _term(organizations, (*here, index), entry)
            period = _period(entry, index)
            periods += [period] if period else []
    latest: _Period | None = None
    for period in sorted(periods):
        if latest and period.first <= latest.last:
            yield _overlap(organizations, here, latest, period)
        if latest is None or period.last > latest.last:
            latest = period


def _period(agreed: dict[str, object], index: int) -> _Period | None:
    """Return the days of a period; None where they can't be read or end before they begin."""
    days = []
    for name, otherwise in (("valid_from", date.min), ("valid_until", date.max)):
        given = agreed.get(name)
        day = otherwise if given is None else _read(literals.day, given)
        if day is None:
            return None
        days.append(day)
    first, last = days
    return _Period(first, last, index) if first <= last else None


def _overlap(
    organizations: Document, here: Path, before: _Period, period: _Period
) -> Problem:
    path = (*here, period.index)
    place = organizations.place((*here, before.index))
    other = f"the period at {organizations.shown_as}:{place.line}:{place.column}"
    if before.last == date.max:
        return organizations.problem(
            path, "a period that overlaps another", f"{other} to have a valid_until"
        )
    expected = f"a first day after {before.last}, the last of {other}"
    given = organizations.find((*path, "valid_from"))
    if given is None:
        return organizations.problem(path, "a period without valid_from", expected)
    following = before.last + ONE_DAY
    suggestion = following.isoformat() if following <= period.last else None
    at = (*path, "valid_from")
    return organizations.problem(at, shown(given), expected, suggestion)


def _days(calendar: Document) -> Iterator[Problem]:
    span = _read(literals.years, calendar.find(("years",)))
    for part in DAYS:
        days = calendar.find((part,))
        for name in days if isinstance(days, dict) and span else ():
            day = _read(literals.day, name)
            if isinstance(day, date) and span and not span[0] <= day.year <= span[1]:
                expected = f"a day within the years {span[0]}-{span[1]}"
                yield calendar.key_problem((part, name), shown(name), expected)


def hour_lists(calendar: Document) -> Iterator[Path]:
    """Yield the places of a calendar where lists of hours may stand."""
    for name in WEEKDAYS:
        yield ("week", name)
    yield ("generated", "early_hours")
    for part in DAYS:
        days = calendar.find((part,))
        for name in days if isinstance(days, dict) else ():
            yield (part, name, "hours")


def _windows(calendar: Document, path: Path) -> list[Window | None]:
    return [
        _read(literals.window, calendar.find((*path, index)))
        for index in range(_count(calendar, path))
    ]


def _overlaps(calendar: Document, path: Path) -> Iterator[Problem]:
    for index, (before, after) in enumerate(
        pairwise(_windows(calendar, path)), start=1
    ):
        if before and after and after.opens < before.closes:
            at = (*path, index)
            yield calendar.problem(
                at, shown(calendar.find(at)), "hours that begin after those before them"
            )


def _nights(calendar: Document) -> Iterator[Problem]:
    """Find hours that begin before the night of the day before has ended."""
    week = [_windows(calendar, ("week", name)) for name in WEEKDAYS]
    for index, name in enumerate(WEEKDAYS):
        ends = [window.closes - ONE_DAY for window in week[index - 1] if window]
        first = week[index][0] if week[index] else None
        if first and first.opens < max(ends, default=timedelta()):
            at: Path = ("week", name, 0)
            expected = (
                f"hours that begin after the night of {WEEKDAYS[index - 1]} has ended"
            )
            yield calendar.problem(at, shown(calendar.find(at)), expected)
