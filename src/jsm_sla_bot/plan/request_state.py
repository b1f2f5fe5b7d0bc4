"""How one request stands, for who counts many: status, due time, and when its promise was kept or missed."""

from dataclasses import dataclass
from datetime import datetime

from jsm_sla_bot.plan import settlement
from jsm_sla_bot.plan.ledger import Ledger
from jsm_sla_bot.plan.wording import plain_name
from jsm_sla_bot.sla.assessment import Assessment, Measurement, SlaStatus
from jsm_sla_bot.sla.contract import ClockKind
from jsm_sla_bot.sla.reason import Because

MISSED = frozenset({SlaStatus.BREACHED, SlaStatus.MET_LATE})
TO_ANSWER = frozenset({SlaStatus.RUNNING, SlaStatus.AT_RISK})
"""The due time lies ahead and the clock runs."""
NONE_OWED = ClockKind.ROUND_THE_CLOCK


@dataclass(frozen=True, slots=True)
class RequestState:
    """How a request stands; what was settled counts as it was settled (D9). Instants are aware UTC.

    `tier` and `organization` (its id) are empty where the contract owes nothing.
    """

    key: str
    status: SlaStatus
    severity: int
    tier: str
    organization: str
    due: datetime | None
    answered_at: datetime | None
    is_open: bool
    answered_by: str = ""
    """Who answered, by name; empty where that is not known."""
    clock: ClockKind = NONE_OWED
    """The clock that the target runs on; round the clock where nothing is owed."""

    @property
    def decided_at(self) -> datetime | None:
        """When the promise was kept, at the answer, or missed, at the due time; None while neither is so."""
        if self.status is SlaStatus.MET:
            return self.answered_at
        return self.due if self.status in MISSED else None


def request_state(
    assessment: Assessment,
    ledger: Ledger | None,
    policy: str,
    seen_at: datetime,
    *,
    is_open: bool,
) -> RequestState:
    """Return how a request stands at `seen_at` (aware UTC) under the policy with that hash.

    `ledger` is the one that is believed.
    """
    measured = assessment.first_response
    kept = ledger.first_response.settled if ledger else None
    settled = settlement.standing(kept, measured, policy, seen_at)
    counts = settled or measured
    return RequestState(
        key=assessment.key,
        status=SlaStatus(counts.status),
        severity=measured.severity,
        tier=counts.tier or "",
        organization=measured.organization or "",
        due=counts.due,
        answered_at=counts.acknowledged_at,
        is_open=is_open,
        answered_by=_answered_by(measured, counts.acknowledged_at),
        clock=measured.owed.clock if measured.owed else NONE_OWED,
    )


def _answered_by(measured: Measurement, at: datetime | None) -> str:
    """Return the name of who answered at that instant, where the history tells it."""
    if at is None or measured.acknowledged_at != at:
        return ""
    names = [
        each.fact("name")
        for each in measured.because
        if each.because is Because.ACKNOWLEDGED
    ]
    return plain_name(names[-1]) if names else ""
