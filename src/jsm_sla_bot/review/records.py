"""Requests as they were read from the site, made ready for a review: of each ledger only what is borne out."""

from datetime import datetime

from jsm_sla_bot.plan.borne_out import Case
from jsm_sla_bot.plan.evidence import believed
from jsm_sla_bot.ports.site import Sighting
from jsm_sla_bot.review.row import Record
from jsm_sla_bot.sla.assess import assess
from jsm_sla_bot.sla.contract import Policy
from jsm_sla_bot.sla.errors import ContractError


def record(sighting: Sighting, policy: Policy, now: datetime) -> Record:
    """Return a request with what of its ledger the request itself bears out, as seen at `now` (aware UTC).

    A request that the contract gives no answer for has its history alone.
    """
    snapshot = sighting.snapshot
    try:
        assessment = assess(snapshot, policy, max(now, sighting.updated))
    except ContractError:
        return Record(snapshot)
    case = Case(sighting.id, snapshot.reported, assessment, policy.hash, now)
    belief = believed(sighting.shown, case, None)
    return Record(snapshot, belief.ledger)
