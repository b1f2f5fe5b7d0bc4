"""The days that are looked back at, from the options of a verb."""

import re
from datetime import date, timedelta
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
_LOOKBACK = re.compile(r"(\d{1,4})\s*([hdw])", re.IGNORECASE)
_UNITS = {
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
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


def lookback_of(text: str) -> timedelta:
    """Read how far to look back, `24h`, `7d`, `2w`: days of 24 hours. Raises QuestionError for anything else."""
    found = _LOOKBACK.fullmatch(text.strip())
    span = int(found[1]) * _UNITS[found[2].lower()] if found else timedelta(0)
    if not span:
        message = f"--since: found {shown(text)}, expected a span, such as 7d, 24h or 2w"
        raise QuestionError(message)
    return span
