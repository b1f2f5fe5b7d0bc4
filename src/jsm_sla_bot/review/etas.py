"""What came of the ETAs that a customer read: judged by the first of them (D21, D30)."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from jsm_sla_bot.sla.acknowledgement import closing
from jsm_sla_bot.sla.calendar import BusinessCalendar
from jsm_sla_bot.sla.eta import Eta, end_of
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
    """Say at `now` (aware UTC) whether the first ETA told was kept; None where none was told.

    Takes ETAs as ISO 8601, and a history that is in order and ends at `now`. An ETA that was told anew later does
    not excuse the first. Raises CalendarError where the calendar does not reach so far.
    """
    if not told:
        return None
    ends = end_of(_read(told[0]), calendar)
    closed = closing(request)
    if ends is None:
        return None
    if closed is None:
        return EtaOutcome.AHEAD if now < ends else EtaOutcome.SLIPPED
    at = closed.at or request.reported
    return EtaOutcome.KEPT if at <= ends else EtaOutcome.SLIPPED


def _read(value: str) -> Eta:
    """Read a date, or an instant."""
    if "T" in value:
        return datetime.fromisoformat(value)
    return date.fromisoformat(value)
