"""Writing and comparing calendar snapshots: a desk job, reviewed and committed, never the daemon's (D16).

The `holidays` library is asked here and nowhere else, and only when a snapshot is written or compared.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from textwrap import wrap
from types import ModuleType

from jsm_sla_bot.config.document import Document, parse
from jsm_sla_bot.config.problem import ConfigurationProblems, SnapshotError
from jsm_sla_bot.config.schema.calendar import WEEKDAYS, CalendarShape, OtherHours
from jsm_sla_bot.config.validate import checked
from jsm_sla_bot.config.yearly import Yearly, in_year
from jsm_sla_bot.sla.calendar import ONE_DAY, Window

WIDTH = 116
"""So wide a rule is written."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a snapshot is made from. `week` runs from Monday; years are whole and inclusive.

    `categories` are the library's kinds of days that are closed all day, `early_categories` those that also
    name days on which banks close early; these count in full unless they are given `early_hours` (D15).
    `closed` and `open` are where banks differ from the library, `rule` and `sources` why; all these are kept.
    `own_days` were put in by hand and are kept too.
    """

    name: str
    zone: str
    week: tuple[tuple[Window, ...], ...]
    years: tuple[int, int]
    country: str | None
    subdivision: str | None = None
    categories: tuple[str, ...] = ("public",)
    early_categories: tuple[str, ...] = ()
    early_hours: tuple[Window, ...] = ()
    closed: Mapping[Yearly, str] = field(default_factory=dict)
    open: tuple[Yearly, ...] = ()
    rule: str | None = None
    sources: tuple[str, ...] = ()
    own_days: Mapping[date, OtherHours] = field(default_factory=dict)
    market: str | None = None


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
    days = _as_banks_keep_them(recipe, _days(recipe, recipe.categories))
    early: dict[date, str] = {}
    if recipe.early_categories:
        early = {
            day: name
            for day, name in _days(recipe, recipe.early_categories).items()
            if day not in days
        }
    text = "\n".join(
        [
            *_head(recipe),
            *_listed("days", days),
            *_early(recipe, early),
            *_own(recipe),
            "",
        ]
    )
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


def hours_text(window: Window) -> str:
    """Return opening hours as the YAML writes them."""
    closes = window.closes - ONE_DAY if window.closes > ONE_DAY else window.closes
    return f"{_clock(window.opens)}-{_clock(closes)}"


def _clock(offset: timedelta) -> str:
    hours, seconds = divmod(int(offset.total_seconds()), 3600)
    return f"{hours:02}:{seconds // 60:02}"


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


def _library() -> ModuleType:
    try:
        import holidays  # noqa: PLC0415 - an extra: only who writes snapshots needs it
    except ImportError:
        raise SnapshotError(
            "writing or comparing snapshots needs the holidays library: pip install 'jsm-sla-bot[calendars]'"
        ) from None
    return holidays


def _as_banks_keep_them(recipe: Recipe, named: Mapping[date, str]) -> dict[date, str]:
    """Return the library's days without those on which banks are open, with those on which they are closed besides."""
    first, last = recipe.years
    days = dict(named)
    if not (recipe.open or recipe.closed):
        return days
    for year in range(first, last + 1):
        easter = _easter(year)
        for one in recipe.open:
            is_open = in_year(one, easter)
            if is_open:
                days.pop(is_open, None)
        for one, name in recipe.closed.items():
            is_closed = in_year(one, easter)
            if is_closed:
                days.setdefault(is_closed, name)
    return dict(sorted(days.items()))


def _easter(year: int) -> date:
    """Return Easter Sunday as the library reckons it: by what it stands on itself."""
    _library()
    sunday: date = import_module("dateutil.easter").easter(year)
    return sunday


def _days(recipe: Recipe, categories: tuple[str, ...]) -> dict[date, str]:
    first, last = recipe.years
    # A holiday of the next January may be kept in December.
    years = range(first, last + 2)
    try:
        found = _asked(recipe, years, categories)
    except (NotImplementedError, ValueError) as error:
        raise SnapshotError(
            f"the holidays library can't make {recipe.name!r}: {error}"
        ) from None
    return {
        day: str(name)
        for day, name in sorted(found.items())
        if first <= day.year <= last
    }


def _asked(
    recipe: Recipe, years: range, categories: tuple[str, ...]
) -> Mapping[date, object]:
    library = _library()
    found: Mapping[date, object]
    if recipe.market:
        found = library.financial_holidays(
            recipe.market, years=years, categories=categories, language="en_US"
        )
    else:
        found = library.country_holidays(
            recipe.country,
            subdiv=recipe.subdivision,
            years=years,
            categories=categories,
            language="en_US",
        )
    return found


def _head(recipe: Recipe) -> Iterator[str]:
    first, last = recipe.years
    yield f"# Opening hours, {first} to {last}: reviewed, so that a library upgrade moves no deadline."
    yield f"# Written by `jsm-sla-bot calendars refresh {recipe.name}`, which keeps the rule, week and own_days."
    yield from _rule(recipe)
    yield f"name: {recipe.name}"
    yield f"zone: {recipe.zone}"
    yield f"years: {first}-{last}"
    yield "week:"
    for name, windows in zip(WEEKDAYS, recipe.week, strict=True):
        if windows:
            yield f"  {name}: {_hours(windows)}"
    yield from _generated(recipe)


def _rule(recipe: Recipe) -> Iterator[str]:
    if recipe.rule:
        yield "rule: >-"
        lines = wrap(recipe.rule, WIDTH, break_long_words=False, break_on_hyphens=False)
        yield from (f"  {line}" for line in lines)
    if recipe.sources:
        yield "sources:"
    for source in recipe.sources:
        yield f"  - {_quoted(source)}"


def _generated(recipe: Recipe) -> Iterator[str]:
    yield "generated:"
    if recipe.country:
        yield f"  country: {_quoted(recipe.country)}"
    if recipe.market:
        yield f"  market: {_quoted(recipe.market)}"
    if recipe.subdivision:
        yield f"  subdivision: {_quoted(recipe.subdivision)}"
    yield f"  categories: [{', '.join(recipe.categories)}]"
    if recipe.closed:
        yield "  closed:"
    for day, name in recipe.closed.items():
        yield f"    {day}: {_quoted(name)}"
    if recipe.open:
        yield f"  open: [{', '.join(map(str, recipe.open))}]"
    if recipe.early_categories:
        yield f"  early_categories: [{', '.join(recipe.early_categories)}]"
    if recipe.early_hours:
        yield f"  early_hours: {_hours(recipe.early_hours)}"
    yield f"  library: holidays {_library().__version__}"


def _early(recipe: Recipe, days: Mapping[date, str]) -> Iterator[str]:
    if not days:
        return
    if not recipe.early_hours:
        yield "# Banks close early on these days; they count in full unless a day is given hours, as in"
        yield "# `2030-01-05: {name: Twelfth Night, hours: [09:00-13:00]}`."
        yield from _listed("early_closings", days)
        return
    yield "# Banks close early on these days."
    yield "early_closings:"
    for day, name in days.items():
        yield f"  {day}: {{name: {_quoted(name)}, hours: {_hours(recipe.early_hours)}}}"


def _listed(part: str, days: Mapping[date, str]) -> Iterator[str]:
    if days:
        yield f"{part}:"
    for day, name in days.items():
        yield f"  {day}: {_quoted(name)}"


def _own(recipe: Recipe) -> Iterator[str]:
    if recipe.own_days:
        yield "# Put in by hand; they win over the days above."
        yield "own_days:"
    for day, entry in sorted(recipe.own_days.items()):
        yield f"  {day}: {{name: {_quoted(entry.name)}, hours: {_hours(tuple(entry.hours))}}}"


def _hours(windows: tuple[Window, ...]) -> str:
    return f"[{', '.join(hours_text(window) for window in windows)}]"


def _quoted(text: str) -> str:
    """Quote every name: an apostrophe, a colon or a country called NO must stay text."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
