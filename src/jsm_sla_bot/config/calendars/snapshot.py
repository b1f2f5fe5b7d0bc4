"""Writing and comparing calendar snapshots: a desk job, reviewed and committed, never the daemon's (D16)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from jsm_sla_bot.config.calendars.holiday_library import (
    as_banks_keep_them,
    library_days,
)
from jsm_sla_bot.config.calendars.recipe import Recipe
from jsm_sla_bot.config.calendars.snapshot_text import (
    hours_text,
    snapshot_text,
)
from jsm_sla_bot.config.document import parse
from jsm_sla_bot.config.problem import (
    ConfigurationProblems,
    Problem,
    SnapshotError,
)
from jsm_sla_bot.config.schema.calendar import CalendarShape, OtherHours
from jsm_sla_bot.config.validate import checked
from jsm_sla_bot.sla.calendar import Window


@dataclass(frozen=True, slots=True)
class Difference:
    """A day on which the installed library and the snapshot disagree; None: not named there."""

    day: date
    snapshot: str | None
    library: str | None

    def __str__(self) -> str:
        before = self.snapshot or "not there"
        after = self.library or "not there"
        return f"{self.day} {self.day:%a}: {before} -> {after}"


def recipe_of(path: Path, years: tuple[int, int] | None = None) -> Recipe:
    """Return what a file was made from; raises ConfigurationProblems, SnapshotError if made by hand."""
    shape = _read(path)
    if shape.generated is None:
        raise SnapshotError(
            f"{path} was written by hand: without 'generated' it can't be refreshed or compared"
        )
    made = shape.generated
    return Recipe(
        name=shape.name,
        zone=shape.zone,
        week=shape.week.windows(),
        years=years or shape.years,
        country=made.country,
        market=made.market,
        subdivision=made.subdivision,
        categories=tuple(made.categories),
        early_categories=tuple(made.early_categories),
        early_hours=tuple(made.early_hours),
        closed=made.closed,
        open=tuple(made.open),
        rule=shape.rule,
        sources=tuple(shape.sources),
        own_days=shape.own_days,
    )


def refresh(recipe: Recipe) -> str:
    """Return the YAML of the snapshot, from the installed library; raises SnapshotError."""
    named = library_days(recipe, recipe.categories)
    days = as_banks_keep_them(recipe, named)
    early = _early_closings(recipe, days)
    text = snapshot_text(recipe, days, early)
    _prove(recipe, text)
    return text


def _early_closings(
    recipe: Recipe, closed: Mapping[date, str]
) -> dict[date, str]:
    """Return the days on which banks close early, without those on which they are closed."""
    if not recipe.early_categories:
        return {}
    named = library_days(recipe, recipe.early_categories)
    return {day: name for day, name in named.items() if day not in closed}


def _prove(recipe: Recipe, text: str) -> None:
    """Raise SnapshotError rather than give away a snapshot that can't be read again: it would replace a good one."""
    problems = _faults(recipe.name, text)
    if problems:
        why = "; ".join(map(_in_short, problems))
        raise SnapshotError(f"{recipe.name!r} would be no calendar: {why}")


def _faults(name: str, text: str) -> list[Problem]:
    document, problems = parse(name, name, text)
    if not problems:
        _, problems = checked(document, CalendarShape)
    return problems


def _in_short(problem: Problem) -> str:
    return (
        f"{problem.path}: found {problem.found}, expected {problem.expected}"
    )


def diff(path: Path) -> list[Difference]:
    """Return what the installed library would change in that snapshot, day by day; raises as `recipe_of`."""
    text = refresh(recipe_of(path))
    before = _names(_read(path))
    after = _names(_shape_of(path, text))
    differences = []
    for day in sorted(before.keys() | after.keys()):
        difference = Difference(day, before.get(day), after.get(day))
        if difference.snapshot != difference.library:
            differences.append(difference)
    return differences


@dataclass(frozen=True, slots=True)
class DayShown:
    """A day that is not an ordinary one of its week. `hours` are empty when closed."""

    day: date
    name: str
    hours: tuple[str, ...]
    early_closing: bool = False


def show(path: Path, year: int) -> list[DayShown]:
    """Return the special days of one year in order, early closings included.

    Raises ConfigurationProblems, and SnapshotError for a year that the snapshot does not cover.
    """
    shape = _read(path)
    first, last = shape.years
    if not first <= year <= last:
        raise SnapshotError(f"{path} covers {first}-{last}, not {year}")
    special = _special_days(shape)
    return [special[day] for day in sorted(special) if day.year == year]


def _special_days(shape: CalendarShape) -> dict[date, DayShown]:
    """Return the special days of all years; those put in by hand win over early closings, those over the rest."""
    week = shape.week.windows()
    special = {}
    for day, entry in shape.days.items():
        special[day] = _day_shown(day, entry, entry.hours)
    for day, entry in shape.early_closings.items():
        hours = entry.hours or week[day.weekday()]
        special[day] = replace(
            _day_shown(day, entry, hours), early_closing=True
        )
    for day, entry in shape.own_days.items():
        special[day] = _day_shown(day, entry, entry.hours)
    return special


def _day_shown(
    day: date, entry: OtherHours, hours: Iterable[Window]
) -> DayShown:
    return DayShown(day, entry.name, tuple(map(hours_text, hours)))


def _read(path: Path) -> CalendarShape:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise SnapshotError(f"can't read {path}: not UTF-8") from None
    except OSError as error:
        raise SnapshotError(f"can't read {path}: {error.strerror}") from None
    return _shape_of(path, text)


def _shape_of(path: Path, text: str) -> CalendarShape:
    document, problems = parse(path.name, str(path), text)
    if problems:
        raise ConfigurationProblems(problems)
    shape, problems = checked(document, CalendarShape)
    if shape is None:
        raise ConfigurationProblems(problems)
    return shape


def _names(shape: CalendarShape) -> dict[date, str]:
    """Return what a snapshot calls each of its days, without those put in by hand."""
    names = {day: entry.name for day, entry in shape.days.items()}
    for day, entry in shape.early_closings.items():
        names[day] = f"{entry.name} (early closing)"
    return names
