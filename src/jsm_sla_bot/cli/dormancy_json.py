"""What is said of a dormant request as plain data, for `assess` and `explain` (R11)."""

from datetime import tzinfo
from typing import Any

from jsm_sla_bot.cli.question import plain, utc_or_none
from jsm_sla_bot.plan import dormancy_wording
from jsm_sla_bot.sla.assessment import Assessment
from jsm_sla_bot.sla.contract import Policy
from jsm_sla_bot.sla.dormancy_state import Dormancy, Ground


def with_dormancy(
    answer: Assessment, policy: Policy, zone: tzinfo
) -> dict[str, Any]:
    """Return the key `dormancy`, null where R11 says nothing; no key at all where the policy has no rule for it."""
    if not policy.knows_dormancy:
        return {}
    found = answer.dormancy
    return {"dormancy": _as_json(found, zone) if found else None}


def customers_dormancy(answer: Assessment, zone: tzinfo) -> dict[str, Any]:
    """Return what the customer may read of it, under the key `dormancy`; no key where there is nothing to read."""
    found = answer.dormancy
    said = dormancy_wording.for_customer(found, zone) if found else []
    return {"dormancy": said} if said else {}


def _as_json(found: Dormancy, zone: tzinfo) -> dict[str, Any]:
    return {
        "state": str(found.state),
        "step": found.step,
        "due": utc_or_none(found.due),
        "closes": utc_or_none(found.closes),
        "since": utc_or_none(found.since),
        "because": [_ground(one, zone) for one in found.because],
    }


def _ground(one: Ground, zone: tzinfo) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "code": str(one.why),
        "says": dormancy_wording.says(one, zone),
        "to_customer": dormancy_wording.says_to_customer(one, zone),
        "source": one.source,
        "values": {name: plain(value) for name, value in one.facts},
    }
