"""The rungs of the escalation ladder: when each is reached, on the target's own clock (R10)."""

from collections.abc import Iterable
from datetime import datetime

from jsm_sla_bot.sla.assessment import Owed, RungAt
from jsm_sla_bot.sla.contract import Rung, Terms
from jsm_sla_bot.sla.target import calendar_of


def rungs_of(owed: Owed, terms: Terms, rungs: Iterable[Rung]) -> tuple[RungAt, ...]:
    """Return when each rung is reached, in the ladder's order.

    The share is counted on the clock that won, so a business-hours rung never falls into closed hours. A due
    time that a change has moved earlier than its own clock would say takes its rungs along.
    """
    calendar = calendar_of(terms, owed.clock)
    return tuple(
        RungAt(rung.name, _at(rung, owed, calendar.due(owed.start, owed.goal * rung.share)), rung.escalate)
        for rung in rungs
    )


def is_reached(rung: RungAt, due: datetime, now: datetime) -> bool:
    """Tell whether a rung is reached: one before the due time *at* its instant, breach only *after* it."""
    return now > due if rung.at >= due else now >= rung.at


def _at(rung: Rung, owed: Owed, counted: datetime) -> datetime:
    return owed.due if rung.share >= 1 else min(counted, owed.due)
