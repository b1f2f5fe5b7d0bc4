"""What the `holidays` library names, and where banks differ from it (D15).

The library is asked here and nowhere else, and only when a snapshot is written or compared.
"""

from collections.abc import Mapping
from datetime import date
from importlib import import_module
from types import ModuleType

from jsm_sla_bot.config.calendars.recipe import Recipe
from jsm_sla_bot.config.problem import SnapshotError
from jsm_sla_bot.config.yearly import in_year


def as_banks_keep_them(
    recipe: Recipe, named: Mapping[date, str]
) -> dict[date, str]:
    """Return the library's days, less those on which banks are open, plus more on which they are closed."""
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


def library_days(
    recipe: Recipe, categories: tuple[str, ...]
) -> dict[date, str]:
    """Return the library's days of those categories, by date; raises SnapshotError."""
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
    recipe: Recipe,
    years: range,
    categories: tuple[str, ...],
) -> Mapping[date, object]:
    holidays = library()
    found: Mapping[date, object]
    if recipe.market:
        found = holidays.financial_holidays(
            recipe.market, years=years, categories=categories, language="en_US"
        )
    else:
        found = holidays.country_holidays(
            recipe.country,
            subdiv=recipe.subdivision,
            years=years,
            categories=categories,
            language="en_US",
        )
    return found


def _easter(year: int) -> date:
    """Return Easter Sunday as the library reckons it: by what it stands on itself."""
    library()
    sunday: date = import_module("dateutil.easter").easter(year)
    return sunday


def library() -> ModuleType:
    """Return the installed library; raises SnapshotError where it is not there."""
    try:
        import holidays  # noqa: PLC0415 - an extra: only who writes snapshots needs it
    except ImportError:
        raise SnapshotError(
            "writing or comparing snapshots needs the holidays library: pip install 'jsm-sla-bot[calendars]'"
        ) from None
    return holidays
