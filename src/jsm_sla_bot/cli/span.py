"""The days that are looked back at, from the options of a verb."""

from datetime import date
from typing import Annotated

import typer

from jsm_sla_bot.cli.console import QuestionError
from jsm_sla_bot.cli.jsonlines import shown
from jsm_sla_bot.review.period import Period, named

From = Annotated[
    str | None,
    typer.Option(
        "--from", help="The first day, such as 2026-01-01.", metavar="DATE"
    ),
]
To = Annotated[
    str | None,
    typer.Option(
        "--to", help="The last day, such as 2026-03-31.", metavar="DATE"
    ),
]
PeriodName = Annotated[
    str | None,
    typer.Option(
        "--period",
        help="In place of the two: a year, quarter or month, such as 2026, 2026-Q1 or 2026-03.",
        metavar="PERIOD",
    ),
]
_EXPECTED = "give --from and --to, or --period, such as --period 2026-Q1"


def period_of(first: str | None, last: str | None, name: str | None) -> Period:
    """Return the days that the options name; raises QuestionError that says what is wrong with them."""
    if name is not None:
        if first is not None or last is not None:
            message = (
                "--period stands for --from and --to: give one or the other"
            )
            raise QuestionError(message)
        return _named(name)
    if first is None or last is None:
        message = f"the period is missing: {_EXPECTED}"
        raise QuestionError(message)
    period = Period(_day("--from", first), _day("--to", last))
    if period.last < period.first:
        message = f"--to {period.last} lies before --from {period.first}"
        raise QuestionError(message)
    return period


def _named(name: str) -> Period:
    found = named(name)
    if found is None:
        message = f"--period: found {shown(name)}, expected a year, quarter or month, such as 2026, 2026-Q1 or 2026-03"
        raise QuestionError(message)
    return found


def _day(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        message = f"{option}: found {shown(text)}, expected a day, such as 2026-03-31"
        raise QuestionError(message) from None
