"""Agreements out of order: one that ends before it begins, periods that share a day (R7)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from jsm_sla_bot.config import literals
from jsm_sla_bot.config.advice import shown
from jsm_sla_bot.config.document import Document, Path
from jsm_sla_bot.config.problem import Problem
from jsm_sla_bot.config.word import read_or_none
from jsm_sla_bot.sla.calendar import ONE_DAY

Agreed = Mapping[str, object]
"""What stands in the file for an organization or for one of its periods."""


def agreements_out_of_order(organizations: Document) -> Iterator[Problem]:
    """Yield every problem with the days of an agreement."""
    every: Path = ("organizations",)
    for index, entry in organizations.mappings(every):
        here = (*every, index)
        yield from _term(organizations, here, entry)
        if entry.get("periods") is not None:
            yield from _periods(organizations, (*here, "periods"))


def _term(
    organizations: Document, here: Path, agreed: Agreed
) -> Iterator[Problem]:
    first = read_or_none(literals.day, agreed.get("valid_from"))
    last = read_or_none(literals.day, agreed.get("valid_until"))
    if first and last and last < first:
        path = (*here, "valid_until")
        expected = f"a day not before valid_from, {first}"
        yield organizations.problem(
            path,
            found=shown(last.isoformat()),
            expected=expected,
        )


@dataclass(frozen=True, slots=True, order=True)
class _Period:
    """The first and the last day of a period; where they are left out, those of all days."""

    first: date
    last: date
    index: int


def _periods(organizations: Document, here: Path) -> Iterator[Problem]:
    """Find periods that end before they begin, and periods that share a day with another."""
    periods: list[_Period] = []
    for index, entry in organizations.mappings(here):
        yield from _term(organizations, (*here, index), entry)
        period = _period(entry, index)
        if period:
            periods.append(period)
    yield from _overlaps(organizations, here, sorted(periods))


def _period(agreed: Agreed, index: int) -> _Period | None:
    """Return the days of a period; None where they can't be read or end before they begin."""
    first = _day(agreed.get("valid_from"), date.min)
    last = _day(agreed.get("valid_until"), date.max)
    if first is None or last is None or last < first:
        return None
    return _Period(first, last, index)


def _day(given: object, left_out: date) -> date | None:
    if given is None:
        return left_out
    return read_or_none(literals.day, given)


def _overlaps(
    organizations: Document,
    here: Path,
    periods: list[_Period],
) -> Iterator[Problem]:
    """Compare each period, in the order of their days, with the one before it that lasts longest."""
    latest: _Period | None = None
    for period in periods:
        if latest and period.first <= latest.last:
            yield _overlap(organizations, here, latest, period)
        if latest is None or period.last > latest.last:
            latest = period


def _overlap(
    organizations: Document,
    here: Path,
    before: _Period,
    period: _Period,
) -> Problem:
    path = (*here, period.index)
    other = f"the period at {organizations.written((*here, before.index))}"
    if before.last == date.max:
        found = "a period that overlaps another"
        return organizations.problem(
            path,
            found=found,
            expected=f"{other} to have a valid_until",
        )
    expected = f"a first day after {before.last}, the last of {other}"
    begin = (*path, "valid_from")
    given = organizations.find(begin)
    if given is None:
        return organizations.problem(
            path,
            found="a period without valid_from",
            expected=expected,
        )
    suggestion = _first_day_after(before, period)
    return organizations.problem(
        begin,
        found=shown(given),
        expected=expected,
        suggestion=suggestion,
    )


def _first_day_after(before: _Period, period: _Period) -> str | None:
    """Suggest the day after the period before, if it still lies within the period."""
    following = before.last + ONE_DAY
    return following.isoformat() if following <= period.last else None
