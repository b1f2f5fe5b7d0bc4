"""The rungs of the escalation ladder: when each is reached, on the target's own clock (R10)."""

from collections.abc import Iterable
from datetime import datetime

from jsm_sla_bot.sla.assessment import Owed, RungAt
from jsm_sla_bot.sla.contract import Rung
from jsm_sla_bot.sla.pause import runs_out
from jsm_sla_bot.sla.target import Case, calendar_of


def rungs_of(
    owed: Owed, case: Case, rungs: Iterable[Rung]
) -> tuple[RungAt, ...]:
    """Return when each rung is reached, in the ladder's order.

    The share is counted on the clock that won, so a business-hours rung never falls into closed hours. A due
    time that a change has moved earlier than its own clock would say takes its rungs along.
    """
    return tuple(
        [
            RungAt(
                rung.name, _at(rung, owed, case), rung.escalate, rung.contact
            )
            for rung in rungs
        ]
    )


def is_reached(rung: RungAt, due: datetime, now: datetime) -> bool:
    """Tell whether a rung is reached: one before the due time *at* its instant, breach only *after* it."""
    return now > due if rung.at >= due else now >= rung.at


def _at(rung: Rung, owed: Owed, case: Case) -> datetime:
    if rung.share >= 1:
        return owed.due
    calendar = calendar_of(case.terms, owed.clock)
    share = owed.goal * rung.share
    reached, _ = runs_out(calendar, owed.start, share, case.pauses)
    return min(reached, owed.due)
