"""`calendars refresh | diff | show`: the reviewed snapshots of business hours and bank holidays (D16)."""

import calendar
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.columns import Columns
from rich.table import Table
from rich.text import Text

from jsm_sla_bot.cli.console import QuestionError, out, plainly
from jsm_sla_bot.cli.options import ConfigFolder
from jsm_sla_bot.config.calendars import snapshot
from jsm_sla_bot.config.calendars.recipe import Recipe
from jsm_sla_bot.config.calendars.snapshot import DayShown
from jsm_sla_bot.config.literals import window
from jsm_sla_bot.settings.single import read_config_dir
from jsm_sla_bot.sla.calendar import Window

_YEARS = re.compile(r"(\d+)(?:-(\d*))?")

app = typer.Typer(
    help="Write, compare and look at the calendar snapshots.",
    no_args_is_help=True,
)

Name = Annotated[
    str, typer.Argument(help="The calendar's name, such as sweden.")
]


@app.command()
@plainly
def refresh(
    name: Name,
    years: Annotated[
        str | None, typer.Option(help="The years to cover, such as 2024-2030.")
    ] = None,
    country: Annotated[
        str | None,
        typer.Option(
            help="For a new calendar: the country's code, such as SE."
        ),
    ] = None,
    subdivision: Annotated[
        str | None,
        typer.Option(help="For a new calendar: a part of the country."),
    ] = None,
    zone: Annotated[
        str | None, typer.Option(help="For a new calendar: its time zone.")
    ] = None,
    like: Annotated[
        str,
        typer.Option(help="For a new calendar: whose weekly hours to take."),
    ] = "sweden",
    early_hours: Annotated[
        str | None,
        typer.Option(
            help="Hours of days on which banks close early: 09:00-13:00."
        ),
    ] = None,
    config: ConfigFolder = None,
) -> None:
    """Write a snapshot again from the installed holidays library, for review and commit.

    The week's hours and the days put in by hand are kept.
    """
    path = _path(name, config)
    covered = _years(years)
    if path.exists():
        if country or subdivision or zone:
            raise QuestionError(
                f"{name!r} is there already: --country, --subdivision and --zone are for a new calendar"
            )
        recipe = snapshot.recipe_of(path, covered)
    else:
        recipe = _new(
            name,
            covered,
            country,
            zone,
            snapshot.recipe_of(_path(like, config)),
        )
        recipe = replace(recipe, subdivision=subdivision)
    if early_hours:
        recipe = replace(recipe, early_hours=(_window(early_hours),))
    text = snapshot.refresh(recipe)
    path.write_text(text, encoding="utf-8")
    out.print(
        f"{path} written: review it, then `jsm-sla-bot check` and `jsm-sla-bot plan`",
        markup=False,
        soft_wrap=True,
    )


@app.command()
@plainly
def diff(name: Name, config: ConfigFolder = None) -> None:
    """Show what the installed holidays library would change in a snapshot; exit code 2 when anything."""
    differences = snapshot.diff(_path(name, config))
    for difference in differences:
        out.print(str(difference), markup=False)
    if differences:
        raise typer.Exit(2)
    out.print(f"{name}: the installed holidays library gives the same days")


@app.command()
@plainly
def show(
    name: Name,
    year: Annotated[int, typer.Argument(help="The year, such as 2026.")],
    config: ConfigFolder = None,
) -> None:
    """Print a year at a glance: every day that is not an ordinary one of its week, and its name.

    A star marks a day that is closed.
    """
    days = snapshot.show(_path(name, config), year)
    special = {one.day: one for one in days}
    out.print(
        Columns(
            [_month(year, month, special) for month in range(1, 13)],
            padding=(0, 3),
        )
    )
    table = Table("day", "", "name", "hours", box=None, padding=(0, 2, 0, 0))
    for one in days:
        hours = ", ".join(one.hours) or "closed"
        table.add_row(
            str(one.day),
            f"{one.day:%a}",
            one.name,
            f"{hours} (banks close early)" if one.early_closing else hours,
        )
    out.print(table)


def _month(year: int, month: int, special: dict[date, DayShown]) -> Table:
    table = Table(
        *("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"),
        title=f"{calendar.month_name[month]} {year}",
        box=None,
        padding=(0, 1, 0, 0),
    )
    for week in calendar.Calendar().monthdatescalendar(year, month):
        table.add_row(
            *(
                _day(day, special.get(day)) if day.month == month else ""
                for day in week
            )
        )
    return table


def _day(day: date, special: DayShown | None) -> Text:
    text = f"{day.day:2}"
    if special is None:
        return Text(text, _weekday_style(day))
    if special.hours:
        return Text(text, "yellow")
    return Text(f"{text}*", "bold red")


def _weekday_style(day: date) -> str:
    return "dim" if day.weekday() >= calendar.SATURDAY else ""


def _new(
    name: str,
    years: tuple[int, int] | None,
    country: str | None,
    zone: str | None,
    like: Recipe,
) -> Recipe:
    if not (years and country and zone):
        raise QuestionError(
            f"{name!r} is a new calendar: give --country, --zone and --years"
        )
    return Recipe(
        name=name, zone=zone, week=like.week, years=years, country=country
    )


def _path(name: str, config: Path | None) -> Path:
    if name != Path(name).name:
        raise QuestionError(
            f"found {name!r}, expected a calendar's name, such as sweden"
        )
    return (config or read_config_dir()) / "calendars" / f"{name}.yaml"


def _years(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    found = _YEARS.fullmatch(text)
    if found is None:
        raise QuestionError(
            f"--years: found {text!r}, expected such as 2024-2030"
        )
    return int(found[1]), int(found[2] or found[1])


def _window(text: str) -> Window:
    try:
        return window(text)
    except ValueError as error:
        raise QuestionError(f"--early-hours: {error}") from None
