"""Days outside of a calendar's years, and opening hours that overlap."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from jsm_sla_bot.config import literals
from jsm_sla_bot.config.advice import shown
from jsm_sla_bot.config.document import Document, Path
from jsm_sla_bot.config.problem import Problem
from jsm_sla_bot.config.schema.calendar import DAYS, WEEKDAYS
from jsm_sla_bot.config.word import read_or_none
from jsm_sla_bot.sla.calendar import ONE_DAY, Window


def calendar_out_of_order(calendar: Document) -> Iterator[Problem]:
    """Yield every problem with the order of days and hours."""
    yield from _days(calendar)
    yield from _nights(calendar)
    for path in hour_lists(calendar):
        yield from _overlaps(calendar, path)


def hour_lists(calendar: Document) -> Iterator[Path]:
    """Yield the places of a calendar where lists of hours may stand."""
    for name in WEEKDAYS:
        yield ("week", name)
    yield ("generated", "early_hours")
    for part in DAYS:
        for name in calendar.keys((part,)):
            yield (part, name, "hours")


def _days(calendar: Document) -> Iterator[Problem]:
    """Find days outside of the years that the snapshot covers (D16)."""
    years = read_or_none(literals.years, calendar.find(("years",)))
    if years is None:
        return
    first, last = years
    for part in DAYS:
        for name in calendar.keys((part,)):
            day = read_or_none(literals.day, name)
            if day and not first <= day.year <= last:
                expected = f"a day within the years {first}-{last}"
                yield calendar.key_problem(
                    (part, name),
                    found=shown(name),
                    expected=expected,
                )


def _windows(calendar: Document, path: Path) -> list[Window | None]:
    """Return the hours of a list, None for those that can't be read."""
    return [
        read_or_none(literals.window, text) for text in calendar.entries(path)
    ]


def _overlaps(calendar: Document, path: Path) -> Iterator[Problem]:
    pairs = pairwise(_windows(calendar, path))
    for index, (before, after) in enumerate(pairs, start=1):
        if before and after and after.opens < before.closes:
            at = (*path, index)
            expected = "hours that begin after those before them"
            yield calendar.problem(
                at,
                found=shown(calendar.find(at)),
                expected=expected,
            )


def _nights(calendar: Document) -> Iterator[Problem]:
    """Find hours that begin before the night of the day before has ended; Sunday's night ends on Monday."""
    sunday = WEEKDAYS[-1]
    for day_before, name in pairwise((sunday, *WEEKDAYS)):
        night_ends = _night_ends(calendar, day_before)
        first = next(iter(_windows(calendar, ("week", name))), None)
        if first and first.opens < night_ends:
            at: Path = ("week", name, 0)
            expected = (
                f"hours that begin after the night of {day_before} has ended"
            )
            yield calendar.problem(
                at,
                found=shown(calendar.find(at)),
                expected=expected,
            )


def _night_ends(calendar: Document, day: str) -> timedelta:
    """Return until when the hours of a day last on the next one, 0 or less where they do not."""
    windows = _windows(calendar, ("week", day))
    ends = [window.closes - ONE_DAY for window in windows if window]
    return max(ends, default=timedelta())
