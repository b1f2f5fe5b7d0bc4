"""The ledger is evidence, not truth: whoever may edit a request may write its property, and apps clone it.

Believed is what the request itself shows too: an acknowledgement that its history has, a note that stands and that our
own account wrote, an escalation that the history tells of. What is in doubt is judged by the history alone, and
whatever would be said or done once more is looked for first.
"""

from dataclasses import dataclass, replace

from jsm_sla_bot.plan.borne_out import Case, Held, may_stand
from jsm_sla_bot.plan.change import Evidence, Plan, Shown
from jsm_sla_bot.plan.doubt import Doubt
from jsm_sla_bot.plan.ledger import Ledger, MetricLedger, Settled
from jsm_sla_bot.sla.assessment import MetricName

UNKNOWN = {"": ""}
"""A claim that no journal bears out."""


@dataclass(frozen=True, slots=True)
class Belief:
    """The ledger to go by, and what of the one shown was not believed.

    `was_there` tells that the request has been in the status of an escalation since the rung that calls for it.
    """

    ledger: Ledger | None
    doubts: tuple[Doubt, ...] = ()
    was_there: bool = False


def believed(
    shown: Shown, case: Case, escalation_status: str | None
) -> Belief:
    """Return what of the ledger shown is borne out; all of it where nobody has gathered evidence."""
    evidence = shown.evidence
    if evidence is None:
        return Belief(shown.ledger)
    doubts = _at_sight(evidence)
    ledger = shown.ledger or Ledger()
    if ledger.request not in {"", case.identity}:
        doubts.append(Doubt.OTHER_REQUEST)
        ledger = Ledger()
    held = Held(shown, evidence, case, escalation_status, doubts)
    ledger = held.with_outcomes(ledger)
    if held.is_settled(ledger):
        return Belief(held.with_public_notes(ledger), tuple(doubts))
    ledger = held.with_standing_notes(ledger)
    ledger, was_there = held.with_escalations(ledger)
    known = None if ledger == Ledger() else ledger
    return Belief(known, tuple(dict.fromkeys(doubts)), was_there)


def _at_sight(evidence: Evidence) -> list[Doubt]:
    """Return the doubts about a ledger that can't be read."""
    if evidence.is_ledger_newer:
        return [Doubt.NEWER]
    return [Doubt.UNREADABLE] if evidence.is_ledger_unreadable else []


def with_old_outcome(ledger: Ledger, shown: Shown) -> Ledger:
    """Return the ledger with each settlement shown where a new one says the same: it was seen earlier."""
    if shown.ledger is None:
        return ledger
    kept: dict[MetricName, MetricLedger] = {}
    for metric, new in ledger.metrics.items():
        old = shown.ledger.of(metric).settled
        if old and new.settled and _is_same_outcome(old, new.settled):
            kept[metric] = replace(new, settled=old)
    return ledger.with_metrics(kept)


def _is_same_outcome(old: Settled, new: Settled) -> bool:
    return replace(old, at=new.at, policy=new.policy) == new


def signed(plan: Plan, identity: str, belief: Belief) -> Plan:
    """Return the plan with the request's id in the ledger that it writes, and with what was not believed.

    The ledger of a newer version of the bot is never written over.
    """
    if Doubt.NEWER in belief.doubts:
        return plan.without_ledger()
    if plan.ledger is None:
        return plan
    known = (*plan.ledger.doubted, *map(str, belief.doubts))
    kinds = tuple(dict.fromkeys(kind for kind in known if kind in set(Doubt)))
    return replace(
        plan, ledger=replace(plan.ledger, request=identity, doubted=kinds)
    )


def claims(shown: Shown) -> dict[str, str]:
    """Return the comment by marker that the ledger claims, where only the comments' properties can tell.

    The comment is empty where it does not stand, but one of ours that the ledger does not know may carry the marker.
    What a ledger of a newer version claims is not known: that is a claim which nothing but a look can settle.
    """
    if shown.is_ledger_newer:
        return UNKNOWN
    if shown.ledger is None or shown.evidence is None:
        return {}
    return {
        marker: one if one in shown.comments else ""
        for marker, one in may_stand(shown.ledger, shown).items()
    }
