"""How a request ended by one metric, and whether it still counts as ended (D9, D14, D17)."""

from datetime import datetime, tzinfo

from jsm_sla_bot.plan import wording
from jsm_sla_bot.plan.basis import basis
from jsm_sla_bot.plan.ledger import Settled
from jsm_sla_bot.sla.assessment import Measurement, SlaStatus
from jsm_sla_bot.sla.reason import Because


def settlement(
    measured: Measurement, policy: str, zone: tzinfo, now: datetime
) -> Settled:
    """Return how a request ends under the policy with that hash, as seen at `now` (aware UTC)."""
    return Settled(
        status=str(measured.status),
        tier=measured.tier or "",
        target=wording.target_field(measured) or "",
        basis=basis(measured, zone),
        due=measured.due,
        acknowledged_at=measured.acknowledged_at,
        policy=policy,
        at=now,
    )


def standing(
    settled: Settled | None,
    measured: Measurement,
    policy: str,
    seen_at: datetime,
) -> Settled | None:
    """Return how a request was settled by `seen_at` (aware UTC), if that still stands and this bot knows the status."""
    if settled is None or settled.at > seen_at:
        return None
    if settled.status not in set(SlaStatus):
        return None
    return settled if stands(settled, measured, policy) else None


def stands(settled: Settled, measured: Measurement, policy: str) -> bool:
    """Tell whether a request is still settled as it was: only what happens on the request itself can undo that.

    The history of a settled request need not be known: an acknowledgement in the ledger is believed.
    """
    answered = measured.acknowledged_at
    if _has(measured, Because.CLOCK_RESTARTED):
        return measured.settled and settled.acknowledged_at == answered
    if settled.acknowledged_at:
        return not _is_taken_out(settled, measured, policy)
    is_answered_since = answered is not None and answered > settled.at
    return measured.settled and not is_answered_since


def _is_taken_out(
    settled: Settled, measured: Measurement, policy: str
) -> bool:
    """Tell whether an answered request was declined, or labelled as not measured, since (R8).

    Under another policy than the one it was settled with, the exclusion may be that policy's: no reason to re-judge.
    """
    if _has(measured, Because.DECLINED):
        return True
    return _has(measured, Because.NOT_MEASURED) and settled.policy == policy


def _has(measured: Measurement, because: Because) -> bool:
    return any(reason.because is because for reason in measured.because)
