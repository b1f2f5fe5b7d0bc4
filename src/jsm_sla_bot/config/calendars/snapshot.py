"""Writing and comparing calendar snapshots: a desk job, reviewed and committed, never the daemon's (D16)."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from jsm_sla_bot.config.calendars.holiday_library import (
    as_banks_keep_them,
    library_days,
)
from jsm_sla_bot.config.calendars.recipe import Recipe
from jsm_sla_bot.config.calendars.snapshot_text import hours_text, snapshot_text
from jsm_sla_bot.config.document import Document, parse
from jsm_sla_bot.config.problem import ConfigurationProblems, SnapshotError
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
        return f"{self.day} {self.day:%a}: {self.snapshot or 'not there'} -> {self.library or 'not there'}"


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
    days = as_banks_keep_them(recipe, library_days(recipe, recipe.categories))
    early: dict[date, str] = {}
    if recipe.early_categories:
        early = {
            day: name
            for day, name in library_days(recipe, recipe.early_categories).items()
            if day not in days
        }
    text = snapshot_text(recipe, days, early)
    _prove(recipe, text)
    return text


def _prove(recipe: Recipe, text: str) -> None:
    """Raise SnapshotError rather than give away a snapshot that can't be read again: it would replace a good one."""
    document, problems = parse(recipe.name, recipe.name, text)
    if not problems:
        _, problems = checked(document, CalendarShape)
    if problems:
        told = "; ".join(
            f"{one.path}: found {one.found}, expected {one.expected}"
            for one in problems
        )
        raise SnapshotError(f"{recipe.name!r} would be no calendar: {told}")


def diff(path: Path) -> list[Difference]:
    """Return what the installed library would change in that snapshot, day by day; raises as `recipe_of`."""
    fresh = _shape(parse(path.name, str(path), refresh(recipe_of(path)))[0])
    before, after = _told(_read(path)), _told(fresh)
    days = sorted(before.keys() | after.keys())
    pairs = ((day, before.get(day), after.get(day)) for day in days)
    return [Difference(day, old, new) for day, old, new in pairs if old != new]


@dataclass(frozen=True, slots=True)
class DayShown:
    """A day that is not an ordinary one of its week. `hours` are empty when closed."""

    day: date
    name: str
    hours: tuple[str, ...]
    early_closing: bool = False


def show(path: Path, year: int) -> list[DayShown]:
    """Return the special days of one year in order, early closings included; raises ConfigurationProblems."""
    shape = _read(path)
    if not shape.years[0] <= year <= shape.years[1]:
        raise SnapshotError(
            f"{path} covers {shape.years[0]}-{shape.years[1]}, not {year}"
        )
    week = shape.week.windows()
    found = {
        day: _day_shown(day, entry, entry.hours) for day, entry in shape.days.items()
    }
    for day, entry in shape.early_closings.items():
        found[day] = replace(
            _day_shown(day, entry, entry.hours or week[day.weekday()]),
            early_closing=True,
        )
    found |= {
        day: _day_shown(day, entry, entry.hours)
        for day, entry in shape.own_days.items()
    }
    return [found[day] for day in sorted(found) if day.year == year]


def _day_shown(
    day: date, entry: OtherHours, hours: list[Window] | tuple[Window, ...]
) -> DayShown:
    return DayShown(day, entry.name, tuple(hours_text(window) for window in hours))


def _read(path: Path) -> CalendarShape:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SnapshotError(
            f"can't read {path}: {getattr(error, 'strerror', None) or 'not UTF-8'}"
        ) from None
    document, problems = parse(path.name, str(path), text)
    if problems:
        raise ConfigurationProblems(problems)
    return _shape(document)


def _shape(document: Document) -> CalendarShape:
    shape, problems = checked(document, CalendarShape)
    if shape is None:
        raise ConfigurationProblems(problems)
    return shape


def _told(shape: CalendarShape) -> dict[date, str]:
    told = {day: entry.name for day, entry in shape.days.items()}
    return told | {
        day: f"{entry.name} (early closing)"
        for day, entry in shape.early_closings.items()
    }
