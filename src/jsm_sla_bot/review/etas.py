"""What came of the ETAs that a customer read: judged by the first of them (D21, D30)."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from jsm_sla_bot.plan.markers import eta_read
from jsm_sla_bot.sla.acknowledgement import closing
from jsm_sla_bot.sla.calendar import BusinessCalendar
from jsm_sla_bot.sla.eta import end_of
from jsm_sla_bot.sla.request import RequestSnapshot


class EtaOutcome(StrEnum):
    """Each request with an ETA is in exactly one of these."""

    KEPT = "kept"
    SLIPPED = "slipped"
    AHEAD = "ahead"
    """It has not come, and the request is open."""


def eta_outcome(
    request: RequestSnapshot,
    told: Sequence[str],
    calendar: BusinessCalendar,
    now: datetime,
) -> EtaOutcome | None:
    """Say at `now` (aware UTC) whether the first ETA that the customer read was kept; None where there is none.

    Takes ETAs as ledgers keep them, and a history that is in order and ends at `now`. A later ETA does not excuse the
    first, and a request that was opened again counts by its last closing.
    """
    first = eta_read(told[0]) if told else None
    ends = end_of(first, calendar)
    if ends is None:
        return None
    closed = closing(request)
    if closed is None:
        return EtaOutcome.AHEAD if now < ends else EtaOutcome.SLIPPED
    at = closed.at or request.reported
    return EtaOutcome.KEPT if at <= ends else EtaOutcome.SLIPPED
