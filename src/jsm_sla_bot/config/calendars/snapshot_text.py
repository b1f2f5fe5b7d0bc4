"""A snapshot as the YAML that people review."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from textwrap import wrap

from jsm_sla_bot.config.calendars.holiday_library import library
from jsm_sla_bot.config.calendars.recipe import Recipe
from jsm_sla_bot.config.schema.calendar import WEEKDAYS
from jsm_sla_bot.sla.calendar import ONE_DAY, Window

WIDTH = 116
"""So wide a rule is written."""


def snapshot_text(
    recipe: Recipe, days: Mapping[date, str], early: Mapping[date, str]
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
    yield f"  library: holidays {library().__version__}"


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


def hours_text(window: Window) -> str:
    """Return opening hours as the YAML writes them."""
    closes = window.closes - ONE_DAY if window.closes > ONE_DAY else window.closes
    return f"{_clock(window.opens)}-{_clock(closes)}"


def _clock(offset: timedelta) -> str:
    hours, seconds = divmod(int(offset.total_seconds()), 3600)
    return f"{hours:02}:{seconds // 60:02}"


def _quoted(text: str) -> str:
    """Quote every name: an apostrophe, a colon or a country called NO must stay text."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
