"""A snapshot as the YAML that people review."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from textwrap import wrap

from jsm_sla_bot.config.calendars.holiday_library import library
from jsm_sla_bot.config.calendars.recipe import Recipe
from jsm_sla_bot.config.schema.calendar import WEEKDAYS
from jsm_sla_bot.sla.calendar import ONE_DAY, Window

WIDTH = 118
"""The longest line of a rule, with its indent."""

_MINUTE = timedelta(minutes=1)


def snapshot_text(
    recipe: Recipe,
    days: Mapping[date, str],
    early: Mapping[date, str],
) -> str:
    """Return the YAML of a snapshot: its head, the days that are closed, and those on which banks close early."""
    lines = [
        *_head(recipe),
        *_listed("days", days),
        *_early(recipe, early),
        *_own(recipe),
        "",
    ]
    return "\n".join(lines)


def _head(recipe: Recipe) -> Iterator[str]:
    first, last = recipe.years
    yield f"# Opening hours, {first} to {last}: reviewed, so that a library upgrade moves no deadline."
    yield f"# Written by `jsm-sla-bot calendars refresh {recipe.name}`, which keeps the rule, week and own_days."
    yield from _rule(recipe)
    yield from _sources(recipe)
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
        lines = wrap(
            recipe.rule,
            WIDTH,
            initial_indent="  ",
            subsequent_indent="  ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        yield from lines


def _sources(recipe: Recipe) -> Iterator[str]:
    if recipe.sources:
        yield "sources:"
    for source in recipe.sources:
        yield f"  - {_quoted(source)}"


def _generated(recipe: Recipe) -> Iterator[str]:
    yield "generated:"
    yield from _text("country", recipe.country)
    yield from _text("market", recipe.market)
    yield from _text("subdivision", recipe.subdivision)
    yield f"  categories: {_list(recipe.categories)}"
    if recipe.closed:
        yield "  closed:"
    for day, name in recipe.closed.items():
        yield f"    {day}: {_quoted(name)}"
    if recipe.open:
        yield f"  open: {_list(recipe.open)}"
    if recipe.early_categories:
        yield f"  early_categories: {_list(recipe.early_categories)}"
    if recipe.early_hours:
        yield f"  early_hours: {_hours(recipe.early_hours)}"
    yield f"  library: holidays {library().__version__}"


def _text(key: str, text: str | None) -> Iterator[str]:
    if text:
        yield f"  {key}: {_quoted(text)}"


def _list(entries: Iterable[object]) -> str:
    return f"[{', '.join(map(str, entries))}]"


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
        yield _day_with_hours(day, name, recipe.early_hours)


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
        yield _day_with_hours(day, entry.name, entry.hours)


def _day_with_hours(day: date, name: str, hours: Iterable[Window]) -> str:
    return f"  {day}: {{name: {_quoted(name)}, hours: {_hours(hours)}}}"


def _hours(windows: Iterable[Window]) -> str:
    return _list(map(hours_text, windows))


def hours_text(window: Window) -> str:
    """Return opening hours as the YAML writes them."""
    closes = window.closes
    if closes > ONE_DAY:
        closes -= ONE_DAY
    return f"{_clock(window.opens)}-{_clock(closes)}"


def _clock(offset: timedelta) -> str:
    hours, minutes = divmod(offset // _MINUTE, 60)
    return f"{hours:02}:{minutes:02}"


def _quoted(text: str) -> str:
    """Quote every name: an apostrophe, a colon or a country called NO must stay text."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
